"""Writes agreement.json: what krippendorff and statsmodels say about random tables of ratings.

Run as `python3 make_agreement_fixtures.py` beside this file, with `pip install krippendorff
statsmodels`; the versions it was made with are in the file. Tables are raters x items, null where a
rating is missing. A figure is null where the ratings do not determine it or the package is not made
for them: Cohen's kappa is for two raters, Fleiss' for items with equally many ratings.
"""

import importlib.metadata
import json
import pathlib

import krippendorff
import numpy
from statsmodels.stats.inter_rater import aggregate_raters, cohens_kappa, fleiss_kappa

random = numpy.random.default_rng(20261126)
METRICS = ("nominal", "ordinal", "interval", "ratio")


def table(raters, items, categories, missing, noise):
    """Raters who see a truth and err at the rate `noise`; numbers that are not evenly spaced."""
    values = numpy.cumsum(random.integers(1, 4, size=categories)) - 1.0
    truth = random.integers(0, categories, size=items)
    seen = numpy.tile(truth, (raters, 1))
    wrong = random.random(seen.shape) < noise
    seen[wrong] = random.integers(0, categories, size=int(wrong.sum()))
    ratings = values[seen]
    ratings[random.random(seen.shape) < missing] = numpy.nan
    return ratings


def alphas(ratings):
    found = {}
    paired = ratings[:, (~numpy.isnan(ratings)).sum(axis=0) >= 2]
    several = len(numpy.unique(paired[~numpy.isnan(paired)])) > 1
    for metric in METRICS:
        found[metric] = float(
            krippendorff.alpha(reliability_data=ratings, level_of_measurement=metric)
        ) if several else None
    return found


def cohen(ratings):
    both = ratings[:, ~numpy.isnan(ratings).any(axis=0)]
    scores = numpy.unique(both)
    if ratings.shape[0] != 2 or len(scores) < 2:
        return None
    counts = numpy.zeros((len(scores), len(scores)))
    places = numpy.searchsorted(scores, both)
    numpy.add.at(counts, (places[0], places[1]), 1)
    return {
        "none": float(cohens_kappa(counts, return_results=False)),
        "linear": float(cohens_kappa(counts, weights=scores, wt="linear", return_results=False)),
        "quadratic": float(
            cohens_kappa(counts, weights=scores, wt="quadratic", return_results=False)),
    }


def fleiss(ratings):
    if numpy.isnan(ratings).any() or len(numpy.unique(ratings)) < 2:
        return None
    return float(fleiss_kappa(aggregate_raters(ratings.T)[0], method="fleiss"))


def tables():
    for raters in (2, 2, 3, 5, 9):
        for items in (2, 5, 12, 40):
            for categories in (2, 3, 5, 11):
                for missing in (0, 0.2, 0.5):
                    yield table(raters, items, categories, missing, random.choice((0.1, 0.5, 1)))


def case(ratings):
    return {
        "ratings": [[None if numpy.isnan(v) else v for v in row] for row in ratings.tolist()],
        "alpha": alphas(ratings), "cohen": cohen(ratings), "fleiss": fleiss(ratings),
    }


reference = {
    "versions": {name: importlib.metadata.version(name)
                 for name in ("krippendorff", "numpy", "statsmodels")},
    "tables": [case(ratings) for ratings in tables()],
}
text = json.dumps(reference, sort_keys=True, separators=(",", ":")).replace(".0,", ",")
pathlib.Path(__file__).with_name("agreement.json").write_text(text.replace(".0]", "]") + "\n")
