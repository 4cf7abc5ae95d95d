"""Train a small GPT-2-shaped model on uniformly random legal games of Othello, 8x8 or 6x6.

The model reads all moves of a game but the last and predicts the next one. Games are made on the
fly from the seed, so the data is never stored. BOARD chooses the board (rules.py).
Writes config.json and model.safetensors.
"""
import argparse
import math
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from network import GPT, legal_rate, load, save
from rules import BOARD, games
from tensor_rules import GameMaker, bits


# Steps of a GPU before its graph is recorded.
WARMUPS = 3


class Muon(torch.optim.Optimizer):
    """Momentum orthogonalised by Newton-Schulz steps (Jordan et al. 2024), one shape at a time.

    The update is scaled by 0.2 sqrt(max(rows, columns)), so that learning rates of Adam carry over.
    """

    def __init__(self, parameters, lr, momentum=0.95, weight_decay=0.01):
        shapes = {}
        for p in parameters:
            shapes.setdefault(p.shape, []).append(p)
        groups = [{"params": same} for same in shapes.values()]
        super().__init__(groups, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for g in self.param_groups:
            parameters = g["params"]
            gradient = torch.stack([p.grad for p in parameters])
            state = self.state[parameters[0]]
            m = state.setdefault("momentum", torch.zeros_like(gradient))
            m.lerp_(gradient, 1 - g["momentum"])
            x = gradient.lerp(m, g["momentum"])
            tall = x.shape[1] > x.shape[2]
            x = x.mT if tall else x
            x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
            for _ in range(5):
                y = x @ x.mT
                x = 3.4445 * x + (-4.7750 * y + 2.0315 * y @ y) @ x
            x = (x.mT if tall else x) * (-g["lr"] * 0.2 * math.sqrt(max(x.shape[1:])))
            torch._foreach_mul_(parameters, 1 - g["lr"] * g["weight_decay"])
            torch._foreach_add_(parameters, list(x.unbind()))


def excess_loss(logits, words, squares):
    """Cross-entropy against the uniform distribution over the legal moves, 0 for a perfect model.

    The games are uniformly random, so this is the expectation of the loss on the move that was
    played, over that move: the same minimum and the same mean gradient, with far less noise.
    Logits [games, moves, vocabulary]; words [games, moves] of the moves that are legal.
    """
    target = bits(words, squares).to(logits.dtype)
    count = target.sum(-1)
    live = (count > 0).to(logits.dtype)
    count = count.clamp_min(1)
    nll = -(F.log_softmax(logits, -1)[..., 1:] * target).sum(-1) / count
    return ((nll - torch.log(count)) * live).sum() / live.sum()


def batches(maker, size, stock):
    """Tokens and words of `size` games without end; `stock` games are made at a time."""
    while True:
        tokens, words = maker.games(stock)
        for n in range(0, stock - size + 1, size):
            yield tokens[n:n + size], words[n:n + size]


class Trainer:
    """A model, its optimizers and one step of training, which on a GPU is one CUDA graph.

    The GPU computes the blocks in bfloat16. A step is hundreds of small kernels: launching
    them one by one takes longer than running them (17 to 24 ms against 9 to 11 on an H100, batch
    2048).
    """

    def __init__(self, model, a):
        self.model, self.device = model, a.device
        self.on_gpu = a.device == "cuda"
        hidden = [p for n, p in model.named_parameters() if p.ndim == 2 and n.startswith("blocks")]
        ids = {id(p) for p in hidden}
        rest = [p for p in model.parameters() if id(p) not in ids]
        # Tensors, because the graph reads them anew at every step.
        self.peaks = [a.muon_lr, a.lr]
        self.rates = [torch.tensor(0.0, device=a.device) for _ in self.peaks]
        self.optimizers = [
            Muon(hidden, lr=self.rates[0]),
            torch.optim.AdamW(
                rest, lr=self.rates[1], betas=(0.9, 0.98), weight_decay=0.01, fused=True,
                capturable=self.on_gpu)]
        shape = (a.batch, BOARD.moves)
        self.tokens = torch.zeros(shape, dtype=torch.int64, device=a.device)
        self.words = torch.zeros_like(self.tokens)
        self.squares = torch.from_numpy(BOARD.squares).to(a.device)
        self.loss_of, self.steps, self.graph, self.loss = excess_loss, 0, None, None
        if self.on_gpu:
            for block in model.blocks:
                block.compile(dynamic=False)
            self.loss_of = torch.compile(excess_loss, dynamic=False)

    def compute(self):
        for optimizer in self.optimizers:
            optimizer.zero_grad(set_to_none=True)
        with torch.autocast(self.device, torch.bfloat16, enabled=self.on_gpu):
            logits = self.model(self.tokens[:, :-1])
        loss = self.loss_of(logits, self.words[:, 1:], self.squares)
        loss.backward()
        # Detached, so that no node of this step is alive when the next is recorded elsewhere.
        self.loss = loss.detach()
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for optimizer in self.optimizers:
            optimizer.step()

    def step(self, tokens, words, rate):
        """One step at a share of the peak rates. The first on a GPU compile and record it."""
        self.tokens.copy_(tokens)
        self.words.copy_(words)
        for tensor, peak in zip(self.rates, self.peaks):
            tensor.fill_(peak * rate)
        self.steps += 1
        if not self.on_gpu:
            self.compute()
        elif self.steps <= WARMUPS:
            side = torch.cuda.Stream()
            side.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(side):
                self.compute()
            torch.cuda.current_stream().wait_stream(side)
        else:
            if self.graph is None:
                self.graph = torch.cuda.CUDAGraph()
                with torch.cuda.graph(self.graph):
                    self.compute()
            self.graph.replay()


def train(a):
    """Train as the arguments say; the model, how many games it saw and its legal-move rate."""
    torch.manual_seed(a.seed)
    torch.set_float32_matmul_precision("high")
    model = (load(a.init).train() if a.init else GPT(a.d, a.layers, a.heads)).to(a.device)
    print(f"{sum(p.numel() for p in model.parameters())} parameters on {a.device}", flush=True)
    trainer = Trainer(model, a)
    maker = GameMaker(a.device, a.seed, compiled=trainer.on_gpu)
    stock = max(65536 if trainer.on_gpu else 8192, a.batch)
    test = games(1000, np.random.default_rng(12345))

    def legal():
        with torch.compiler.set_stance("force_eager"):
            return legal_rate(model, test)

    start = time.time()
    for tokens, words in batches(maker, a.batch, stock):
        # Compiling is not in the schedule's time.
        if trainer.steps <= WARMUPS:
            start = time.time()
        spent = time.time() - start
        fraction = spent / (a.minutes * 60)
        if fraction >= 1:
            break
        warmth = min(1, (trainer.steps + 1) / 300)
        rate = warmth * max(0.01, min(1, (1 - fraction) / a.decay))
        trainer.step(tokens, words, rate)
        seen = trainer.steps * a.batch
        if trainer.steps % a.every == 0:
            print(
                f"{trainer.steps} {seen} excess loss {trainer.loss.item():.6f} rate {rate:.3f} "
                f"t {spent:.0f}s legal {legal():.5f}", flush=True)
            save(model, a.out, {"games": seen, "seed": a.seed})
    return model, seen, legal()


def parser():
    p = argparse.ArgumentParser()
    p.add_argument("--d", type=int, default=128)
    p.add_argument("--layers", type=int, default=6)
    p.add_argument("--heads", type=int, default=8)
    p.add_argument("--batch", type=int, default=256)
    p.add_argument("--minutes", type=float, default=80)
    p.add_argument("--lr", type=float, default=2e-3)
    p.add_argument("--muon-lr", type=float, default=2e-3)
    p.add_argument(
        "--decay", type=float, default=0.4, help="share of the time in which the rates fall")
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--every", type=int, default=400, help="steps between reports and files")
    p.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    p.add_argument("--out", default="othello-small")
    p.add_argument("--init", help="folder of an earlier run to go on from (weights only)")
    return p


if __name__ == "__main__":
    a = parser().parse_args()
    model, seen, legal = train(a)
    print("final legal", legal, "games", seen, flush=True)
    save(model, a.out, {"games": seen, "seed": a.seed, "legal_move_rate_top1": round(legal, 5)})
