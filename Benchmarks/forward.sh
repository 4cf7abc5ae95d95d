#!/usr/bin/env bash
# How fast activations are read from the middle of a model, next to transformers on PyTorch.
#
#   Benchmarks/forward.sh [gpt2|neox]       default: gpt2
#
# A random model of GPT-2 small's shape (or Pythia 160m's), a batch of 8 sequences of 128 tokens, the
# stream after block 5 of 12, float32, 2 threads each; the sides take turns for ROUNDS rounds (default
# 3) of SECONDS_EACH seconds (default 8). Beside them, the rate that OpenBLAS's sgemm reaches on the same
# products alone. The last line is "ratio N.NN": ours to PyTorch, the median.
# CONJECTURE_BENCH_PYTHON names a Python that has torch and transformers; without it they are installed
# from PyPI into a folder that is removed at the end.
set -euo pipefail
cd "$(dirname "$0")/.."
kind=${1:-gpt2} rounds=${ROUNDS:-3} seconds=${SECONDS_EACH:-8} threads=2

. Benchmarks/models_setup.sh
"$python" Benchmarks/models_torch.py make "$kind" "$work/model" "$work/tokens.txt" 2>/dev/null

for ((round = 1; round <= rounds; round++)); do
    a=$("$ours" forward "$work/model" "$work/tokens.txt" blocks.5.hook_resid_post "$seconds" $threads)
    b=$("$python" Benchmarks/models_torch.py forward "$work/model" "$work/tokens.txt" 6 "$seconds" \
        $threads 2>/dev/null)
    c=$("$ours" sgemm "$work/model" "$work/tokens.txt" 6 "$seconds" $threads)
    echo "$a $b $c" >>"$work/results.txt"
    printf 'round %d: ours %.0f tokens/s, torch %.0f tokens/s, sgemm alone %.0f tokens/s\n' \
        $round "$a" "$b" "$c"
done
awk '{ print $1 / $3 }' "$work/results.txt" | median "share of sgemm"
awk '{ print $1 / $2 }' "$work/results.txt" | median ratio
