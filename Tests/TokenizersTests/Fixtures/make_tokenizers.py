"""Trains small tokenizers of each family and writes what the reference makes of telling lines.

    python3 -m venv venv && venv/bin/pip install tokenizers==0.23.3 sentencepiece protobuf
    venv/bin/python make_tokenizers.py                # the fixtures in this folder
    venv/bin/python make_tokenizers.py --many DIR     # 10,000 more lines for each, outside git

DIR is then compared with `CONJECTURE_TOKENIZER_LINES=DIR swift test --filter ManyLines`. For each
tokenizer NAME there is NAME.json and NAME.lines.json; lines.json holds the texts. The rows of
NAME.lines.json are, for each text, [ids, tokens, offsets, ids with special tokens, offsets with
special tokens, decoded, decoded without special tokens], offsets flat; tokens are null where they
are the ids' own, the others where they repeat what stands before them.
"""

import argparse
import json
import pathlib
import random
import tempfile

import tokenizers
from tokenizers import (
    AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers,
)

from lines import CORPUS, LINES, many_lines

HERE = pathlib.Path(__file__).parent
GPT4 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|DIGITS"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
GPT4O = "|".join([
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
    r"\p{N}{1,3}", r" ?[^\s\p{L}\p{N}]+[\r\n/]*", r"\s*[\r\n]+", r"\s+(?!\S)", r"\s+",
])
DEEPSEEK = (
    r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"
    r"| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
BYTES = [f"<0x{b:02X}>" for b in range(256)]
ALPHABET = sorted(pre_tokenizers.ByteLevel.alphabet())


def special(text, **flags):
    return AddedToken(text, special=True, normalized=False, **flags)


def train_bpe(t, size, specials=(), **kw):
    t.train_from_iterator(
        CORPUS, trainers.BpeTrainer(
            vocab_size=size, special_tokens=list(specials), show_progress=False, **kw))
    return t


def patched(t, **model):
    """The tokenizer with fields of its model set as given."""
    d = json.loads(t.to_str())
    d["model"].update(model)
    return Tokenizer.from_str(json.dumps(d))


def byte_level(size, specials=(), **kw):
    t = Tokenizer(models.BPE())
    t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    t.decoder = decoders.ByteLevel()
    return train_bpe(t, size, specials, initial_alphabet=ALPHABET, **kw)


def gpt2():
    t = byte_level(700, ["<|endoftext|>"])
    t.post_processor = processors.ByteLevel(trim_offsets=False)
    return t


def neox():
    t = byte_level(700, ["<|endoftext|>", "<|padding|>"])
    t.normalizer = normalizers.NFC()
    t.post_processor = processors.ByteLevel(trim_offsets=True, add_prefix_space=False)
    t.add_tokens([AddedToken(" " * n, normalized=True) for n in range(24, 1, -1)])
    return t


def split_then_bytes(pattern, size, specials, digits=None):
    t = Tokenizer(models.BPE())
    steps = [pre_tokenizers.Split(Regex(p), "isolated") for p in ([digits] if digits else []) + [pattern]]
    t.pre_tokenizer = pre_tokenizers.Sequence(
        steps + [pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    t.decoder = decoders.ByteLevel()
    return train_bpe(t, size, specials, initial_alphabet=ALPHABET)


def llama3():
    t = split_then_bytes(
        GPT4.replace("DIGITS", r"\p{N}{1,3}"), 800, ["<|begin_of_text|>", "<|end_of_text|>"])
    t.post_processor = processors.Sequence([
        processors.ByteLevel(trim_offsets=True),
        processors.TemplateProcessing(
            single="<|begin_of_text|> $A", pair="<|begin_of_text|> $A <|begin_of_text|>:1 $B:1",
            special_tokens=[("<|begin_of_text|>", t.token_to_id("<|begin_of_text|>"))])])
    return patched(t, ignore_merges=True)


def qwen():
    t = split_then_bytes(
        GPT4.replace("DIGITS", r"\p{N}"), 700, ["<|endoftext|>", "<|im_start|>", "<|im_end|>"])
    t.normalizer = normalizers.NFC()
    t.post_processor = processors.ByteLevel(trim_offsets=False, use_regex=False)
    t.add_tokens([AddedToken("<tool_call>", normalized=False), AddedToken("<think>", normalized=False)])
    return t


def gpt4o():
    t = split_then_bytes(GPT4O, 700, ["<|endoftext|>"])
    t.post_processor = processors.ByteLevel(trim_offsets=True, add_prefix_space=True)
    return t


def deepseek():
    t = split_then_bytes(DEEPSEEK, 600, ["<|eos|>"], digits=r"\p{N}{1,3}")
    return t


def sentencepiece_bpe(size, **kw):
    t = Tokenizer(models.BPE(byte_fallback=True, fuse_unk=True, unk_token="<unk>"))
    t.normalizer = normalizers.Replace(" ", "▁")
    return train_bpe(t, size, ["<unk>", "<s>", "</s>"] + BYTES, max_token_length=16,
                     limit_alphabet=200, **kw)


def llama2():
    t = sentencepiece_bpe(800)
    t.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    t.decoder = decoders.Sequence([
        decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(),
        decoders.Strip(" ", 1, 0)])
    t.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A <s>:1 $B:1", special_tokens=[("<s>", t.token_to_id("<s>"))])
    d = json.loads(t.to_str())
    d["added_tokens"] = [x for x in d["added_tokens"] if not x["content"].startswith("<0x")]
    return Tokenizer.from_str(json.dumps(d))


def gemma():
    t = sentencepiece_bpe(800)
    t.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    t.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
    t.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A <s> $B:1 </s>:1",
        special_tokens=[("<s>", t.token_to_id("<s>")), ("</s>", t.token_to_id("</s>"))])
    t.add_tokens([AddedToken("\n" * n, normalized=False) for n in range(1, 6)])
    return t


def charsmap():
    """SentencePiece's own table for "nmt_nfkc", from the model that a short training leaves."""
    import sentencepiece
    with tempfile.TemporaryDirectory() as folder:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(CORPUS), model_prefix=f"{folder}/m", vocab_size=800,
            normalization_rule_name="nmt_nfkc", hard_vocab_limit=False, minloglevel=2)
        data = pathlib.Path(f"{folder}/m.model").read_bytes()
    from sentencepiece import sentencepiece_model_pb2 as pb
    proto = pb.ModelProto()
    proto.ParseFromString(data)
    return proto.normalizer_spec.precompiled_charsmap


def unigram(normalizer, size, byte_fallback=False, scheme="always"):
    t = Tokenizer(models.Unigram())
    t.normalizer = normalizer
    t.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme=scheme)
    t.decoder = decoders.Metaspace(prepend_scheme=scheme)
    specials = ["<pad>", "</s>", "<unk>"] + (BYTES if byte_fallback else [])
    t.train_from_iterator(CORPUS, trainers.UnigramTrainer(
        vocab_size=size, special_tokens=specials, unk_token="<unk>", show_progress=False))
    t.post_processor = processors.TemplateProcessing(
        single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", t.token_to_id("</s>"))])
    if byte_fallback:
        d = json.loads(t.to_str())
        d["model"]["byte_fallback"] = True
        d["added_tokens"] = [x for x in d["added_tokens"] if not x["content"].startswith("<0x")]
        t = Tokenizer.from_str(json.dumps(d))
    return t


def t5():
    return unigram(normalizers.Sequence([
        normalizers.Precompiled(charsmap()), normalizers.Replace(Regex(" {2,}"), " ")]), 600)


def unigram_nmt():
    return unigram(normalizers.Sequence([
        normalizers.Nmt(), normalizers.NFKC(), normalizers.Strip(left=False, right=True)]),
        900, byte_fallback=True, scheme="first")


def bert(lowercase=True):
    t = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    t.normalizer = normalizers.BertNormalizer(
        clean_text=True, handle_chinese_chars=True, strip_accents=None if lowercase else False,
        lowercase=lowercase)
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    t.decoder = decoders.WordPiece(cleanup=lowercase)
    names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    t.train_from_iterator(CORPUS, trainers.WordPieceTrainer(
        vocab_size=700, special_tokens=names, limit_alphabet=300, show_progress=False))
    cls, sep = t.token_to_id("[CLS]"), t.token_to_id("[SEP]")
    if lowercase:
        t.post_processor = processors.TemplateProcessing(
            single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1",
            special_tokens=[("[CLS]", cls), ("[SEP]", sep)])
    else:
        t.post_processor = processors.BertProcessing(("[SEP]", sep), ("[CLS]", cls))
    return t


def word_level():
    t = Tokenizer(models.WordLevel(unk_token="[UNK]"))
    t.normalizer = normalizers.Sequence(
        [normalizers.NFKD(), normalizers.StripAccents(), normalizers.Lowercase()])
    t.pre_tokenizer = pre_tokenizers.Whitespace()
    t.train_from_iterator(CORPUS, trainers.WordLevelTrainer(
        vocab_size=600, special_tokens=["[UNK]", "[BOS]"], show_progress=False))
    t.add_tokens([AddedToken("Kilometre", normalized=True), AddedToken("ﬁn", normalized=True, single_word=True)])
    return t


def roberta():
    t = byte_level(600, ["<s>", "<pad>", "</s>", "<unk>"])
    t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    t.add_special_tokens([special("<mask>", lstrip=True)])
    t.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), trim_offsets=True)
    return t


