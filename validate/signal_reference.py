"""Writes src/signal/scipy.reference.json: what SciPy and NumPy make of one test signal.

Needs numpy and scipy only. Run from the project root:
    python validate/signal_reference.py [another output file]
"""

import json
import pathlib
import sys

import numpy as np
from scipy import interpolate, signal

RATE_HZ = 1000.0

DESIGNS = [
    ("lowpass", 1, 6.0),
    ("lowpass", 2, 6.0),
    ("lowpass", 3, 6.0),
    ("lowpass", 4, 15.0),
    ("lowpass", 8, 5.0),
    ("lowpass", 8, 0.5),
    ("highpass", 2, 30.0),
    ("highpass", 5, 20.0),
    ("bandpass", 1, [30.0, 450.0]),
    ("bandpass", 2, [30.0, 450.0]),
    ("bandpass", 3, [8.0, 12.0]),
    ("bandpass", 4, [20.0, 495.0]),
]


def main():
    rng = np.random.default_rng(20250101)
    t = np.arange(160) / RATE_HZ
    x = np.round(1.5 + np.sin(2 * np.pi * 7 * t) + 0.3 * np.sin(2 * np.pi * 90 * t) + 0.2 * rng.standard_normal(160), 6)
    frequencies = [0.25, 1.0, 6.0, 10.0, 30.0, 100.0, 300.0, 499.0]
    filters = []
    for kind, order, cutoff in DESIGNS:
        sos = signal.butter(order, cutoff, btype=kind, fs=RATE_HZ, output="sos")
        _, response = signal.sosfreqz(sos, worN=frequencies, fs=RATE_HZ)
        zi = signal.sosfilt_zi(sos)
        filters.append(
            {
                "type": kind,
                "order": order,
                "cutoff_Hz": cutoff,
                "sections": len(sos),
                "gain": np.abs(response).tolist(),
                "causal": signal.sosfilt(sos, x, zi=zi * x[0])[0].tolist(),
                "zero_phase": signal.sosfiltfilt(sos, x).tolist(),
            }
        )
    band = signal.butter(2, [30, 450], btype="bandpass", fs=RATE_HZ, output="sos")
    smooth = signal.butter(2, 6, fs=RATE_HZ, output="sos")
    envelope = np.maximum(signal.sosfiltfilt(smooth, np.abs(signal.sosfiltfilt(band, x))), 0)

    uneven = np.round(np.cumsum(rng.uniform(0.5, 1.5, 12)), 4)
    knots = np.round(np.sin(uneven) + 0.1 * uneven, 6)
    at = np.linspace(uneven[0], uneven[-1], 30)
    spline = interpolate.CubicSpline(uneven, knots)

    reference = {
        "versions": {"numpy": np.__version__, "scipy": __import__("scipy").__version__},
        "rate_Hz": RATE_HZ,
        "values": x.tolist(),
        "frequencies_Hz": frequencies,
        "filters": filters,
        "envelope": envelope.tolist(),
        "gradient": np.gradient(x, 1 / RATE_HZ, edge_order=2).tolist(),
        "spline": {
            "times_s": uneven.tolist(),
            "values": knots.tolist(),
            "at_s": at.tolist(),
            "interpolated": spline(at).tolist(),
            "slopes": spline(uneven, 1).tolist(),
        },
    }
    committed = pathlib.Path(__file__).resolve().parent.parent / "src" / "signal" / "scipy.reference.json"
    out = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else committed
    out.write_text(json.dumps(reference) + "\n")


if __name__ == "__main__":
    main()
