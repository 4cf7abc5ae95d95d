#!/usr/bin/env bash
# What an exemplar pass costs beside the measurements it is made of.
#
#   Benchmarks/exemplars.sh [TOKENS]          default: 1000000
#
# A random decoder of GPT-NeoX's shape, 256 wide with 12 layers, 8 heads and an MLP of 1,024; a random
# TopK autoencoder of 8,192 latents with k = 32 on the stream after the last block but one; contexts of
# 128 tokens, batches of 8,192 tokens, float32, 2 threads. Three times are taken in one process, turn by
# turn for every batch:
#
# - the exemplar pass: reading and hashing the corpus, tokenizing, forward to the hook, encoding, keeping
#   contexts and counts, checkpoints, writing the store;
# - forward and encoding: tokens to the activations at the hook to the latents of every token;
# - forward to the hook: tokens to the activations at the hook (11 of 12 blocks, no logits).
#
# LAYERS and BLOCK choose another depth. The last line is "ratio N.NN": the pass over forward to the hook.
set -euo pipefail
cd "$(dirname "$0")/.."
layers=${LAYERS:-12}
swift build -c release --product exemplars-benchmark >&2
"$(swift build -c release --show-bin-path)/exemplars-benchmark" "${1:-1000000}" "$layers" \
    "${BLOCK:-$((layers - 2))}" "${THREADS:-2}"
