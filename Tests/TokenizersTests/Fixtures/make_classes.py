"""Asks the reference of every Unicode scalar what class it is in and what its normal forms are.

    venv/bin/python make_classes.py     # with the environment of make_tokenizers.py

classes.json holds, of each class, the ranges [first, last, first, last …], and of each mapping the
CRC-32 of all results, each followed by a line feed, in UTF-8.
"""

import json
import pathlib
import zlib

from tokenizers import Regex, normalizers, pre_tokenizers

SCALARS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
CHUNK = 512


def dropped(pieces):
    """The scalars that `pieces` of a text no longer has."""
    result = []
    for start in range(0, len(SCALARS), CHUNK):
        chunk = SCALARS[start:start + CHUNK]
        left = set(pieces("".join(map(chr, chunk))))
        result += [c for c in chunk if chr(c) not in left]
    return result


def split_by(splitter):
    return dropped(lambda text: "".join(t for t, _ in splitter.pre_tokenize_str(text)))


def expression(pattern):
    return split_by(pre_tokenizers.Split(Regex(pattern), "removed"))


def ranges(scalars):
    result = []
    for c in scalars:
        if result and result[-1] == c - 1:
            result[-1] = c
        else:
            result += [c, c]
    return result


def mapped(normalizer):
    crc = 0
    for c in SCALARS:
        crc = zlib.crc32((normalizer.normalize_str(chr(c)) + "\n").encode(), crc)
    return crc


def bert(**flags):
    standard = dict(
        clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=False)
    return normalizers.BertNormalizer(**(standard | flags))


def main():
    whitespace = pre_tokenizers.Whitespace()
    digits = pre_tokenizers.Digits(individual_digits=True)
    spaces = set(split_by(whitespace))
    clean = bert(clean_text=True)
    accents = bert(strip_accents=True)
    classes = {
        "letter": expression(r"\p{L}"), "number": expression(r"\p{N}"), "space": expression(r"\s"),
        "word": expression(r"\w"), "lower": expression(r"\p{Ll}"), "digit": expression(r"\d"),
        "other": expression(r"\p{Lo}"), "symbol": expression(r"\p{S}"),
        "anyMark": expression(r"\p{M}"), "anyPunctuation": expression(r"\p{P}"),
        "plainWord": [c for c in SCALARS if c not in spaces
                      and len(whitespace.pre_tokenize_str("a" + chr(c))) == 1],
        "numeric": [c for c in SCALARS if len(digits.pre_tokenize_str(f"a{chr(c)}b")) == 3],
        "punctuation": split_by(pre_tokenizers.Punctuation("removed")),
        "control": [c for c in SCALARS if clean.normalize_str(f"a{chr(c)}b") == "ab"],
        "mark": dropped(normalizers.StripAccents().normalize_str),
        "nonspacing": [c for c in SCALARS if accents.normalize_str(chr(c)) == ""],
    }
    mappings = {name: mapped(getattr(normalizers, name)()) for name in ("NFC", "NFD", "NFKC", "NFKD")}
    mappings["Lowercase"] = mapped(normalizers.Lowercase())
    mappings["Chinese"] = mapped(bert(handle_chinese_chars=True))
    value = {"classes": {name: ranges(c) for name, c in classes.items()}, "mappings": mappings}
    path = pathlib.Path(__file__).parent / "classes.json"
    path.write_text(json.dumps(value, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
