"""Writes mining.json: what scipy, scikit-learn and statsmodels say about the inputs the Swift tests
of regression, information and reliability compare with.

Run as `python3 make_mining_fixtures.py` beside this file; made with scipy 1.17.1, scikit-learn 1.9.1
and statsmodels 0.15.0. Where an optimiser there stops early its result is the start of a root search
on the gradient; beta-binomial regression, which none has, is scipy's
betabinom likelihood with its gradient brought to zero. Frenzel and Pompe's estimator is spelled out
with scipy's k-d tree.
"""

import json
import pathlib

import numpy
from scipy import optimize, special, stats
from scipy.spatial import cKDTree
from sklearn.feature_selection._mutual_info import _compute_mi_cc
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV, PredefinedSplit, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
import statsmodels.api as sm
from statsmodels.miscmodels.ordinal_model import OrderedModel

random = numpy.random.default_rng(20261126)


def columns_of(x):
    return x.T.tolist()


def short(values):
    """Five digits, so that the file stays small."""
    return numpy.vectorize(lambda value: float(f"{value:.5g}"))(values)


def design(n, p):
    x = random.normal(size=(n, p)) @ random.normal(size=(p, p))
    return short(x * 10.0 ** random.integers(-2, 3, size=p) + random.normal(size=p))


def scaled_back(scaler, coefficients, intercept):
    slopes = coefficients / scaler.scale_
    return slopes.tolist(), float(intercept - slopes @ scaler.mean_)


def ridge():
    for n, p in ((12, 2), (60, 5)):
        x = design(n, p)
        y = short(x @ random.normal(size=p) / x.std() + random.normal(size=n))
        weights = random.integers(1, 6, size=n).astype(float)
        ols = sm.OLS(y, sm.add_constant(x)).fit()
        yield {"columns": columns_of(x), "target": y.tolist(), "penalty": 0, "standardised": True,
               "weights": None, "intercept": float(ols.params[0]),
               "coefficients": ols.params[1:].tolist(), "standardErrors": ols.bse[1:].tolist()}
        for penalty in (0.3, 25.0):
            for w in (None, weights):
                scaler = StandardScaler().fit(x, sample_weight=w)
                fit = Ridge(alpha=penalty, solver="cholesky").fit(
                    scaler.transform(x), y, sample_weight=w)
                slopes, intercept = scaled_back(scaler, fit.coef_, fit.intercept_)
                yield {"columns": columns_of(x), "target": y.tolist(), "penalty": penalty,
                       "standardised": True, "weights": None if w is None else w.tolist(),
                       "intercept": intercept, "coefficients": slopes, "standardErrors": None}
            fit = Ridge(alpha=penalty, solver="svd").fit(x, y)
            yield {"columns": columns_of(x), "target": y.tolist(), "penalty": penalty,
                   "standardised": False, "weights": None, "intercept": float(fit.intercept_),
                   "coefficients": fit.coef_.tolist(), "standardErrors": None}


def folded():
    for n, p in ((40, 3), (90, 6)):
        x = design(n, p)
        y = short(x @ random.normal(size=p) / x.std() + 2 * random.normal(size=n))
        folds = random.integers(0, 5, size=n)
        penalties = [0.1, 1.0, 10.0, 100.0]
        split = PredefinedSplit(folds)
        search = GridSearchCV(
            make_pipeline(StandardScaler(), Ridge(solver="cholesky")), {"ridge__alpha": penalties},
            scoring=lambda model, a, b: -float(((model.predict(a) - b) ** 2).sum()), cv=split)
        search.fit(x, y)
        predicted = cross_val_predict(
            make_pipeline(StandardScaler(), Ridge(alpha=1, solver="cholesky")), x, y, cv=split)
        yield {"columns": columns_of(x), "target": y.tolist(), "folds": folds.tolist(),
               "penalties": penalties, "chosen": float(search.best_params_["ridge__alpha"]),
               "outOfFold": predicted.tolist()}


