"""Writes src/learn/baselines/sklearn-reference.json: support-vector and tree regression by scikit-learn.

Run with scikit-learn installed: python3 validate/baselines_reference.py [another output file]
"""

import json
import sys
from pathlib import Path

import numpy as np
import sklearn
from sklearn.ensemble import RandomForestRegressor
from sklearn.covariance import LedoitWolf
from sklearn.svm import SVR
from sklearn.tree import DecisionTreeRegressor


def standardise(values, weights):
    mean = np.average(values, axis=0, weights=weights)
    deviation = np.sqrt(np.average((values - mean) ** 2, axis=0, weights=weights))
    return mean, deviation


def support_vector(random):
    rows, tests, features = 60, 15, 4
    x = np.round(random.normal(size=(rows + tests, features)) * [1, 10, 0.1, 3] + [0, 5, 1, -2], 4)
    z = (x - [0, 5, 1, -2]) / [1, 10, 0.1, 3]
    y = np.round(3 + 2 * np.sin(z[:, 0]) + z[:, 1] * z[:, 2] + 0.3 * random.normal(size=rows + tests), 4)
    weights = np.round(random.uniform(0.2, 3, size=rows), 3)
    train, test = slice(0, rows), slice(rows, None)
    cases = []
    for kernel, C, epsilon, gamma, weighted in [
        ("rbf", 1.0, 0.1, 1.0, False),
        ("rbf", 10.0, 0.02, 0.3, False),
        ("rbf", 0.05, 0.3, 2.0, False),
        ("rbf", 1.0, 0.1, 1.0, True),
        ("rbf", 1.0, 0.0, 1.0, False),
        ("linear", 1.0, 0.1, 1.0, False),
        ("linear", 0.1, 0.2, 1.0, True),
    ]:
        w = weights if weighted else np.ones(rows)
        xm, xd = standardise(x[train], w)
        ym, yd = standardise(y[train], w)
        machine = SVR(kernel=kernel, C=C, epsilon=epsilon, gamma=gamma / features, tol=1e-9)
        machine.fit((x[train] - xm) / xd, (y[train] - ym) / yd, sample_weight=w / w.mean())
        cases.append(
            {
                "kernel": kernel,
                "C": C,
                "epsilon": epsilon,
                "gamma": gamma,
                "weighted": weighted,
                "support": int(len(machine.support_)),
                "bias": float(machine.intercept_[0]),
                "predictions": (ym + yd * machine.predict((x[test] - xm) / xd)).tolist(),
            }
        )
    return {
        "features": features,
        "train": x[train].ravel().tolist(),
        "labels": y[train].tolist(),
        "weights": weights.tolist(),
        "test": x[test].ravel().tolist(),
        "cases": cases,
    }


def tree(random):
    # Whole numbers: fewer than 256 distinct values a feature, so that binning loses nothing.
    rows, tests, features = 200, 40, 3
    x = random.integers(0, 100, size=(rows + tests, features)).astype(float)
    y = np.round(np.sin(x[:, 0] / 15) * 5 + (x[:, 1] > 40) * x[:, 2] / 20 + random.normal(size=rows + tests), 4)
    weights = np.round(random.uniform(0.2, 3, size=rows), 3)
    cases = []
    for leaf, depth, weighted in [(3, None, False), (5, None, False), (5, None, True), (12, 3, False)]:
        grown = DecisionTreeRegressor(min_samples_leaf=leaf, max_depth=depth, random_state=0)
        grown.fit(x[:rows], y[:rows], sample_weight=weights if weighted else None)
        cases.append(
            {
                "minLeaf": leaf,
                "maxDepth": depth,
                "weighted": weighted,
                "leaves": int(grown.get_n_leaves()),
                "predictions": grown.predict(x[rows:]).tolist(),
            }
        )
    return {
        "features": features,
        "train": x[:rows].ravel().tolist(),
        "labels": y[:rows].tolist(),
        "weights": weights.tolist(),
        "test": x[rows:].ravel().tolist(),
        "cases": cases,
    }


def forest(random):
    # Friedman 1991, Annals of Statistics 19:1, eq. 61, with two features of no effect.
    rows, tests, features = 300, 200, 7
    x = np.round(random.uniform(size=(rows + tests, features)), 3)
    law = 10 * np.sin(np.pi * x[:, 0] * x[:, 1]) + 20 * (x[:, 2] - 0.5) ** 2 + 10 * x[:, 3] + 5 * x[:, 4]
    y = np.round(law + random.normal(size=rows + tests), 3)
    errors = []
    for seed in range(20):
        grown = RandomForestRegressor(n_estimators=100, min_samples_leaf=3, max_features=1 / 3, random_state=seed)
        grown.fit(x[:rows], y[:rows])
        errors.append(float(np.mean((grown.predict(x[rows:]) - y[rows:]) ** 2)))
    return {
        "features": features,
        "train": x[:rows].ravel().tolist(),
        "labels": y[:rows].tolist(),
        "test": x[rows:].ravel().tolist(),
        "test_labels": y[rows:].tolist(),
        "trees": 100,
        "minLeaf": 3,
        "share": 1 / 3,
        "errors": errors,
    }


def covariance(random):
    cases = []
    for rows, features in [(12, 6), (60, 6), (5, 8)]:
        x = np.round(random.normal(size=(rows, features)) @ random.normal(size=(features, features)), 4)
        fitted = LedoitWolf().fit(x)
        cases.append(
            {
                "features": features,
                "rows": x.ravel().tolist(),
                "shrinkage": float(fitted.shrinkage_),
                "covariance": fitted.covariance_.ravel().tolist(),
            }
        )
    return cases


def main():
    committed = Path(__file__).resolve().parent.parent / "src" / "learn" / "baselines" / "sklearn-reference.json"
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else committed
    answer = {
        "sklearn": sklearn.__version__,
        "support_vector": support_vector(np.random.default_rng(1)),
        "tree": tree(np.random.default_rng(2)),
        "forest": forest(np.random.default_rng(3)),
        "covariance": covariance(np.random.default_rng(4)),
    }
    out.write_text(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()
