#!/usr/bin/env bash
# How much memory a model takes: the peak of loading it and computing next-token logits.
#
#   Benchmarks/memory.sh [DTYPE]       float32 (default), bfloat16 or float16
#
# A random model of GPT-2 small's shape, a batch of 8 sequences of 128 tokens, 2 threads. The last line is
# "ratio N.NN": the peak without the program itself and the buffers that a pass is said to take, to the
# size of the weights' file. CONJECTURE_BENCH_PYTHON names a Python that has torch and transformers;
# without it they are installed from PyPI into a folder that is removed at the end.
set -euo pipefail
cd "$(dirname "$0")/.."
dtype=${1:-float32}

. Benchmarks/models_setup.sh
"$python" Benchmarks/models_torch.py make gpt2 "$work/model" "$work/tokens.txt" "$dtype" 2>/dev/null
"$ours" memory "$work/model" "$work/tokens.txt" 2 | tee "$work/memory.txt" | head -n 1
tail -n 1 "$work/memory.txt" | awk '{ printf "ratio %.2f\n", $1 }'
