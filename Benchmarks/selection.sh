#!/usr/bin/env bash
# How long it takes to select among 60 features of 2,000 rows with 50 complementary pairs of halves and
# 200 shuffled targets, next to the same work with numpy and scikit-learn.
#
#   Benchmarks/selection.sh [ROWS [FEATURES [PAIRS [SHUFFLES]]]]
#
# The sides take turns for ROUNDS rounds (default 3) on the same rows, and must choose the same
# features. The last line is "ratio N.NN": their seconds to ours, the median over the rounds.
# CONJECTURE_BENCH_PYTHON names a Python that has scipy and scikit-learn; without it both are
# installed from PyPI into a folder that is removed at the end.
set -euo pipefail
cd "$(dirname "$0")/.."
rows=${1:-2000} features=${2:-60} pairs=${3:-50} shuffles=${4:-200} rounds=${ROUNDS:-3}

. Benchmarks/python_setup.sh numpy scipy scikit-learn
swift build -c release --product selection-benchmark >&2
ours=$(swift build -c release --show-bin-path)/selection-benchmark

"$ours" write "$work/rows.csv" "$rows" "$features"
printf '%-6s %14s %14s\n' round 'ours s' 'sklearn s'
for ((round = 1; round <= rounds; round++)); do
    "$ours" run "$work/rows.csv" "$pairs" "$shuffles" >"$work/ours.txt"
    "$python" Benchmarks/selection_sklearn.py "$work/rows.csv" "$pairs" "$shuffles" >"$work/theirs.txt"
    diff <(grep chosen "$work/ours.txt") <(grep chosen "$work/theirs.txt")
    a=$(head -n 1 "$work/ours.txt") b=$(head -n 1 "$work/theirs.txt")
    echo "$a $b" >>"$work/results.txt"
    printf '%-6d %14s %14s\n' "$round" "$a" "$b"
done
echo "ours:"
tail -n +2 "$work/ours.txt"
echo "scikit-learn:"
tail -n +2 "$work/theirs.txt"
awk '{ print $2 / $1 }' "$work/results.txt" | sort -g |
    awk '{ v[NR] = $1 } END { printf "ratio %.2f\n", (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'
