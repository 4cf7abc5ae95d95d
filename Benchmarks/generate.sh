#!/usr/bin/env bash
# Greedy tokens a second, next to transformers on PyTorch with a key-value cache.
#
#   Benchmarks/generate.sh CHECKPOINT       a llama2.c legacy checkpoint, for instance stories260K
#
# 256 tokens after the start token, one thread each (PyTorch is slower with two on a model this small);
# both must give the same tokens. The sides take turns for ROUNDS rounds (default 3) of SECONDS_EACH
# seconds (default 5). The last line is "ratio N.NN": ours to PyTorch, the median.
# CONJECTURE_BENCH_PYTHON: as for forward.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
checkpoint=${1:?usage: Benchmarks/generate.sh CHECKPOINT}
rounds=${ROUNDS:-3} seconds=${SECONDS_EACH:-5} count=256

. Benchmarks/models_setup.sh
"$ours" text "$checkpoint" $count >"$work/ours.txt"
"$python" Benchmarks/models_torch.py text "$checkpoint" $count 2>/dev/null >"$work/torch.txt"
cmp "$work/ours.txt" "$work/torch.txt" || { echo "the sides give different tokens" >&2; exit 1; }

for ((round = 1; round <= rounds; round++)); do
    a=$("$ours" generate "$checkpoint" $count "$seconds")
    b=$("$python" Benchmarks/models_torch.py generate "$checkpoint" $count "$seconds" 1 2>/dev/null)
    echo "$a $b" >>"$work/results.txt"
    printf 'round %d: ours %.0f tokens/s, torch %.0f tokens/s\n' $round "$a" "$b"
done
awk '{ print $1 / $2 }' "$work/results.txt" | median ratio
