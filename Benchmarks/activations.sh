#!/usr/bin/env bash
# How fast activations are read, next to eager PyTorch and to OpenBLAS alone.
#
#   Benchmarks/activations.sh [MODEL FOLDER]          default: Examples/othello
#
# Batches of 64 sequences of full length, 2 threads each, float32, up to blocks.3.hook_resid_post;
# the sides take turns for ROUNDS rounds (default 5) of SECONDS_EACH seconds (default 4). The last line is
# "ratio N.NN": ours to PyTorch, the median over the rounds.
# CONJECTURE_BENCH_PYTHON names a Python that has torch and safetensors; without it both are
# installed from PyPI into a folder that is removed at the end.
set -euo pipefail
cd "$(dirname "$0")/.."
model=${1:-Examples/othello}
rounds=${ROUNDS:-5} seconds=${SECONDS_EACH:-4} threads=2 batch=64

. Benchmarks/python_setup.sh torch numpy safetensors
swift build -c release --product activations-benchmark >&2
ours=$(swift build -c release --show-bin-path)/activations-benchmark

"$ours" games "$model" $batch >"$work/games.txt"
flop=$("$ours" flop "$model")
printf '%-6s %14s %14s %14s %14s\n' round 'ours act/s' 'torch act/s' 'ours GF/s' 'sgemm GF/s'
for ((round = 1; round <= rounds; round++)); do
    a=$("$ours" ours "$model" "$work/games.txt" "$seconds" $threads)
    b=$("$python" Benchmarks/activations_torch.py "$model" "$work/games.txt" "$seconds" $threads)
    g=$("$ours" sgemm "$model" "$work/games.txt" "$seconds" $threads)
    echo "$a $b $g" >>"$work/results.txt"
    awk -v r=$round -v a="$a" -v b="$b" -v g="$g" -v f="$flop" \
        'BEGIN { printf "%-6d %14.0f %14.0f %14.1f %14.1f\n", r, a, b, a * f / 1e9, g }'
done
median() { sort -g | awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'; }
share=$(awk -v f="$flop" '{ print $1 * f / 1e9 / $3 }' "$work/results.txt" | median)
ratio=$(awk '{ print $1 / $2 }' "$work/results.txt" | median)
printf 'sgemm share %.2f (our whole forward pass to OpenBLAS on its products alone)\n' "$share"
printf 'ratio %.2f\n' "$ratio"
