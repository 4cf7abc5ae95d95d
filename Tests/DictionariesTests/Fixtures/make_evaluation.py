"""A small dictionary measured by numpy and by the published libraries, for EvaluationParityTests: evaluation.safetensors.

    python make_evaluation.py

Needs numpy, torch, safetensors, dictionary_learning 0.1.0 and sae-lens 6.54. Coverage and reconstruction are
written out after equations 3 to 5 of Karvonen et al. 2024 and after what their code does where it differs; the
other figures are what dictionary_learning.evaluation.evaluate and sae_lens.evals return.
"""
import numpy as np
import torch
from dictionary_learning.dictionary import AutoEncoder
from dictionary_learning.evaluation import evaluate
from sae_lens.evals import ExplainedVarianceCalculator
from safetensors.numpy import save_file

random = np.random.default_rng(5)
D, F, G, GAMES, MOVES = 12, 40, 9, 30, 14
SHARES = [n / 10 for n in range(10)]
directions = random.normal(size=(G, D))
directions /= np.linalg.norm(directions, axis=1, keepdims=True)


def games():
    rows = GAMES * MOVES
    holds = random.random((rows, G)) < random.uniform(0.05, 0.5, G)
    holds[:, G - 1] = random.random(rows) < 0.01
    strengths = random.uniform(1, 3, (rows, G))
    x = (holds * strengths) @ directions + 0.25 * random.normal(size=(rows, D)) + 0.3
    return x.astype(np.float32), holds, np.repeat(np.arange(GAMES), MOVES)


decoder = np.concatenate([directions, random.normal(size=(F - G, D))])
decoder /= np.linalg.norm(decoder, axis=1, keepdims=True)
encoder = decoder + 0.1 * random.normal(size=(F, D))
weights = {
    "encoder": encoder, "decoder": 0.8 * decoder, "encoder_bias": random.uniform(-2, -0.2, F),
    "decoder_bias": np.full(D, 0.3),
}
weights["encoder_bias"][F - 1] = -100  # never fires
weights = {name: value.astype(np.float32) for name, value in weights.items()}


def latents(x):
    return np.maximum(
        (x - weights["decoder_bias"]) @ weights["encoder"].T + weights["encoder_bias"], 0)


train_x, train_holds, groups = games()
test_x, test_holds, _ = games()
train, test = latents(train_x), latents(test_x)
maxima = train.max(0)
floors = [np.float32(t) * maxima for t in SHARES]


def f1(tp, fp, fn):
    return np.where(2 * tp + fp + fn > 0, 2 * tp / np.maximum(2 * tp + fp + fn, 1), 0.0)


def counts(active, holds):
    """True positives, false positives, false negatives, [F, G]."""
    a, h = active.astype(float), holds.astype(float)
    return a.T @ h, a.T @ (1 - h), (1 - a).T @ h


scores = np.stack([f1(*counts(train > floor, train_holds)) for floor in floors])  # [T, F, G]
by_property = scores.max((0, 1))
one_threshold = scores.max(1).mean(1).max()
held_out = []
for g in range(G):
    t, f = np.unravel_index(scores[:, :, g].argmax(), (len(SHARES), F))
    tp, fp, fn = counts((test > floors[t])[:, [f]], test_holds[:, [g]])
    held_out.append(f1(tp, fp, fn)[0, 0])

sure = []
for floor in floors:
    tp, fp, _ = counts(train > floor, train_holds)
    sure.append((tp >= 0.95 * (tp + fp)) & (tp >= 10))  # both, as in circuits/analysis.py
predicted = np.stack([(test > floor).astype(int) @ s.astype(int) > 0 for floor, s in zip(floors, sure)])
tp = (predicted & test_holds).sum(2)
all_ = predicted.sum(2) + test_holds.sum(1)
rows = all_.max(0) > 0
mean_of_boards = np.where(all_ > 0, 2 * tp / np.maximum(all_, 1), 0).max(0)[rows].mean()
pooled = (2 * tp.sum(1) / all_.sum(1)).max()
highest = np.zeros_like(test_holds)
for row in range(len(test)):
    for f in range(F):
        levels = [t for t in range(len(SHARES)) if test[row, f] > floors[t][f] and sure[t][f].any()]
        if levels:
            highest[row] |= sure[levels[-1]][f]
highest_f1 = 2 * (highest & test_holds).sum() / (highest.sum() + test_holds.sum())

model = AutoEncoder(D, F)
model.load_state_dict({
    "bias": torch.tensor(weights["decoder_bias"]), "encoder.weight": torch.tensor(weights["encoder"]),
    "encoder.bias": torch.tensor(weights["encoder_bias"]),
    "decoder.weight": torch.tensor(weights["decoder"].T.copy()),
})
x = torch.tensor(test_x)
theirs = evaluate(model, iter([x]), device="cpu")
calculator = ExplainedVarianceCalculator()
back = model(x).detach()
calculator.add_batch(back, x)
errors = (x - back).pow(2).sum(-1)
legacy = (1 - errors / (x - x.mean(0)).pow(2).sum(-1)).mean()  # sae_lens.evals, explained_variance_legacy
figures = {
    "coverage": by_property.mean(), "coverage_one_threshold": one_threshold,
    "coverage_held_out": np.mean(held_out), "reconstruction": mean_of_boards,
    "reconstruction_pooled": pooled, "reconstruction_highest_threshold": highest_f1,
    "explained_variance": calculator.compute(), "explained_variance_per_row": legacy.item(),
    "squared_error": errors.mean().item(),
    "explained_variance_centred": theirs["frac_variance_explained"],
    "error_length": theirs["l2_loss"], "l0": theirs["l0"], "l1": theirs["l1_loss"],
    "cosine": theirs["cossim"], "l2_ratio": theirs["l2_ratio"],
    "relative_reconstruction_bias": theirs["relative_reconstruction_bias"],
    "live_share": theirs["frac_alive"],
}
for name, value in figures.items():
    print(f"{name:34} {value:.6f}")
tensors = weights | {
    "train_rows": train_x, "test_rows": test_x, "train_holds": train_holds, "test_holds": test_holds,
    "groups": groups, "best_by_property": by_property,
} | {f"figure.{name}": np.array([value]) for name, value in figures.items()}
save_file({name: np.ascontiguousarray(value, np.float32) for name, value in tensors.items()}, "evaluation.safetensors")