def odd_suffix():
    """End-of-word suffix, unknown characters one by one, punctuation, digits."""
    t = Tokenizer(models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"))
    t.normalizer = normalizers.Sequence([normalizers.NFD(), normalizers.Lowercase()])
    t.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Punctuation("contiguous"),
        pre_tokenizers.Digits(individual_digits=False)])
    train_bpe(t, 600, ["<unk>"], end_of_word_suffix="</w>", limit_alphabet=80)
    t.decoder = decoders.BPEDecoder(suffix="</w>")
    return t


def odd_prefix():
    """Continuing prefix, unknown characters fused, single digits, punctuation merged."""
    t = Tokenizer(models.BPE(unk_token="<unk>", continuing_subword_prefix="@@", fuse_unk=True))
    t.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(r"\s+"), "removed"), pre_tokenizers.Digits(individual_digits=True),
        pre_tokenizers.Punctuation("merged_with_previous")])
    train_bpe(t, 500, ["<unk>"], continuing_subword_prefix="@@", limit_alphabet=70)
    t.decoder = decoders.WordPiece(prefix="@@", cleanup=False)
    return t


def odd_added():
    """Added tokens with every flag, under a normaliser that changes them."""
    t = byte_level(500, ["<|end|>"])
    t.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    t.add_special_tokens([
        special("<L>", lstrip=True), special("<R>", rstrip=True), special("<LR>", lstrip=True, rstrip=True),
        special("<W>", single_word=True), special("[MASK]", single_word=True, lstrip=True)])
    t.add_tokens([
        AddedToken("Hello", normalized=True), AddedToken("Hell", normalized=True),
        AddedToken("ＷＩＤＥ", normalized=True, single_word=True), AddedToken("été", normalized=True, rstrip=True),
        AddedToken("lo w", normalized=False), AddedToken("low", normalized=False, single_word=True, lstrip=True)])
    t.post_processor = processors.ByteLevel(trim_offsets=True)
    return t