def logistic():
    for n, p in ((80, 2), (200, 5)):
        x = design(n, p)
        z = (x - x.mean(0)) / x.std(0) @ random.normal(size=p) * 0.7
        y = (random.random(n) < special.expit(z)).astype(float)
        base = {"columns": columns_of(x), "weights": None, "hasIntercept": True}
        fit = sm.Logit(y, sm.add_constant(x)).fit(method="newton", tol=1e-15, maxiter=200, disp=0)
        yield base | {"target": y.tolist(), "penalty": 0, "intercept": float(fit.params[0]),
                      "coefficients": fit.params[1:].tolist(),
                      "standardErrors": fit.bse[1:].tolist()}
        trials = random.integers(1, 20, size=n)
        hits = random.binomial(trials, special.expit(z))
        fit = sm.GLM(numpy.column_stack([hits, trials - hits]), sm.add_constant(x),
                     family=sm.families.Binomial()).fit(tol=1e-15, maxiter=200)
        yield base | {"target": (hits / trials).tolist(), "weights": trials.astype(float).tolist(),
                      "penalty": 0, "intercept": float(fit.params[0]),
                      "coefficients": fit.params[1:].tolist(),
                      "standardErrors": fit.bse[1:].tolist()}
        scaler = StandardScaler().fit(x)
        for penalty in (0.5, 20.0):
            fit = LogisticRegression(C=1 / penalty, solver="newton-cholesky", tol=1e-14,
                                     max_iter=1000).fit(scaler.transform(x), y)
            slopes, intercept = scaled_back(scaler, fit.coef_[0], fit.intercept_[0])
            yield base | {"target": y.tolist(), "penalty": penalty, "intercept": intercept,
                          "coefficients": slopes, "standardErrors": None}
            scales = numpy.sqrt((x ** 2).mean(0))
            fit = LogisticRegression(C=1 / penalty, solver="newton-cholesky", tol=1e-14,
                                     fit_intercept=False, max_iter=1000).fit(x / scales, y)
            yield base | {"target": y.tolist(), "penalty": penalty, "intercept": 0,
                          "hasIntercept": False, "standardErrors": None,
                          "coefficients": (fit.coef_[0] / scales).tolist()}


def ordinal_score(params, x, codes, cuts):
    """The gradient of the log likelihood by slopes, then thresholds."""
    slopes, edges = params[:x.shape[1]], numpy.concatenate([[-1e9], params[x.shape[1]:], [1e9]])
    z = x @ slopes
    upper, lower = edges[codes + 1] - z, edges[codes] - z
    chance = special.expit(upper) - special.expit(lower)
    by_upper = special.expit(upper) * special.expit(-upper) / chance
    by_lower = special.expit(lower) * special.expit(-lower) / chance
    thresholds = [by_upper[codes == k].sum() - by_lower[codes == k + 1].sum()
                  for k in range(cuts)]
    return numpy.concatenate([-x.T @ (by_upper - by_lower), thresholds])


def ordinal():
    for n, p, levels in ((120, 2, 3), (250, 4, 5)):
        x = design(n, p)
        z = (x - x.mean(0)) / x.std(0) @ random.normal(size=p) + random.logistic(size=n)
        y = numpy.digitize(z, numpy.quantile(z, numpy.arange(1, levels) / levels))
        scaler = StandardScaler().fit(x)
        scaled = scaler.transform(x)
        model = OrderedModel(y, scaled, distr="logit")
        fit = model.fit(method="bfgs", gtol=1e-10, maxiter=1000, disp=0)
        start = numpy.concatenate(
            [fit.params[:p], model.transform_threshold_params(fit.params)[1:-1]])
        root = optimize.root(ordinal_score, start, args=(scaled, y, levels - 1), tol=1e-14).x
        errors = fit.bse[:p] / scaler.scale_
        slopes = root[:p] / scaler.scale_
        yield {"columns": columns_of(x), "target": (y * 2.0 - 1).tolist(),
               "coefficients": slopes.tolist(),
               "thresholds": (root[p:] + slopes @ scaler.mean_).tolist(),
               "statsmodelsCoefficients": (fit.params[:p] / scaler.scale_).tolist(),
               "standardErrors": errors.tolist()}


def beta_binomial_score(params, x, hits, trials):
    mean = special.expit(x @ params[:-1])
    precision = numpy.exp(params[-1])
    a, b = mean * precision, (1 - mean) * precision
    all_ = special.digamma(trials + precision) - special.digamma(precision)
    by_a = special.digamma(hits + a) - special.digamma(a) - all_
    by_b = special.digamma(trials - hits + b) - special.digamma(b) - all_
    by_odds = (by_a - by_b) * precision * mean * (1 - mean)
    return numpy.append(x.T @ by_odds, (by_a * a + by_b * b).sum())


def beta_binomial():
    for n, p, precision in ((120, 2, 3.0), (200, 4, 12.0)):
        x = design(n, p)
        scaler = StandardScaler().fit(x)
        scaled = sm.add_constant(scaler.transform(x))
        mean = special.expit(scaled @ random.normal(size=p + 1) * 0.6)
        trials = random.integers(1, 400 if p == 4 else 30, size=n)
        hits = random.binomial(trials, random.beta(mean * precision, (1 - mean) * precision))

        def loss(params):
            mean = special.expit(scaled @ params[:-1])
            size = numpy.exp(params[-1])
            return -stats.betabinom.logpmf(hits, trials, mean * size, (1 - mean) * size).sum()

        start = optimize.minimize(loss, numpy.zeros(p + 2), method="BFGS").x
        root = optimize.root(
            beta_binomial_score, start, args=(scaled, hits, trials), tol=1e-14).x
        slopes, intercept = scaled_back(scaler, root[1:-1], root[0])
        yield {"columns": columns_of(x), "successes": hits.astype(float).tolist(),
               "trials": trials.astype(float).tolist(), "intercept": intercept,
               "coefficients": slopes, "dispersion": float(1 / (1 + numpy.exp(root[-1])))}


