#!/usr/bin/env bash
# Whether a reply schema is enforced by llama.cpp's server, as it is asked here.
#
#   Benchmarks/schema_enforcement.sh
#
# Builds llama-server from the sources that the package llama-cpp-python on PyPI carries (minutes, on 2
# cores more than ten), writes a model of random weights (make_tiny_gguf.py), serves it on the loopback
# and runs schema-benchmark, which prints a line for each finding. Exits with 1 when a claim fails.
# CONJECTURE_LLAMA_SERVER names a llama-server to use instead of building one. What is built is kept in
# .build-llama/ for the next time. Needs python3 with venv, and a C++ compiler.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$PWD/.build-llama jobs=${JOBS:-2}
release=llama-cpp-python==0.3.36

work=$(mktemp -d)
server_pid=
stop() {
    [[ -z $server_pid ]] || kill "$server_pid" 2>/dev/null || true
    rm -rf "$work"
}
trap stop EXIT

mkdir -p "$folder"
[[ -x $folder/venv/bin/python ]] || python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check cmake ninja gguf numpy

server=${CONJECTURE_LLAMA_SERVER:-$folder/build/bin/llama-server}
if [[ ! -x $server ]]; then
    echo "building llama-server from $release" >&2
    "$folder/venv/bin/pip" download --quiet --disable-pip-version-check --no-deps \
        --no-binary llama-cpp-python --dest "$work" "$release"
    mkdir -p "$folder/source"
    tar -xzf "$work"/llama_cpp_python-*.tar.gz -C "$folder/source" --strip-components=1
    "$folder/venv/bin/cmake" -S "$folder/source/vendor/llama.cpp" -B "$folder/build" -G Ninja \
        -DCMAKE_MAKE_PROGRAM="$folder/venv/bin/ninja" -DCMAKE_BUILD_TYPE=Release \
        -DBUILD_SHARED_LIBS=OFF -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF \
        -DLLAMA_BUILD_APP=OFF -DLLAMA_BUILD_UI=OFF -DLLAMA_USE_PREBUILT_UI=OFF \
        -DLLAMA_OPENSSL=OFF >"$work/cmake.log"
    nice -n 10 "$folder/venv/bin/ninja" -C "$folder/build" -j "$jobs" llama-server \
        >"$work/ninja.log" || { tail -n 20 "$work/ninja.log" >&2; exit 2; }
fi
swift build -c release --product schema-benchmark >&2
check=$(swift build -c release --show-bin-path)/schema-benchmark

"$folder/venv/bin/python" Benchmarks/make_tiny_gguf.py "$work/tiny.gguf"
port=$("$folder/venv/bin/python" -c \
    'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$server" --model "$work/tiny.gguf" --alias tiny --host 127.0.0.1 --port "$port" --ctx-size 8192 \
    --parallel 1 --threads 2 >"$work/server.log" 2>&1 &
server_pid=$!
for ((tries = 0; ; tries++)); do
    if curl -sf "http://127.0.0.1:$port/health" >"$work/health"; then break; fi
    if ((tries == 600)) || ! kill -0 "$server_pid" 2>/dev/null; then
        tail -n 20 "$work/server.log" >&2
        exit 2
    fi
    sleep 0.1
done
"$server" --version 2>&1 | sed -n 's/^version: /llama-server /p'
"$check" "http://127.0.0.1:$port/v1#tiny"
