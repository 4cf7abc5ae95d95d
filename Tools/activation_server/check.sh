#!/usr/bin/env bash
# Measures the same texts in this process and through the activation server, on small models of random
# weights, and compares them. Uses the Python that CONJECTURE_TORCH_PYTHON names, else installs the
# pinned requirements into a folder that is gone afterwards (some gigabytes).
set -euo pipefail
cd "$(dirname "$0")/../.."
if [[ -z "${CONJECTURE_TORCH_PYTHON:-}" ]]; then
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    python3 -m venv "$folder/venv"
    "$folder/venv/bin/pip" install --quiet -r Tools/activation_server/requirements.txt
    export CONJECTURE_TORCH_PYTHON="$folder/venv/bin/python"
fi
swift test --filter ActivationServerTests
