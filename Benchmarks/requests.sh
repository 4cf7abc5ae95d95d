#!/usr/bin/env bash
# 1,000 chat requests, 256 at once, to a local server that answers each after 200 ms: Conjecture's client
# with all of its layers against the official openai Python client (asynchronous), in the same run.
# Prints wall time over the ideal, CPU per request and resident memory of each, then
#   ratio N.NN    CPU per request of the Python client over ours
# The Python client is installed into a folder of its own (.build-python-openai) when it is not there.
set -euo pipefail
cd "$(dirname "$0")/.."

requests=${REQUESTS:-1000}
width=${WIDTH:-256}
python=${PYTHON:-}
if [[ -z $python ]]; then
    python=.build-python-openai/bin/python3
    if [[ ! -x $python ]]; then
        python3 -m venv .build-python-openai
        .build-python-openai/bin/pip install -q 'openai==3.57.0'
    fi
fi

swift build -c release --product requests-benchmark
ours="$(swift build -c release --show-bin-path)/requests-benchmark"

port_file=$(mktemp)
python3 Benchmarks/requests_server.py "$port_file" &
server=$!
trap 'kill $server 2>/dev/null; rm -f "$port_file"' EXIT
while [[ ! -s $port_file ]]; do sleep 0.05; done
url="http://127.0.0.1:$(cat "$port_file")/v1"

measured=$("$ours" "$url" "$requests" "$width" | tee /dev/stderr | awk '/^client:/ { print $2 }')
peer=$("$python" Benchmarks/requests_openai.py "$url" "$requests" "$width" | tee /dev/stderr |
    awk '/^openai:/ { print $2 }')
awk -v ours="$measured" -v peer="$peer" 'BEGIN { printf "ratio %.2f\n", peer / ours }'
