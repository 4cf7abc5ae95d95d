"""The Python side of Benchmarks/tools.sh: the same features in plain Python, on two processes.

    tools_reference.py LEXICONS.json COUNT FILE...     seconds, then each column's sum
"""
import json
import multiprocessing
import re
import sys
import time

WORD = re.compile(r"[^\W_]+(?:'(?=[^\W\d_])[^\W_]+)*")
URL = re.compile(r"(?i)\b(?:https?://|www\.)\S+")
PRICE = re.compile(r"\$ ?\d[\d,]*(?:\.\d+)?")
PERCENT = re.compile(r"\d+(?:\.\d+)? ?%")
FOLD = str.maketrans("\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u00a0", "''\"\"--. ")
LEXICONS = {}
NAMES = ("first_person", "first_person_plural", "second_person", "third_person", "family", "measures")


def features(text):
    text = text.translate(FOLD)
    cased = WORD.findall(text)
    words = [w.lower() for w in cased]
    plain = [w.replace("'", "") for w in cased]
    lengths = [len(w) for w in plain]
    n = len(words)
    if n == 0:
        return [0.0] * 30
    counts = {}
    for w in words:
        counts[w] = counts.get(w, 0) + 1
    letters = sum(map(str.isalpha, text))
    row = [
        n,
        len(text),
        letters / len(text),
        sum(map(str.isupper, text)) / letters if letters else 0.0,
        sum(map(str.isdigit, text)),
        text.count("!"),
        text.count("?"),
        text.count(",") / n,
        len(counts),
        len(counts) / n,
        sum(c == 1 for c in counts.values()) / n,
        sum(k >= 7 for k in lengths) / n,
        sum(k <= 3 for k in lengths) / n,
        sum(any(map(str.isdigit, w)) for w in words) / n,
        sum(len(w) > 1 and w.isalpha() and w.isupper() for w in plain),
        sum(lengths) / n,
        max(lengths),
        sum(bool(line.strip()) for line in text.split("\n")),
    ]
    for name in NAMES:
        lexicon = LEXICONS[name]
        row.append(sum(w in lexicon for w in words) / n)
    row += [
        text.count("..."),
        text.count("!!"),
        len(URL.findall(text)),
        len(PRICE.findall(text)),
        len(PERCENT.findall(text)),
        sum(w in LEXICONS["second_person"] for w in words[:30]),
    ]
    return row


def main():
    for name, entries in json.load(open(sys.argv[1])).items():
        LEXICONS[name] = frozenset(entries)
    read = [json.loads(line)["text"] for path in sys.argv[3:] for line in open(path, encoding="utf-8")]
    texts = [read[i % len(read)] for i in range(int(sys.argv[2]))]
    with multiprocessing.Pool(2) as pool:
        pool.map(features, texts[:100])
        best, rows = float("inf"), []
        for _ in range(3):
            start = time.perf_counter()
            rows = pool.map(features, texts, chunksize=256)
            best = min(best, time.perf_counter() - start)
    print(best)
    for column in zip(*rows):
        print(sum(column))


main()
