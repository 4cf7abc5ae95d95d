"""Writes reference.json: what scipy says about the inputs the Swift tests compare with.

Run as `python3 make_fixtures.py` beside this file; made with scipy 1.17.1. Holm's values are
spelled out here, as scipy has none.
"""

import json
import pathlib

import numpy
from scipy import stats

random = numpy.random.default_rng(20240501)


def binomial():
    cases = [(0, 1), (1, 1), (0, 10), (10, 10), (1, 10), (3, 10), (5, 10), (17, 40), (39, 40),
             (1, 1000), (500, 1000), (999, 1000), (7, 100000), (54321, 100000), (250000, 1000000)]
    for k, n in cases:
        for level in (0.5, 0.9, 0.95, 0.999):
            # Beta quantiles: binomtest's exact interval is searched only to 2e-12.
            low = 0 if k == 0 else float(stats.beta.ppf((1 - level) / 2, k, n - k + 1))
            high = 1 if k == n else float(stats.beta.isf((1 - level) / 2, k + 1, n - k))
            wilson = stats.binomtest(k, n).proportion_ci(level, "wilson")
            yield {"successes": k, "trials": n, "level": level,
                   "clopperPearson": [low, high],
                   "wilson": [float(wilson.low), float(wilson.high)]}


def holm(p):
    order = numpy.argsort(p)
    scaled = numpy.minimum(1, (len(p) - numpy.arange(len(p))) * p[order])
    adjusted = numpy.empty(len(p))
    adjusted[order] = numpy.maximum.accumulate(scaled)
    return adjusted


def adjusted():
    for n in (1, 2, 5, 20):
        for spread in (1, 4):
            p = random.random(n) ** spread
            if n > 2:
                p[1] = p[0]
            yield {"pValues": p.tolist(),
                   "benjaminiHochberg": stats.false_discovery_control(p, method="bh").tolist(),
                   "benjaminiYekutieli": stats.false_discovery_control(p, method="by").tolist(),
                   "holm": holm(p).tolist()}


def ranks():
    for n in (5, 12, 40):
        x = numpy.round(random.normal(size=n), 1 if n > 5 else 6)
        y = numpy.round(x + random.normal(size=n), 1)
        labels = random.random(n) < 0.4
        labels[0], labels[1] = True, False
        u = stats.mannwhitneyu(x[labels], x[~labels]).statistic
        yield {"x": x.tolist(), "y": y.tolist(), "labels": labels.tolist(),
               "spearman": float(stats.spearmanr(x, y).statistic),
               "pearson": float(stats.pearsonr(x, y).statistic),
               "auroc": float(u / (labels.sum() * (~labels).sum()))}


def normal():
    for p in (1e-300, 1e-20, 1e-9, 1e-4, 0.025, 0.07, 0.1, 0.3, 0.5, 0.75, 0.93, 0.975, 0.9999):
        yield {"chance": p, "quantile": float(stats.norm.ppf(p))}


reference = {"binomial": list(binomial()), "adjusted": list(adjusted()), "ranks": list(ranks()),
             "normal": list(normal())}
text = json.dumps(reference, sort_keys=True, separators=(",", ":"))
text = text.replace('],"', '],\n"').replace("},{", "},\n{")
pathlib.Path(__file__).with_name("reference.json").write_text(text + "\n")
