#!/usr/bin/env bash
# How fast sparse autoencoders are trained, next to dictionary_learning on the CPU.
#
#   Benchmarks/training.sh [topk|standard] [STEPS]          default: both, 5 steps a turn
#
# 512 -> 4,096 latents, batches of 4,096 activations, float32, 2 threads each; TopK with k = 64, and standard
# (ReLU and L1) from a start at which few latents are active. Both sides read the same activations, sums of
# planted directions (Benchmarks/training), and take turns for ROUNDS rounds (default 3); theirs are the
# trainers of dictionary_learning 0.1.0 (Benchmarks/training_reference.py). Each line gives the seconds of a
# step, by the clock and of the processors (which do not grow on a busy machine), what is left unexplained and
# how many latents are active. At the end, for each architecture, theirs to ours, the median over the rounds;
# the last line, "ratio N.NN", is TopK's by the clock unless only standard was asked for.
# CONJECTURE_BENCH names our program (default: a release build of training-benchmark);
# CONJECTURE_BENCH_PYTHON names a Python that has dictionary_learning; without it that is installed from
# PyPI into a folder that is removed at the end.
set -euo pipefail
cd "$(dirname "$0")/.."
architectures="standard topk" steps=5 rounds=${ROUNDS:-3}
case ${1:-} in
topk | standard) architectures=$1 && shift ;;
esac
steps=${1:-$steps}

. Benchmarks/python_setup.sh dictionary-learning==0.1.0 torch numpy
ours=${CONJECTURE_BENCH:-}
if [[ -z $ours ]]; then
    swift build -c release --product training-benchmark >&2
    ours=$(swift build -c release --show-bin-path)/training-benchmark
fi

"$ours" write "$work/rows.bin" 16384 512
line='%-10s %-6s %-20s %9.5s %11.5s %12.6s %8.5s\n'
printf "${line//.[56]s/s}" which round side seconds processors unexplained active
for which in $architectures; do
    arguments=("$which" "$work/rows.bin" 512 4096 64 4096 "$steps" 2)
    for ((round = 1; round <= rounds; round++)); do
        read -ra a <<<"$("$ours" run "${arguments[@]}")"
        read -ra b <<<"$("$python" Benchmarks/training_reference.py "${arguments[@]}")"
        printf "$line" $which $round ours "${a[@]}"
        printf "$line" $which $round dictionary_learning "${b[@]}"
        echo "${a[0]} ${b[0]} ${a[1]} ${b[1]}" >>"$work/$which.txt"
    done
done

# The median of one column's ratio to the column before it.
ratio() {
    awk -v c="$2" '{ print $(c + 1) / $c }' "$work/$1.txt" | sort -g | awk '{ v[NR] = $1 }
        END { printf "%.2f", (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'
}
for which in $architectures; do
    echo "$which: $(ratio "$which" 1) by the clock, $(ratio "$which" 3) in processor time"
done
echo "ratio $(ratio "${architectures##* }" 1)"