def odd_splits():
    """Every behaviour of Split, inverted and not, and what may follow."""
    t = byte_level(500)
    t.normalizer = normalizers.Sequence([
        normalizers.Strip(), normalizers.Replace(Regex(r"(\d)\d*(?=\D|$)"), "#é"), normalizers.Replace("--", "—")])
    t.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(r"[\r\n]+"), "merged_with_next"),
        pre_tokenizers.Split(Regex(r"\p{Lu}?\p{Ll}{1,4}+(?!\p{Lu})"), "contiguous", invert=True),
        pre_tokenizers.Split(",", "merged_with_previous"), pre_tokenizers.Split(Regex(r"(?<=[a-e])\b|[.!?]+?"), "isolated"),
        pre_tokenizers.CharDelimiterSplit(";"), pre_tokenizers.FixedLength(length=7),
        pre_tokenizers.ByteLevel(add_prefix_space=True)])
    t.post_processor = processors.ByteLevel(trim_offsets=True, add_prefix_space=False)
    return t


def odd_bytes():
    """The byte alphabet as a normaliser, and a model that does not know all of it."""
    t = Tokenizer(models.BPE(unk_token="<unk>"))
    t.normalizer = normalizers.Sequence([normalizers.Prepend("»"), normalizers.ByteLevel()])
    train_bpe(t, 400, ["<unk>"], limit_alphabet=90)
    t.decoder = decoders.ByteLevel()
    return t


