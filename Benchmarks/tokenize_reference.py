"""The Python side of tokenize.sh.

    tokenize_reference.py train FOLDER TEXTS          a tokenizer of 20,000 tokens for each family
    tokenize_reference.py time TOKENIZER TEXTS SECONDS      megabytes a second, count of tokens

One text at a time on one thread, with offsets, as one would use it for a corpus of activations.
"""
import os
import sys
import time

os.environ["TOKENIZERS_PARALLELISM"] = "false"
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def train(folder, texts):
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    bpe = trainers.BpeTrainer(vocab_size=20_000, initial_alphabet=alphabet, show_progress=False)
    names = ["<unk>", "[UNK]"]

    def save(name, model, normalizer, splitter, trainer):
        t = Tokenizer(model)
        if normalizer:
            t.normalizer = normalizer
        t.pre_tokenizer = splitter
        t.train_from_iterator(texts, trainer)
        t.save(f"{folder}/{name}.json")

    raw = pre_tokenizers.ByteLevel(add_prefix_space=False)
    mapped = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    split = pre_tokenizers.Split(Regex(LLAMA3), "isolated")
    save("gpt2", models.BPE(), None, raw, bpe)
    save("llama3", models.BPE(ignore_merges=True), None,
         pre_tokenizers.Sequence([split, mapped]), bpe)
    save("qwen", models.BPE(), normalizers.NFC(), pre_tokenizers.Sequence([split, mapped]), bpe)
    save("bert", models.WordPiece(unk_token="[UNK]"), normalizers.BertNormalizer(),
         pre_tokenizers.BertPreTokenizer(),
         trainers.WordPieceTrainer(vocab_size=20_000, special_tokens=names, show_progress=False))
    save("unigram", models.Unigram(), normalizers.NFKC(), pre_tokenizers.Metaspace(),
         trainers.UnigramTrainer(vocab_size=20_000, special_tokens=names, unk_token="<unk>",
                                 show_progress=False))


def measure(path, texts, seconds):
    t = Tokenizer.from_file(path)
    size = sum(len(text.encode()) + 1 for text in texts)
    best, start = float("inf"), time.perf_counter()
    while time.perf_counter() - start < seconds:
        began = time.perf_counter()
        count = sum(len(t.encode(text, add_special_tokens=False).ids) for text in texts)
        best = min(best, time.perf_counter() - began)
    print(f"{size / best / 1e6:.3f} {count}")


texts = [x for x in open(sys.argv[3], newline="").read().split("\0") if x]
if sys.argv[1] == "train":
    train(sys.argv[2], texts)
else:
    measure(sys.argv[2], texts, float(sys.argv[4]))
