# Sourced by the scripts that compare models-benchmark with PyTorch: makes $work, a folder that is removed
# at the end, and sets $python, one that has torch and transformers (CONJECTURE_BENCH_PYTHON names it; else
# they are installed from PyPI into that folder), and $ours, the program.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python=${CONJECTURE_BENCH_PYTHON:-}
if [[ -z $python ]]; then
    echo "installing torch and transformers into a temporary folder" >&2
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" install --quiet torch numpy transformers
    python=$work/venv/bin/python
fi
swift build -c release --product models-benchmark >&2
ours=$(swift build -c release --show-bin-path)/models-benchmark

# Prints the median of the numbers on standard input behind a name.
median() {
    sort -g | awk -v name="$1" '{ v[NR] = $1 }
        END { printf "%s %.2f\n", name, (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'
}