def odd_metaspace():
    """Metaspace that never prepends and does not split, over unknown bytes that fall back."""
    t = unigram(normalizers.Lowercase(), 500)
    t.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(r"(?>[0-9]+)|[^\S ]"), "isolated"),
        pre_tokenizers.Metaspace(replacement="_", prepend_scheme="never", split=False)])
    t.decoder = decoders.Sequence([decoders.Metaspace(replacement="_", prepend_scheme="never"),
                                   decoders.Replace(Regex("o+"), "0"), decoders.Strip("n", 2, 0)])
    return t


FAMILIES = {
    "gpt2": gpt2, "neox": neox, "llama3": llama3, "qwen": qwen, "gpt4o": gpt4o, "deepseek": deepseek,
    "llama2": llama2, "gemma": gemma, "t5": t5, "unigram-nmt": unigram_nmt, "bert": bert,
    "bert-cased": lambda: bert(lowercase=False), "word-level": word_level, "roberta": roberta,
    "odd-suffix": odd_suffix, "odd-prefix": odd_prefix, "odd-added": odd_added,
    "odd-splits": odd_splits, "odd-bytes": odd_bytes, "odd-metaspace": odd_metaspace,
}


def flat(offsets):
    return [x for pair in offsets for x in pair]


def rows(t, lines):
    for line in lines:
        plain = t.encode(line, add_special_tokens=False)
        full = t.encode(line, add_special_tokens=True)
        decoded = t.decode(full.ids, skip_special_tokens=False)
        shortened = t.decode(full.ids, skip_special_tokens=True)
        spelled = [t.id_to_token(i) for i in plain.ids]
        yield [plain.ids, None if plain.tokens == spelled else plain.tokens, flat(plain.offsets),
               None if full.ids == plain.ids else full.ids,
               None if full.offsets == plain.offsets else flat(full.offsets),
               decoded, None if shortened == decoded else shortened]


def pairs(t, lines):
    """A few pairs, with types and masks, and what truncation and padding make of them."""
    result = []
    for first, second in zip(lines[::9], lines[4::9]):
        e = t.encode(first, second)
        result.append([first, second, e.ids, e.type_ids, e.special_tokens_mask, flat(e.offsets)])
    return result


def options(t, lines):
    """What truncation and padding, as the file describes them, make of texts and pairs."""
    result = []
    for case in range(24):
        t.no_truncation()
        t.no_padding()
        if case % 4 != 3:
            t.enable_truncation(
                [8, 9, 12, 30][case % 4 + case // 12], stride=case % 2,
                strategy=["longest_first", "only_first", "longest_first"][case % 3],
                direction=["right", "left"][case // 4 % 2])
        if case % 2:
            t.enable_padding(
                length=[None, 16][case // 8 % 2], pad_to_multiple_of=[None, 8][case // 6 % 2],
                direction=["right", "left"][case // 3 % 2], pad_id=3, pad_type_id=1, pad_token="[P]")
        saved = json.loads(t.to_str())
        for first, second in [(lines[20], None), (lines[23], lines[18]), (lines[21], lines[23]), (lines[4], lines[4])]:
            try:
                e = t.encode(first, second)
            except Exception:
                expected = None
            else:
                expected = [e.ids, e.type_ids, e.attention_mask, flat(e.offsets)]
            result.append([saved["truncation"], saved["padding"], first, second, expected])
    return result


def write(path, value):
    path.write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--many", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=10_000)
    arguments = parser.parse_args()
    random.seed(7)
    folder = arguments.many or HERE
    folder.mkdir(exist_ok=True)
    lines = many_lines(arguments.count) if arguments.many else LINES
    write(folder / "lines.json", lines)
    for name, make in FAMILIES.items():
        if arguments.many:
            text = (HERE / f"{name}.json").read_text()
            t = Tokenizer.from_str(text)
            (folder / f"{name}.json").write_text(text)
        else:
            # What was saved may differ from what was trained, so the saved one is asked.
            text = json.dumps(json.loads(make().to_str()), ensure_ascii=False, separators=(",", ":"))
            (folder / f"{name}.json").write_text(text + "\n")
            t = Tokenizer.from_str(text)
            write(folder / f"{name}.pairs.json", pairs(t, lines))
        write(folder / f"{name}.lines.json", list(rows(t, lines)))
        if name == "bert" and not arguments.many:
            write(folder / "options.json", options(Tokenizer.from_str(text), lines))
        print(name, t.get_vocab_size(), len(lines), "lines, tokenizers", tokenizers.__version__)


if __name__ == "__main__":
    main()
