#!/usr/bin/env bash
# The review pages with a long queue and many raters: how long the first page, an item and a decision
# take over HTTP, alone and while 50 raters decide at once, each with live updates open. At the end the
# audit must hold every decision that was confirmed, and its chain must be intact.
#
#   Benchmarks/review.sh            ITEMS (10000), RATERS (50) and DECISIONS (2000) may be set
set -euo pipefail
cd "$(dirname "$0")/.."
ours=${CONJECTURE_BENCH_BINARY:-}
if [[ -z $ours ]]; then
    swift build -c release --product review-benchmark >&2
    ours=$(swift build -c release --show-bin-path)/review-benchmark
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$ours" "$folder" "${ITEMS:-10000}" "${RATERS:-50}" "${DECISIONS:-2000}"
