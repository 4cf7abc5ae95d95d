# Sourced with the names of packages by the scripts that compare with Python: makes $work, a folder that is
# removed at the end, and sets $python, one that has the packages (CONJECTURE_BENCH_PYTHON names it; else
# they are installed from PyPI into that folder).
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python=${CONJECTURE_BENCH_PYTHON:-}
if [[ -z $python ]]; then
    echo "installing $* into a temporary folder" >&2
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" install --quiet "$@"
    python=$work/venv/bin/python
fi