def frenzel_pompe(x, y, z, k):
    joint = numpy.column_stack([x, y, z])
    radius = cKDTree(joint).query(joint, k + 1, p=numpy.inf)[0][:, -1]

    def within(points):
        tree = cKDTree(points)
        return numpy.array([len(tree.query_ball_point(q, numpy.nextafter(r, 0), p=numpy.inf)) - 1
                            for q, r in zip(points, radius)])

    nz, nxz, nyz = within(z), within(numpy.column_stack([x, z])), within(numpy.column_stack([y, z]))
    return special.digamma(k) + float(numpy.mean(
        special.digamma(nz + 1) - special.digamma(nxz + 1) - special.digamma(nyz + 1)))


def information():
    for n, k, dimensions in ((50, 3, 1), (200, 5, 2), (150, 3, 4)):
        z = short(random.normal(size=(n, dimensions)))
        x = short(z[:, 0] + random.normal(size=n))
        y = short(z[:, 0] + 0.6 * x + random.normal(size=n))
        yield {"x": x.tolist(), "y": y.tolist(), "given": columns_of(z), "neighbours": k,
               "plain": float(_compute_mi_cc(x, y, k)),
               "conditional": float(frenzel_pompe(x, y, z, k))}


def partial():
    for n, c in ((30, 1), (80, 3)):
        controls = short(random.normal(size=(n, c)))
        x = numpy.round(controls[:, 0] + random.normal(size=n), 1)
        y = numpy.round(x - controls.sum(1) + random.normal(size=n), 1)
        ranked = sm.add_constant(stats.rankdata(controls, axis=0))
        rests = [sm.OLS(stats.rankdata(v), ranked).fit().resid for v in (x, y)]
        yield {"x": x.tolist(), "y": y.tolist(), "controls": columns_of(controls),
               "value": float(stats.pearsonr(*rests).statistic)}


def intraclass():
    for n, k in ((8, 2), (30, 4)):
        ratings = short(random.normal(size=(n, 1)) + 0.5 * random.normal(size=k)
                        + random.normal(size=(n, k)))
        means, raters, grand = ratings.mean(1), ratings.mean(0), ratings.mean()
        b = k * ((means - grand) ** 2).sum() / (n - 1)
        w = ((ratings - means[:, None]) ** 2).sum() / (n * (k - 1))
        j = n * ((raters - grand) ** 2).sum() / (k - 1)
        e = ((ratings - means[:, None] - raters + grand) ** 2).sum() / ((n - 1) * (k - 1))
        # The F statistic is scipy's, so the mean squares above are checked by it.
        f = stats.f_oneway(*ratings).statistic
        assert abs(f - b / w) < 1e-9 * f
        ends = [f / stats.f.ppf(q, n - 1, n * (k - 1)) for q in (0.975, 0.025)]
        yield {"ratings": columns_of(ratings), "oneWay": float((b - w) / (b + (k - 1) * w)),
               "interval": [float((q - 1) / (q + k - 1)) for q in ends],
               "agreement": float((b - e) / (b + (k - 1) * e + k * (j - e) / n)),
               "consistency": float((b - e) / (b + (k - 1) * e))}


def gamma():
    for x in (1e-3, 0.3, 1.0, 2.5, 7.0, 11.9, 40.0, 1e4):
        yield {"x": x, "digamma": float(special.digamma(x)),
               "trigamma": float(special.polygamma(1, x))}


def permutation():
    x = numpy.round(random.normal(size=7), 1)
    y = numpy.round(x + random.normal(size=7), 1)
    exact = stats.permutation_test(
        (x,), lambda v: stats.spearmanr(v, y).statistic, permutation_type="pairings",
        n_resamples=numpy.inf, alternative="greater")
    return {"x": x.tolist(), "y": y.tolist(), "greater": float(exact.pvalue)}


reference = {"ridge": list(ridge()), "folded": list(folded()), "logistic": list(logistic()),
             "ordinal": list(ordinal()), "betaBinomial": list(beta_binomial()),
             "information": list(information()), "partial": list(partial()),
             "intraclass": list(intraclass()), "gamma": list(gamma()),
             "permutation": permutation()}
text = json.dumps(reference, sort_keys=True, separators=(",", ":"))
text = text.replace('],"', '],\n"').replace("},{", "},\n{")
pathlib.Path(__file__).with_name("mining.json").write_text(text + "\n")
