"""The GPT-2-shaped network, its files and its legal-move rate.

The files have GPT-2's tensor names and its Conv1D layout, [in, out].
"""
import json
import math
import os

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import load_file, save_file

from rules import BOARD, Position

# Ours, and what GPT-2 calls them within a block.
NAMES = {
    "ln_1": "ln_1", "ln_2": "ln_2", "c_attn": "attn.c_attn", "c_proj": "attn.c_proj",
    "c_fc": "mlp.c_fc", "m_proj": "mlp.c_proj",
}


def attention(q, k, v):
    """Causal attention, each [games, heads, moves, width of a head].

    Written out, because the tiles of the library's kernels are several times as long as a game;
    filled up to a multiple of eight moves, which the matrix units want.
    """
    moves = q.shape[2]
    q, k, v = (F.pad(x, (0, 0, 0, -moves % 8)) for x in (q, k, v))
    scores = (q * q.shape[3] ** -0.5) @ k.transpose(2, 3)
    later = torch.ones(scores.shape[2:], dtype=torch.bool, device=q.device).triu(1)
    weights = scores.float().masked_fill(later, -torch.inf).softmax(-1)
    return (weights.to(v.dtype) @ v)[:, :, :moves]


class Block(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.heads = heads
        self.ln_1, self.ln_2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.c_attn, self.c_proj = nn.Linear(d, 3 * d), nn.Linear(d, d)
        self.c_fc, self.m_proj = nn.Linear(d, 4 * d), nn.Linear(4 * d, d)

    def forward(self, x):
        B, T, C = x.shape
        heads = self.c_attn(self.ln_1(x)).view(B, T, 3, self.heads, C // self.heads)
        q, k, v = heads.permute(2, 0, 3, 1, 4)
        y = attention(q, k, v)
        x = x + self.c_proj(y.transpose(1, 2).reshape(B, T, C))
        return x + self.m_proj(F.gelu(self.c_fc(self.ln_2(x)), approximate="tanh"))


class GPT(nn.Module):
    def __init__(self, width, layers, heads):
        super().__init__()
        self.width, self.heads = width, heads
        self.wte = nn.Embedding(BOARD.vocab, width)
        self.wpe = nn.Embedding(BOARD.moves - 1, width)
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.ln_f = nn.LayerNorm(width)
        for m in self.modules():
            if isinstance(m, (nn.Linear, nn.Embedding)):
                nn.init.normal_(m.weight, std=0.02)
                if isinstance(m, nn.Linear):
                    nn.init.zeros_(m.bias)
        for b in self.blocks:
            nn.init.normal_(b.c_proj.weight, std=0.02 / math.sqrt(2 * layers))
            nn.init.normal_(b.m_proj.weight, std=0.02 / math.sqrt(2 * layers))

    def residual(self, tokens, layers):
        """The residual stream after so many blocks, [games, moves, width]."""
        x = self.wte(tokens) + self.wpe(torch.arange(tokens.shape[1], device=tokens.device))
        for b in self.blocks[:layers]:
            x = b(x)
        return x

    def forward(self, tokens):
        x = self.residual(tokens, len(self.blocks))
        # In 32 bits also where the blocks are not: the loss is a small difference of logits.
        with torch.autocast(tokens.device.type, enabled=False):
            return self.ln_f(x.float()) @ self.wte.weight.T


def save(model, folder, training):
    os.makedirs(folder, exist_ok=True)
    tensors = {
        "wte.weight": model.wte.weight, "wpe.weight": model.wpe.weight,
        "ln_f.weight": model.ln_f.weight, "ln_f.bias": model.ln_f.bias,
    }
    for i, block in enumerate(model.blocks):
        for ours, theirs in NAMES.items():
            m = getattr(block, ours)
            weight = m.weight.T if isinstance(m, nn.Linear) else m.weight
            tensors[f"h.{i}.{theirs}.weight"] = weight
            tensors[f"h.{i}.{theirs}.bias"] = m.bias
    save_file(
        {k: v.detach().float().cpu().contiguous() for k, v in tensors.items()},
        f"{folder}/model.safetensors")
    config = {
        "architectures": ["GPT2LMHeadModel"], "model_type": "gpt2", "vocab_size": BOARD.vocab,
        "n_positions": BOARD.moves - 1, "n_embd": model.width, "n_layer": len(model.blocks),
        "n_head": model.heads, "activation_function": "gelu_new", "layer_norm_epsilon": 1e-5,
        "tie_word_embeddings": True, "bos_token_id": None, "eos_token_id": None,
        "board": BOARD.size, "training": training,
    }
    json.dump(config, open(f"{folder}/config.json", "w"), indent=1)


def load(folder):
    """Read back what `save` wrote."""
    config = json.load(open(f"{folder}/config.json"))
    model = GPT(config["n_embd"], config["n_layer"], config["n_head"])
    tensors, own = load_file(f"{folder}/model.safetensors"), {}
    for name in ("wte.weight", "wpe.weight", "ln_f.weight", "ln_f.bias"):
        own[name] = tensors[name]
    for i in range(len(model.blocks)):
        for ours, theirs in NAMES.items():
            w = tensors[f"h.{i}.{theirs}.weight"]
            own[f"blocks.{i}.{ours}.weight"] = w if ours.startswith("ln") else w.T
            own[f"blocks.{i}.{ours}.bias"] = tensors[f"h.{i}.{theirs}.bias"]
    model.load_state_dict(own)
    return model.eval()


@torch.no_grad()
def legal_rate(model, games, chunk=2000):
    """Share of positions after a move whose most probable next token is a legal move."""
    device = model.wte.weight.device
    predicted = np.concatenate([
        model(torch.from_numpy(games[n:n + chunk, :-1]).to(device)).argmax(-1).cpu().numpy()
        for n in range(0, len(games), chunk)])
    position, good, total = Position(len(games)), 0, 0
    for ply in range(BOARD.moves - 1):
        position.play(games[:, ply])
        token = predicted[:, ply]
        square = BOARD.squares[np.maximum(token, 1) - 1].astype(np.uint64)
        live = games[:, ply + 1] > 0
        good += ((position.legal >> square & np.uint64(1) == 1) & (token > 0) & live).sum()
        total += live.sum()
    return float(good / total)
