#!/usr/bin/env bash
# Gives damaged files to every reader of downloaded files: tensors, pickles, arrays, configurations,
# tokenizers, checkpoints. Each must be read or refused with a typed error.
#
#   Benchmarks/fuzz.sh [READER …]            default: all of them
#
# INPUTS files (default 10000) go to each reader, from number FIRST (default 0) on, damaged by SEED
# (default 1): bytes changed, cut, moved and spliced from other files, lengths and counts replaced by
# numbers at the edges of their width, values of another kind, deep nesting, members twice. Damage is
# done to the whole file or within a layer (the header, an entry of a zip file), so that it gets past
# the outer checks. Each input depends on SEED and its number alone.
#
# Printed per reader: inputs, how many were read and refused, the slowest in computed seconds and its number,
# the most memory that one took beyond what was held, in MiB, and the size of that file in bytes. A
# crash, 20 s of computing without an end, address space more than 1 GiB above the start, or memory beyond
# 8 MiB and 64 times the file ends with an error and the number of the input.
set -euo pipefail
cd "$(dirname "$0")/.."
inputs=${INPUTS:-10000} first=${FIRST:-0} seed=${SEED:-1}
# Freed memory goes back to the system, so that what one input takes does not hide the next one's.
export MALLOC_MMAP_THRESHOLD_=131072 MALLOC_TRIM_THRESHOLD_=131072
ours=${CONJECTURE_FUZZ_BINARY:-}
if [[ -z $ours ]]; then
    swift build -c release --product readers-fuzz >&2
    ours=$(swift build -c release --show-bin-path)/readers-fuzz
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [[ $# -eq 0 ]]; then
    mapfile -t readers < <("$ours" Tests "$work" list)
else
    readers=("$@")
fi
failed=0
printf '%-18s %8s %9s %9s %10s %10s %9s %10s\n' \
    reader inputs read refused 'slowest s' number 'peak MiB' 'of bytes'
for reader in "${readers[@]}"; do
    if ! "$ours" Tests "$work" "$reader" "$seed" "$first" "$inputs"; then
        echo "$reader failed at input $(cat "$work/last"); FIRST=$(cat "$work/last") INPUTS=1 repeats it"
        failed=1
    fi
done
exit $failed
