"""Writes what llama2.c's run.c makes of the lines with llama2c.bin, stories260K's tokenizer.

    python make_llama2c.py PATH/run.c [--many DIR]
"""

import argparse
import json
import pathlib
import subprocess
import tempfile

from lines import LINES, many_lines

HERE = pathlib.Path(__file__).parent
MAIN = """
#define TESTING
#include "run.c"
int main(int argc, char **argv) {
    Tokenizer t;
    build_tokenizer(&t, argv[1], atoi(argv[2]));
    static char text[1 << 20];
    static int ids[1 << 20];
    unsigned size;
    while (fread(&size, 4, 1, stdin) == 1) {
        if (size && fread(text, size, 1, stdin) != 1) return 1;
        text[size] = 0;
        int count = 0;
        encode(&t, text, 1, 1, ids, &count);
        for (int i = 0; i < count; i++) printf(i ? " %d" : "%d", ids[i]);
        printf("\\n");
    }
}
"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("source", type=pathlib.Path)
    parser.add_argument("--many", type=pathlib.Path)
    arguments = parser.parse_args()
    # A C text ends at the first zero byte.
    lines = [x.replace("\0", "") for x in (many_lines(10_000) if arguments.many else LINES)]
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "main.c"
        source.write_text(MAIN)
        subprocess.run(
            ["cc", "-O2", "-w", f"-I{arguments.source.parent.resolve()}", "-o", f"{folder}/main",
             str(source), "-lm"], check=True)
        texts = [x.encode() for x in lines]
        stdin = b"".join(len(x).to_bytes(4, "little") + x for x in texts)
        out = subprocess.run([f"{folder}/main", str(HERE / "llama2c.bin"), "512"], input=stdin,
                             stdout=subprocess.PIPE, check=True).stdout.decode()
    rows = [[int(x) for x in row.split()] for row in out.splitlines()]
    assert len(rows) == len(lines)
    path = (arguments.many or HERE) / "llama2c.lines.json"
    path.write_text(json.dumps(rows, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
