"""The work of selection-benchmark with numpy, scipy and scikit-learn: `selection_sklearn.py FILE PAIRS
SHUFFLES` prints the seconds, then the chosen features.

Written as one would write it fast there: all candidates and probes of a step are fitted together,
one call a fold, and one process with the threads of its BLAS.
"""

import sys
import time

import numpy
from scipy.stats import norm, rankdata, spearmanr
from sklearn.linear_model import LinearRegression, Ridge

MOST, CONFIDENCE, PROBES = 10, 0.95, 64


def standardised(values):
    ranks = rankdata(values, axis=0)
    return (ranks - ranks.mean(0)) / ranks.std(0)


def rests(design, values, folds):
    left = numpy.empty_like(values)
    for fold in numpy.unique(folds):
        held = folds == fold
        fit = LinearRegression(fit_intercept=False).fit(design[~held], values[~held])
        left[held] = values[held] - fit.predict(design[held])
    return left


def select(x, probes, y, folds, groups):
    n, p = x.shape
    chosen = []
    while len(chosen) < MOST:
        design = numpy.column_stack([numpy.ones(n), x[:, chosen]])
        left = rests(design, numpy.column_stack([y, x, probes]), folds)
        left -= left.mean(0)
        spread = numpy.sqrt((left ** 2).mean(0))
        spread[spread < 1e-9] = numpy.inf
        left /= spread
        correlations = left[:, 1:].T @ left[:, 0] / n
        correlations[chosen] = 0
        best = int(numpy.argmax(numpy.abs(correlations[:p])))
        r, u, v = correlations[best], left[:, 0], left[:, 1 + best]
        error = numpy.sqrt((numpy.bincount(groups, u * v - r * (u * u + v * v) / 2) ** 2).sum()) / n
        noise = numpy.sqrt((correlations[p:] ** 2).mean())
        z = norm.isf((1 - CONFIDENCE ** (1 / (p - len(chosen)))) / 2)
        if abs(r) <= z * max(noise, error):
            break
        chosen.append(best)
    return chosen


def score(x, y, folds, chosen):
    if not chosen:
        return 0.0
    predictions = numpy.empty_like(y)
    for fold in numpy.unique(folds):
        held = folds == fold
        fit = Ridge(alpha=1, fit_intercept=False).fit(x[~held][:, chosen], y[~held])
        predictions[held] = fit.predict(x[held][:, chosen])
    return spearmanr(predictions, y).statistic


table = numpy.loadtxt(sys.argv[1], delimiter=",")
pairs, shuffles = int(sys.argv[2]), int(sys.argv[3])
groups, folds, target, features = (
    table[:, 0].astype(int), table[:, 1].astype(int), table[:, 2], table[:, 3:])
random = numpy.random.default_rng(1)
start = time.perf_counter()
x, y = standardised(features), standardised(target)
probes = numpy.column_stack(
    [random.permutation(x[:, i % x.shape[1]]) for i in range(PROBES)])
frequencies = numpy.zeros(x.shape[1])
for _ in range(pairs):
    order = random.permutation(groups.max() + 1)
    for half in (order[:len(order) // 2], order[len(order) // 2:]):
        rows = numpy.isin(groups, half)
        chosen = select(x[rows], probes[rows], y[rows], folds[rows], groups[rows])
        frequencies[chosen] += 1 / (2 * pairs)
observed = select(x, probes, y, folds, groups)
real = score(x, y, folds, observed)
scores = []
for _ in range(shuffles):
    shuffled = random.permutation(y)
    scores.append(score(x, shuffled, folds, select(x, probes, shuffled, folds, groups)))
seconds = time.perf_counter() - start
print(f"{seconds:.4f}")
print("chosen", *sorted(observed))
print("stable", numpy.flatnonzero(frequencies >= 0.6).tolist())
print(f"score {real}, p {(1 + sum(s >= real for s in scores)) / (1 + shuffles)}, "
      f"false alarms {numpy.mean([s != 0 for s in scores])}")
