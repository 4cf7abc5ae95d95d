#!/usr/bin/env bash
# How fast text is tokenized, next to the Python package `tokenizers`.
#
#   Benchmarks/tokenize.sh [FILE …]          default: the sources and documents of this repository
#
# A tokenizer of 20,000 tokens of each family is trained on the files; then both sides encode every
# file, one at a time on one thread, with offsets, in turn for ROUNDS rounds (default 3) of
# SECONDS_EACH seconds (default 4). Token counts must agree. The last column is ours to theirs.
# CONJECTURE_BENCH_PYTHON names a Python that has tokenizers; without it the package is installed
# from PyPI into a folder that is removed at the end.
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${ROUNDS:-3} seconds=${SECONDS_EACH:-4}
files=("$@")
if [[ ${#files[@]} == 0 ]]; then
    mapfile -t files < <(git ls-files '*.swift' '*.md' '*.py' '*.sh')
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python=${CONJECTURE_BENCH_PYTHON:-}
if [[ -z $python ]]; then
    echo "installing tokenizers into a temporary folder" >&2
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" install --quiet tokenizers==0.23.3
    python=$work/venv/bin/python
fi
ours=${CONJECTURE_BENCH_BINARY:-}
if [[ -z $ours ]]; then
    swift build -c release --product tokenizers-benchmark >&2
    ours=$(swift build -c release --show-bin-path)/tokenizers-benchmark
fi

for file in "${files[@]}"; do
    cat "$file"
    printf '\0'
done >"$work/texts"
mkdir "$work/tokenizers"
"$python" Benchmarks/tokenize_reference.py train "$work/tokenizers" "$work/texts"
printf '%-8s %6s %12s %12s %8s\n' family round 'ours MB/s' 'theirs MB/s' ratio
for tokenizer in "$work"/tokenizers/*.json; do
    for ((round = 1; round <= rounds; round++)); do
        read -r a count < <("$ours" "$tokenizer" "$work/texts" "$seconds")
        read -r b other < <("$python" Benchmarks/tokenize_reference.py time "$tokenizer" "$work/texts" "$seconds")
        [[ $count == "$other" ]] || { echo "counts differ: $count, $other" >&2; exit 1; }
        awk -v f="$(basename "$tokenizer" .json)" -v r=$round -v a="$a" -v b="$b" \
            'BEGIN { printf "%-8s %6d %12.2f %12.2f %8.2f\n", f, r, a, b, a / b }'
    done
done
