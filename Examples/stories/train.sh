#!/usr/bin/env bash
# Trains the example's sparse autoencoder again: the same bytes as the folder `sae`.
#
#   Examples/stories/train.sh FOLDER [ARGUMENTS FOR conjecture train-sae]
#
# CONJECTURE names the program; without it a release build is made. Takes about a minute and a half on
# two cores.
set -euo pipefail
out=$(realpath -m "${1:?name a new folder}")
shift
cd "$(dirname "$0")/../.."
if [[ -z ${CONJECTURE:-} ]]; then
    swift build -c release --product conjecture >&2
    CONJECTURE=$(swift build -c release --show-bin-path)/conjecture
fi
exec "$CONJECTURE" train-sae Examples/stories --corpus Examples/stories/tinystories-sample.txt \
    --hook blocks.2.hook_resid_post --latents 512 --k 8 --tokens 4000000 --seed 1 --out "$out" "$@"
