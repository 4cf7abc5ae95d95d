"""Greedy text of a llama2.c legacy checkpoint, in plain numpy: the tokens after the start token.

    python3 llama2_greedy.py checkpoint_legacy.bin COUNT >tokens.json

Written from run.c's description of the format and of the forward pass, without looking at ours:
neighbouring rotary pairs, one token at a time, 64-bit arithmetic.
"""
import json
import sys

import numpy as np


class Model:
    def __init__(self, path):
        data = open(path, "rb").read()
        (self.dim, hidden, self.layers, self.heads, self.groups, vocabulary,
         self.context) = np.frombuffer(data[:28], "<i4").tolist()
        rest = np.frombuffer(data[28:], "<f4").astype(np.float64)
        used = 0

        def take(*shape):
            nonlocal used
            count = int(np.prod(shape))
            used += count
            return rest[used - count:used].reshape(shape)

        n, d, self.size = self.layers, self.dim, self.dim // self.heads
        keys = self.groups * self.size
        self.embedding = take(abs(vocabulary), d)
        self.attention_norm = take(n, d)
        self.wq, self.wk = take(n, d, d), take(n, keys, d)
        self.wv, self.wo = take(n, keys, d), take(n, d, d)
        self.mlp_norm = take(n, d)
        self.w1, self.w2, self.w3 = take(n, hidden, d), take(n, d, hidden), take(n, hidden, d)
        self.final_norm = take(d)
        take(2, self.context, self.size // 2)
        self.head = self.embedding if vocabulary > 0 else take(-vocabulary, d)
        assert used == rest.size
        self.keys = [[] for _ in range(n)]
        self.values = [[] for _ in range(n)]

    @staticmethod
    def norm(x, gain):
        return x / np.sqrt(np.mean(x * x) + 1e-5) * gain

    def rotate(self, x, position):
        pairs = x.reshape(-1, self.size // 2, 2)
        angle = position / 10000.0 ** (np.arange(0, self.size, 2) / self.size)
        turned = (pairs[..., 0] + 1j * pairs[..., 1]) * np.exp(1j * angle)
        return np.stack([turned.real, turned.imag], -1).reshape(-1, self.size)

    def logits(self, token, position):
        x = self.embedding[token].copy()
        for n in range(self.layers):
            h = self.norm(x, self.attention_norm[n])
            query = self.rotate(self.wq[n] @ h, position)
            self.keys[n].append(self.rotate(self.wk[n] @ h, position))
            self.values[n].append((self.wv[n] @ h).reshape(self.groups, self.size))
            keys, values = np.array(self.keys[n]), np.array(self.values[n])
            mixed = []
            for head in range(self.heads):
                group = head * self.groups // self.heads
                scores = keys[:, group] @ query[head] / np.sqrt(self.size)
                weights = np.exp(scores - scores.max())
                mixed.append(weights / weights.sum() @ values[:, group])
            x += self.wo[n] @ np.concatenate(mixed)
            h = self.norm(x, self.mlp_norm[n])
            gate = self.w1[n] @ h
            x += self.w2[n] @ (gate / (1 + np.exp(-gate)) * (self.w3[n] @ h))
        return self.head @ self.norm(x, self.final_norm)


def main(path, count):
    model = Model(path)
    token, tokens = 1, []
    for position in range(int(count)):
        token = int(np.argmax(model.logits(token, position)))
        tokens.append(token)
    print(json.dumps(tokens))


if __name__ == "__main__":
    main(*sys.argv[1:])
