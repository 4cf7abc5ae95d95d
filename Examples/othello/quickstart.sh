#!/usr/bin/env bash
# Installs what a fresh Debian machine lacks, builds Conjecture and explains 16 random features of the
# example. Needs Swift 6.3. Arguments go to `conjecture explain`. CONJECTURE_BUILD=debug takes a debug build.
set -euo pipefail
cd "$(dirname "$0")/../.."
bash .ci/install
build=${CONJECTURE_BUILD:-release}
swift build -c "$build" --product conjecture
if [[ $# -eq 0 ]]; then set -- --random 16; fi
exec "$(swift build -c "$build" --show-bin-path)/conjecture" explain Examples/othello "$@"
