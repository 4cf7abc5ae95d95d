# Sourced by the scripts that compare models-benchmark with PyTorch: what python_setup.sh sets, and $ours, the
# program.
. Benchmarks/python_setup.sh torch numpy transformers
swift build -c release --product models-benchmark >&2
ours=$(swift build -c release --show-bin-path)/models-benchmark

# Prints the median of the numbers on standard input behind a name.
median() {
    sort -g | awk -v name="$1" '{ v[NR] = $1 }
        END { printf "%s %.2f\n", name, (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'
}
