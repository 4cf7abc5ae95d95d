#!/usr/bin/env bash
# How fast a TopK autoencoder encodes, next to PyTorch.
#
#   Benchmarks/encode.sh [ROWS]        default: 1024
#
# Random weights, 768 -> 24,576 latents, k = 32, float32, 2 threads each; the sides take turns for
# ROUNDS rounds (default 3) of SECONDS_EACH seconds (default 8). The last line is "ratio N.NN": ours to
# PyTorch, the median. CONJECTURE_BENCH_PYTHON names a Python that has torch and transformers; without
# it they are installed from PyPI into a folder that is removed at the end.
set -euo pipefail
cd "$(dirname "$0")/.."
rows=${1:-1024} rounds=${ROUNDS:-3} seconds=${SECONDS_EACH:-8} threads=2

. Benchmarks/models_setup.sh
"$python" Benchmarks/models_torch.py dictionary "$work/sae" 768 24576 32

for ((round = 1; round <= rounds; round++)); do
    a=$("$ours" encode "$work/sae" "$rows" "$seconds" $threads)
    b=$("$python" Benchmarks/models_torch.py encode "$work/sae" "$rows" "$seconds" $threads)
    echo "$a $b" >>"$work/results.txt"
    printf 'round %d: ours %.0f rows/s, torch %.0f rows/s\n' $round "$a" "$b"
done
awk '{ print $1 / $2 }' "$work/results.txt" | median ratio
