"""Writes src/math/least-squares.reference.json: minima found by scipy.optimize.least_squares (method 'trf').

Run with scipy installed: python3 validate/least_squares_reference.py [another output file]
The problems are written again, independently, in src/math/least-squares.test.ts and validate/least-squares.mjs.
"""

import json
import sys
from pathlib import Path

import numpy as np
import scipy
from scipy.optimize import least_squares

T = np.linspace(0.0, 4.0, 41)
DECAY = 2.5 * np.exp(-1.3 * T) + 0.4 + 0.05 * np.sin(7.0 * T)  # the sine stands for noise
GAUSS = 3.0 * np.exp(-0.5 * ((T - 1.7) / 0.6) ** 2) + 0.1 * np.cos(5.0 * T)


def rosenbrock(x):
    return [10.0 * (x[1] - x[0] ** 2), 1.0 - x[0]]


def decay(x):
    return x[0] * np.exp(-x[1] * T) + x[2] - DECAY


def gauss(x):
    return x[0] * np.exp(-0.5 * ((T - x[1]) / x[2]) ** 2) - GAUSS


def powell(x):
    return [
        x[0] + 10.0 * x[1],
        np.sqrt(5.0) * (x[2] - x[3]),
        (x[1] - 2.0 * x[2]) ** 2,
        np.sqrt(10.0) * (x[0] - x[3]) ** 2,
    ]


INF = None
PROBLEMS = [
    ("rosenbrock", rosenbrock, [-1.2, 1.0], [INF, INF], [INF, INF]),
    ("rosenbrock", rosenbrock, [-1.2, 1.0], [INF, INF], [0.5, INF]),
    ("rosenbrock", rosenbrock, [2.0, 2.0], [INF, 1.5], [INF, INF]),
    ("decay", decay, [1.0, 1.0, 0.0], [INF, INF, INF], [INF, INF, INF]),
    ("decay", decay, [1.0, 1.0, 0.3], [0.0, 0.0, 0.0], [2.0, 5.0, 0.35]),
    ("gauss", gauss, [1.0, 1.0, 1.0], [0.0, 0.0, 0.7], [10.0, 4.0, 2.0]),
    ("powell", powell, [3.0, -1.0, 0.0, 1.0], [0.5, INF, INF, INF], [INF, INF, INF, 0.9]),
]


def main():
    cases = []
    for name, function, start, lower, upper in PROBLEMS:
        bounds = (
            [-np.inf if v is None else v for v in lower],
            [np.inf if v is None else v for v in upper],
        )
        # Starts on a bound are moved inside by scipy itself.
        start_in = np.clip(start, bounds[0], bounds[1])
        found = least_squares(
            function, start_in, bounds=bounds, method="trf", jac="3-point", xtol=1e-15, ftol=1e-15, gtol=1e-15, max_nfev=10000
        )
        cases.append(
            {
                "problem": name,
                "start": [float(v) for v in start_in],
                "lower": lower,
                "upper": upper,
                "x": [float(v) for v in found.x],
                "cost": float(found.cost),
                "active": [int(v) for v in found.active_mask],
            }
        )
    committed = Path(__file__).resolve().parent.parent / "src" / "math" / "least-squares.reference.json"
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else committed
    out.write_text(json.dumps({"scipy": scipy.__version__, "cases": cases}, indent=2) + "\n")


if __name__ == "__main__":
    main()
