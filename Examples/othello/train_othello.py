"""Train a small GPT-2-shaped Othello model on uniformly random legal games, on the 8x8 or the 6x6 board.

Vocabulary: 0 = pass/pad, then the playable squares in row-major order without the four centre squares: 60 of
8x8 (61 tokens in all), 32 of 6x6 (33 tokens). The 6x6 board is the inside of the 8x8 one (b2..g7), named a1..f6
to people. A game is up to 60 (32) moves; the model reads all but the last and predicts the next one.
Games are generated on the fly from the seed, so the data is never stored. Writes config.json and
model.safetensors with GPT-2 tensor names (Conv1D layout, [in, out]).
"""
import argparse, json, math, os, time
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

FULL = np.uint64(0xFFFFFFFFFFFFFFFF)
NOT_A = np.uint64(0xFEFEFEFEFEFEFEFE)
NOT_H = np.uint64(0x7F7F7F7F7F7F7F7F)
DIRS = [(1, NOT_A), (-1, NOT_H), (8, FULL), (-8, FULL), (9, NOT_A), (-9, NOT_H), (7, NOT_H), (-7, NOT_A)]
CENTRE = {27, 28, 35, 36}


class Board:
    """Which squares of the 64 are in play, and their tokens."""

    def __init__(s, size):
        edge = (8 - size) // 2
        inside = [q for q in range(64) if edge <= q // 8 < 8 - edge and edge <= q % 8 < 8 - edge]
        s.squares = np.array([q for q in inside if q not in CENTRE])
        s.mask = np.uint64(sum(1 << q for q in inside))
        s.moves, s.vocab = len(s.squares), len(s.squares) + 1
        s.token = np.zeros(64, np.int64)
        s.token[s.squares] = np.arange(1, s.vocab)


BOARD = Board(int(os.environ.get("BOARD", 8)))


def shift(b, d, mask):
    return ((b << np.uint64(d)) if d > 0 else (b >> np.uint64(-d))) & mask


def legal(me, opp):
    empty = ~(me | opp) & BOARD.mask
    out = np.zeros_like(me)
    for d, m in DIRS:
        t = shift(me, d, m) & opp
        for _ in range(5):
            t |= shift(t, d, m) & opp
        out |= shift(t, d, m) & empty
    return out


def flips(me, opp, move):
    out = np.zeros_like(me)
    for d, m in DIRS:
        t = shift(move, d, m) & opp
        for _ in range(5):
            t |= shift(t, d, m) & opp
        ok = (shift(t, d, m) & me) != 0
        out |= np.where(ok, t, np.uint64(0))
    return out


def pick(moves, rng):
    """A uniformly random set bit of each word."""
    bits = np.unpackbits(moves.view(np.uint8).reshape(-1, 8), axis=1, bitorder="little")
    key = rng.random(bits.shape, dtype=np.float32) * bits
    return key.argmax(1)


def games(n, rng, with_legal=False):
    """n games as an [n, moves] array of tokens, 0-padded. A player without a move is skipped silently.

    With `with_legal`, also an [n, moves, vocab] boolean array: the tokens that were legal at each move.
    """
    me = np.full(n, (1 << 28) | (1 << 35), np.uint64)      # black, to move
    opp = np.full(n, (1 << 27) | (1 << 36), np.uint64)
    seq = np.zeros((n, BOARD.moves), np.int64)
    could = np.zeros((n, BOARD.moves, BOARD.vocab), bool) if with_legal else None
    for ply in range(BOARD.moves):
        lg = legal(me, opp)
        none = lg == 0
        if none.any():
            me[none], opp[none] = opp[none], me[none].copy()
            lg = legal(me, opp)
        over = lg == 0
        if with_legal:
            could[:, ply, 1:] = (lg[:, None] >> BOARD.squares.astype(np.uint64)) & np.uint64(1)
        sq = pick(lg, rng)
        mv = np.where(over, np.uint64(0), np.uint64(1) << sq.astype(np.uint64))
        fl = flips(me, opp, mv)
        seq[:, ply] = np.where(over, 0, BOARD.token[sq])
        nm, no = me | fl | mv, opp & ~fl
        me, opp = np.where(over, me, no), np.where(over, opp, nm)
    return (seq, could) if with_legal else seq


class Block(nn.Module):
    def __init__(s, d, h):
        super().__init__()
        s.h = h
        s.ln_1, s.ln_2 = nn.LayerNorm(d), nn.LayerNorm(d)
        s.c_attn, s.c_proj = nn.Linear(d, 3 * d), nn.Linear(d, d)
        s.c_fc, s.m_proj = nn.Linear(d, 4 * d), nn.Linear(4 * d, d)

    def forward(s, x):
        B, T, C = x.shape
        q, k, v = s.c_attn(s.ln_1(x)).view(B, T, 3, s.h, C // s.h).permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(B, T, C)
        x = x + s.c_proj(y)
        return x + s.m_proj(F.gelu(s.c_fc(s.ln_2(x)), approximate="tanh"))


class GPT(nn.Module):
    def __init__(s, V, T, d, L, h):
        super().__init__()
        s.wte, s.wpe = nn.Embedding(V, d), nn.Embedding(T, d)
        s.blocks = nn.ModuleList(Block(d, h) for _ in range(L))
        s.ln_f = nn.LayerNorm(d)
        for m in s.modules():
            if isinstance(m, (nn.Linear, nn.Embedding)):
                nn.init.normal_(m.weight, std=0.02)
                if isinstance(m, nn.Linear):
                    nn.init.zeros_(m.bias)
        for b in s.blocks:
            nn.init.normal_(b.c_proj.weight, std=0.02 / math.sqrt(2 * L))
            nn.init.normal_(b.m_proj.weight, std=0.02 / math.sqrt(2 * L))

    def forward(s, t):
        x = s.wte(t) + s.wpe(torch.arange(t.shape[1], device=t.device))
        for b in s.blocks:
            x = b(x)
        return s.ln_f(x) @ s.wte.weight.T


class Muon(torch.optim.Optimizer):
    """Momentum orthogonalised by Newton-Schulz steps (Jordan et al. 2024), in float32.

    The update is scaled by 0.2 sqrt(max(rows, columns)), so that learning rates of Adam carry over.
    """

    def __init__(s, params, lr, momentum=0.95, weight_decay=0.01):
        super().__init__(params, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(s):
        for g in s.param_groups:
            for p in g["params"]:
                m = s.state[p].setdefault("momentum", torch.zeros_like(p))
                m.lerp_(p.grad, 1 - g["momentum"])
                u = p.grad.lerp(m, g["momentum"])
                tall = u.shape[0] > u.shape[1]
                x = u.T if tall else u
                x = x / (x.norm() + 1e-7)
                for _ in range(5):
                    y = x @ x.T
                    x = 3.4445 * x + (-4.7750 * y + 2.0315 * y @ y) @ x
                u = x.T if tall else x
                p.mul_(1 - g["lr"] * g["weight_decay"])
                p.add_(u, alpha=-g["lr"] * 0.2 * math.sqrt(max(p.shape)))


def save(model, a, out, extra):
    from safetensors.torch import save_file
    os.makedirs(out, exist_ok=True)
    sd = {"wte.weight": model.wte.weight, "wpe.weight": model.wpe.weight,
          "ln_f.weight": model.ln_f.weight, "ln_f.bias": model.ln_f.bias}
    for i, b in enumerate(model.blocks):
        p = f"h.{i}."
        for n, m in (("ln_1", b.ln_1), ("ln_2", b.ln_2)):
            sd[p + n + ".weight"], sd[p + n + ".bias"] = m.weight, m.bias
        for n, m in (("attn.c_attn", b.c_attn), ("attn.c_proj", b.c_proj), ("mlp.c_fc", b.c_fc), ("mlp.c_proj", b.m_proj)):
            sd[p + n + ".weight"], sd[p + n + ".bias"] = m.weight.T, m.bias
    save_file({k: v.detach().float().cpu().contiguous() for k, v in sd.items()}, f"{out}/model.safetensors")
    json.dump({"architectures": ["GPT2LMHeadModel"], "model_type": "gpt2", "vocab_size": BOARD.vocab, "n_positions": BOARD.moves - 1,
               "n_embd": a.d, "n_layer": a.layers, "n_head": a.heads, "activation_function": "gelu_new",
               "layer_norm_epsilon": 1e-5, "tie_word_embeddings": True, "bos_token_id": None, "eos_token_id": None,
               "board": int(math.sqrt(BOARD.moves + 4)), "training": extra}, open(f"{out}/config.json", "w"), indent=1)


def load(model, folder):
    """Read back what `save` wrote."""
    from safetensors.torch import load_file
    sd, own = load_file(f"{folder}/model.safetensors"), {}
    for k in ("wte.weight", "wpe.weight", "ln_f.weight", "ln_f.bias"):
        own[k] = sd[k]
    names = {"ln_1": "ln_1", "ln_2": "ln_2", "c_attn": "attn.c_attn", "c_proj": "attn.c_proj",
             "c_fc": "mlp.c_fc", "m_proj": "mlp.c_proj"}
    for i in range(len(model.blocks)):
        for mine, theirs in names.items():
            w = sd[f"h.{i}.{theirs}.weight"]
            own[f"blocks.{i}.{mine}.weight"] = w if mine.startswith("ln") else w.T
            own[f"blocks.{i}.{mine}.bias"] = sd[f"h.{i}.{theirs}.bias"]
    model.load_state_dict(own)


@torch.no_grad()
def legal_rate(model, seq, dev):
    """Share of positions whose top-1 prediction is a legal move, over whole games."""
    t = torch.from_numpy(seq).to(dev)
    pred = model(t[:, :-1]).argmax(-1).cpu().numpy()
    n = len(seq)
    me = np.full(n, (1 << 28) | (1 << 35), np.uint64); opp = np.full(n, (1 << 27) | (1 << 36), np.uint64)
    inv = BOARD.squares
    good = total = 0
    for ply in range(BOARD.moves):
        lg = legal(me, opp); none = lg == 0
        me[none], opp[none] = opp[none], me[none].copy()
        lg = legal(me, opp); live = seq[:, ply] > 0
        if ply > 0:
            p = pred[:, ply - 1]; psq = inv[np.maximum(p, 1) - 1].astype(np.uint64)
            ok = (p > 0) & (((lg >> psq) & np.uint64(1)) == 1)
            good += (ok & live).sum(); total += live.sum()
        sq = inv[np.maximum(seq[:, ply], 1) - 1].astype(np.uint64)
        mv = np.where(live, np.uint64(1) << sq, np.uint64(0))
        fl = flips(me, opp, mv); nm, no = me | fl | mv, opp & ~fl
        me, opp = np.where(live, no, me), np.where(live, nm, opp)
    return good / total


if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--d", type=int, default=128); ap.add_argument("--layers", type=int, default=6)
    ap.add_argument("--heads", type=int, default=8); ap.add_argument("--batch", type=int, default=256)
    ap.add_argument("--minutes", type=float, default=80); ap.add_argument("--lr", type=float, default=2e-3)
    ap.add_argument("--seed", type=int, default=0); ap.add_argument("--out", default="othello-small")
    ap.add_argument("--muon-lr", type=float, default=2e-3); ap.add_argument("--decay", type=float, default=0.4)
    ap.add_argument("--autocast", action="store_true")
    ap.add_argument("--init", help="folder of an earlier run to go on from (weights only)")
    a = ap.parse_args()
    torch.manual_seed(a.seed); rng = np.random.default_rng(a.seed)
    dev = "cuda" if torch.cuda.is_available() else "cpu"
    model = GPT(BOARD.vocab, BOARD.moves - 1, a.d, a.layers, a.heads).to(dev)
    if a.init: load(model, a.init)
    print("params", sum(p.numel() for p in model.parameters()), dev, flush=True)
    print("legal at the start", legal_rate(model, games(1000, np.random.default_rng(12345)), dev), flush=True)
    hidden = [p for n, p in model.named_parameters() if p.ndim == 2 and n.startswith("blocks")]
    ids = {id(p) for p in hidden}
    rest = [p for p in model.parameters() if id(p) not in ids]
    opts = [Muon(hidden, lr=a.muon_lr),
            torch.optim.AdamW(rest, lr=a.lr, betas=(0.9, 0.98), weight_decay=0.01)]
    base = [a.muon_lr, a.lr]
    test = games(1000, np.random.default_rng(12345))

    def loss_of(x, could):
        """Cross-entropy against the uniform distribution over the legal moves.

        The games are uniformly random, so this is the expectation of the loss on the move that was played,
        over that move: the same minimum and the same mean gradient, with far less noise.
        """
        logits = model(x[:, :-1])
        target = could[:, 1:].to(logits.dtype)
        count = target.sum(-1, keepdim=True)
        live = (count[..., 0] > 0).float()
        nll = -(F.log_softmax(logits.float(), -1) * target / count.clamp_min(1)).sum(-1)
        floor = torch.log(count[..., 0].clamp_min(1))
        return ((nll - floor) * live).sum() / live.sum()      # 0 when the model is perfect

    t0, step, seen, at = time.time(), 0, 0, 0
    buf = None
    while True:
        frac = (time.time() - t0) / (a.minutes * 60)
        if frac >= 1: break
        rate = min(1, (step + 1) / 300) * max(0.01, min(1, (1 - frac) / a.decay))
        for o, b in zip(opts, base):
            for g in o.param_groups: g["lr"] = b * rate
        if buf is None or at + a.batch > len(buf[0]):
            buf, at = games(8192, rng, True), 0
        x = torch.from_numpy(buf[0][at:at + a.batch]).to(dev)
        could = torch.from_numpy(buf[1][at:at + a.batch]).to(dev); at += a.batch
        with torch.autocast(dev, torch.bfloat16, enabled=a.autocast or dev == "cuda"):
            loss = loss_of(x, could)
        for o in opts: o.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for o in opts: o.step()
        step += 1; seen += a.batch
        if step % 100 == 0:
            print(step, seen, f"excess loss {loss.item():.5f} lr {base[0]*rate:.2e} t {time.time()-t0:.0f}s", flush=True)
        if step % 400 == 0:
            print("  legal", legal_rate(model, test, dev), flush=True)
            save(model, a, a.out, {"games": seen, "seed": a.seed})
    r = legal_rate(model, test, dev)
    print("final legal", r, "games", seen, flush=True)
    save(model, a, a.out, {"games": seen, "seed": a.seed, "legal_move_rate_top1": round(float(r), 5)})
