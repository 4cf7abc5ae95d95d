"""How far a dictionary's latents follow the token they fire on: the table in README.md.

    compare_hooks.py FOLDER...          # each written by conjecture train-sae

Needs torch and safetensors. Prints for each folder: explained variance as its cfg.json has it; the median
over latents of the share of activation variance that the token's identity accounts for, and that the
token and the one before account for together; and how many latents fire on one token alone (F1 at least
0.8). All on the first 300 paragraphs of the corpus.
"""
import json
import os
import struct
import sys

import numpy as np
import torch
from safetensors.torch import load_file
from torch.nn.functional import scaled_dot_product_attention, silu

here = os.path.dirname(os.path.abspath(__file__))


class Stories:
    """The model: llama2.c's first format, float32."""

    def __init__(self, path):
        data = open(path, "rb").read()
        d, inner, layers, heads, groups, vocabulary, context = struct.unpack("7i", data[:28])
        self.width, self.heads, self.groups = d // heads, heads, groups
        numbers, place = torch.frombuffer(bytearray(data[28:]), dtype=torch.float32), 0

        def take(*shape):
            nonlocal place
            count = int(np.prod(shape))
            place += count
            return numbers[place - count:place].reshape(shape)

        own, shared = heads * self.width, groups * self.width
        self.embedding, self.norm1 = take(vocabulary, d), take(layers, d)
        self.q, self.k, self.v = take(layers, own, d), take(layers, shared, d), take(layers, shared, d)
        self.o, self.norm2 = take(layers, d, own), take(layers, d)
        self.w1, self.w2, self.w3 = take(layers, inner, d), take(layers, d, inner), take(layers, inner, d)
        take(d)
        self.cos, self.sin = take(context, self.width // 2), take(context, self.width // 2)

    def turned(self, x):
        cos, sin = self.cos[:len(x), None], self.sin[:len(x), None]
        a, b = x[..., 0::2], x[..., 1::2]
        return torch.stack([a * cos - b * sin, a * sin + b * cos], -1).flatten(-2)

    def after(self, block, tokens):
        """The stream after a block, [tokens × width]."""
        def normed(x, gain):
            return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-5) * gain

        x = self.embedding[tokens]
        for n in range(block + 1):
            h = normed(x, self.norm1[n])
            q, k, v = ((h @ w[n].T).view(len(x), -1, self.width) for w in (self.q, self.k, self.v))
            k, v = (y.repeat_interleave(self.heads // self.groups, 1) for y in (self.turned(k), v))
            parts = [y.transpose(0, 1)[None] for y in (self.turned(q), k, v)]
            mixed = scaled_dot_product_attention(*parts, is_causal=True)[0].transpose(0, 1)
            x = x + mixed.reshape(len(x), -1) @ self.o[n].T
            h = normed(x, self.norm2[n])
            x = x + (silu(h @ self.w1[n].T) * (h @ self.w3[n].T)) @ self.w2[n].T
        return x


class Pieces:
    """The tokenizer: the best-scored pair is joined until none is known."""

    def __init__(self, path):
        data, place, self.scores, self.ids = open(path, "rb").read(), 4, [], {}
        while place < len(data):
            score, length = struct.unpack("fi", data[place:place + 8])
            self.ids[data[place + 8:place + 8 + length]] = len(self.scores)
            self.scores.append(score)
            place += 8 + length
        self.pieces = {number: piece for piece, number in self.ids.items()}

    def encode(self, text):
        known = [self.ids.get(c.encode()) for c in " " + text]
        spelled = [[n] if n is not None else [b + 3 for b in c.encode()]
                   for c, n in zip(" " + text, known)]
        ids = [n for part in spelled for n in part]
        while True:
            joined = [self.ids.get(self.pieces[a] + self.pieces[b]) for a, b in zip(ids, ids[1:])]
            found = [(self.scores[n], -i) for i, n in enumerate(joined) if n is not None]
            if not found:
                return ids
            i = -max(found)[1]
            ids[i:i + 2] = [joined[i]]


def share(values, keys):
    """The share of each column's variance that lies between the groups of a key."""
    order = np.argsort(keys, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(keys[order]) != 0])
    counts = np.diff(np.r_[starts, len(keys)])[:, None]
    means = np.add.reduceat(values[order], starts, axis=0) / counts
    total = np.square(values - values.mean(0)).sum(0)
    return (counts * np.square(means - values.mean(0))).sum(0) / np.maximum(total, 1e-9)


model, pieces = Stories(f"{here}/checkpoint_legacy.bin"), Pieces(f"{here}/tokenizer.bin")
text = open(f"{here}/tinystories-sample.txt").read()
paragraphs = [pieces.encode(p) for p in text.split("\n\n") if p.strip()][:300]
contexts = [[1] + ids[i:i + 128] for ids in paragraphs for i in range(0, len(ids), 128)]
tokens = np.concatenate([c[1:] for c in contexts])
before = np.concatenate([c[:-1] for c in contexts])
for folder in sys.argv[1:]:
    config, sae = json.load(open(f"{folder}/cfg.json")), load_file(f"{folder}/sae_weights.safetensors")
    block = int(config["metadata"]["hook_name"].split(".")[1])
    rows = torch.cat([model.after(block, torch.tensor(c))[1:] for c in contexts])
    pre = (rows - sae["b_dec"]) @ sae["W_enc"] + sae["b_enc"]
    top, places = pre.topk(config["k"], 1)
    latents = torch.zeros_like(pre).scatter(1, places, top.relu()).numpy()
    fires = latents > 0
    hits = np.stack([np.bincount(tokens[fires[:, f]], minlength=512) for f in range(fires.shape[1])])
    f1 = 2 * hits / np.maximum(1, fires.sum(0)[:, None] + np.bincount(tokens, minlength=512))
    print(config["metadata"]["hook_name"], len(tokens), "tokens,",
          "explained variance %.3f," % config["metadata"]["held_out"]["explained_variance"],
          "token %.2f," % np.median(share(latents, tokens)),
          "token and the one before %.2f," % np.median(share(latents, tokens * 512 + before)),
          "%d latents of one token" % (f1.max(1) >= 0.8).sum())
