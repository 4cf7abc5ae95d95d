#!/usr/bin/env bash
# How fast a TopK autoencoder is trained, next to PyTorch.
#
#   Benchmarks/train.sh [TOKENS]          default: 1000000
#
# 64 -> 512 latents, k = 8, batches of 1,024 activations, float32, 2 threads each. Ours is `conjecture
# train-sae` on Examples/stories: the time for 100,000 tokens, which reads model, corpus and activations
# and measures the result as well, is taken from the time for TOKENS more. PyTorch has activations of the
# same shape in memory, and the same mathematics in eager mode: Benchmarks/train_torch.py. The sides take
# turns for ROUNDS rounds (default 3). The last line is "ratio N.NN": ours to PyTorch, the median.
# CONJECTURE names the program (default: a release build); CONJECTURE_BENCH_PYTHON names a Python that has
# torch; without it torch is installed from PyPI into a folder that is removed at the end.
set -euo pipefail
cd "$(dirname "$0")/.."
tokens=${1:-1000000} rounds=${ROUNDS:-3} threads=2

. Benchmarks/python_setup.sh torch numpy
ours=${CONJECTURE:-}
if [[ -z $ours ]]; then
    swift build -c release --product conjecture >&2
    ours=$(swift build -c release --show-bin-path)/conjecture
fi

# Seconds for so many tokens.
seconds() {
    rm -rf "$work/sae"
    "$ours" train-sae Examples/stories --corpus Examples/stories/tinystories-sample.txt \
        --hook blocks.2.hook_resid_post --latents 512 --k 8 --tokens "$1" --threads $threads \
        --out "$work/sae" --json 2>/dev/null | sed 's/.*"seconds":\([0-9.]*\).*/\1/'
}

for ((round = 1; round <= rounds; round++)); do
    short=$(seconds 100000)
    long=$(seconds $((100000 + tokens)))
    a=$(awk -v n="$tokens" -v s="$short" -v l="$long" 'BEGIN { print n / (l - s) }')
    b=$("$python" Benchmarks/train_torch.py 64 512 8 1024 "$tokens" $threads)
    echo "$a $b" >>"$work/results.txt"
    printf 'round %d: ours %.0f tokens/s, torch %.0f tokens/s\n' $round "$a" "$b"
done
awk '{ print $1 / $2 }' "$work/results.txt" | sort -g | awk '{ v[NR] = $1 }
    END { printf "ratio %.2f\n", (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'
