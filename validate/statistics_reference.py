"""Writes src/study/statistics/scipy-reference.json and spm1d-reference.json: tests, distributions and intervals of SciPy, curves of spm1d.

Run with scipy and spm1d installed: python3 validate/statistics_reference.py [another output file, which gets both]
Then: npm run format
What SciPy lacks is counted out here from its definition: Holm, Hodges-Lehmann and its interval, Bland-Altman, Hedges.
"""

import itertools
import json
import sys
from pathlib import Path

import numpy as np
import scipy
import spm1d
from scipy import special, stats

FOLDER = Path(__file__).resolve().parent.parent / "src" / "study" / "statistics"
ALTERNATIVES = ["two-sided", "greater", "less"]


def as_lists(value):
    if isinstance(value, dict):
        return {key: as_lists(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_lists(item) for item in value]
    if isinstance(value, np.ndarray):
        return value.tolist()
    return value.item() if isinstance(value, np.generic) else value


def distributions():
    t = [(t, v) for v in (1, 2, 3, 6, 11, 23, 99, 400) for t in (-2.5, 0.01, 0.5, 1.3, 2.2, 4, 9, 20)]
    f = [(x, a, b) for a, b in ((1, 5), (2, 12), (4, 24), (6, 90), (3, 6)) for x in (0.05, 0.7, 1.5, 4, 12, 80)]
    c = [(x, v) for v in (1, 2, 3, 5, 9, 30, 120) for x in (0.01, 0.8, 2, 6, 15, 60, 200)]
    z = [-3, -0.4, 0, 0.3, 1.96, 4, 8, 15]
    q = [(q, k, v) for k in (2, 3, 10) for v in (2, 30, np.inf) for q in (0.3, 1, 2.5, 3.6, 5, 8)]
    points = [(p, k, v) for p, k, v in itertools.product((0.01, 0.05), (2, 3, 10), (10, np.inf))]
    return {
        "student": [[*at, stats.t.sf(*at)] for at in t],
        "f": [[*at, stats.f.sf(*at)] for at in f],
        "chi_squared": [[*at, stats.chi2.sf(*at)] for at in c],
        "normal": [[at, stats.norm.sf(at)] for at in z],
        "log_gamma": [[x, special.gammaln(x)] for x in (1e-3, 0.2, 0.5, 1, 2.5, 7, 13, 60, 1000)],
        "student_value": [[p, v, stats.t.isf(p, v)] for p in (0.3, 0.025, 1e-4) for v in (1, 2, 6, 30, 200)],
        "chi_squared_value": [[p, v, stats.chi2.isf(p, v)] for p in (0.975, 0.5, 0.025) for v in (1, 6, 11, 60)],
        # Infinity is written as null.
        "range": [[x, k, None if np.isinf(v) else v, stats.studentized_range.sf(x, k, v)] for x, k, v in q],
        "range_value": [[p, k, None if np.isinf(v) else v, stats.studentized_range.isf(p, k, v)] for p, k, v in points],
    }


def pairs():
    rng = np.random.default_rng(20250101)
    lists = []
    for n in (3, 5, 7, 12, 13, 25, 40, 50, 60, 120):
        a = rng.normal(0.14, 0.03, n)
        lists.append((a, a + rng.normal(0.01, 0.03, n)))
    # Rounded to halves: ties and zeros.
    for n in (6, 9, 13, 30, 70):
        a = np.round(rng.normal(5, 1, n) * 2) / 2
        lists.append((a, a + np.round(rng.normal(0.3, 1, n) * 2) / 2))
    return lists


def shift_interval(d, confidence):
    """All shifts a signed-rank test keeps, by trying every mean of two values as the shift's border (n <= 13: all signs are counted)."""
    n = len(d)
    means = np.sort([(d[i] + d[j]) / 2 for i in range(n) for j in range(i + 1)])
    sums = np.array([sum(r for r, s in zip(range(1, n + 1), signs) if s) for signs in itertools.product((0, 1), repeat=n)])
    keep = [w for w in range(n * (n + 1) // 2 + 1) if 2 * min(np.mean(sums <= w), np.mean(sums >= w)) > 1 - confidence]
    # Just above the i-th mean, i means are below the shift, so the sum of positive ranks is the number of those above.
    kept = [i for i in range(len(means) + 1) if len(means) - i in keep]
    if kept[0] == 0:
        return None
    return [means[kept[0] - 1], means[kept[-1]]]


def wilcoxon(a, b):
    rows = []
    n = int(np.sum(a != b))
    tied = len(np.unique(np.abs(a - b))) < len(a) or n < len(a)
    for zeros, method, alternative in itertools.product(("wilcox", "pratt"), ("exact", "asymptotic"), ALTERNATIVES):
        # SciPy's exact p holds only without ties or zeros; up to 13 pairs it goes through all signs instead.
        if method == "exact" and ((tied and len(a) > 13) or len(a) > 50):
            continue
        chosen = "auto" if method == "exact" else method
        done = stats.wilcoxon(a, b, zero_method=zeros, method=chosen, alternative=alternative, correction=False)
        if alternative == "greater":
            rows += [{"zeros": zeros, "method": method, "positive": done.statistic}]
        rows += [{"zeros": zeros, "method": method, "alternative": alternative, "p": done.pvalue}]
    return rows


def paired():
    cases = []
    for a, b in pairs():
        d = a - b
        n = len(d)
        t = {alternative: stats.ttest_rel(a, b, alternative=alternative).pvalue for alternative in ALTERNATIVES}
        test = stats.ttest_rel(a, b)
        dz = d.mean() / d.std(ddof=1)
        half = (n - 1) / 2
        hedges = dz * special.gamma(half) / (np.sqrt(half) * special.gamma(half - 0.5)) if n > 2 and n < 150 else None
        cases.append(
            {
                "a": a,
                "b": b,
                "wilcoxon": wilcoxon(a, b),
                "location": np.median([(d[i] + d[j]) / 2 for i in range(n) for j in range(i + 1)]),
                "interval": {str(c): shift_interval(d, c) for c in (0.9, 0.95)} if n <= 13 else None,
                "t": {"t": test.statistic, "p": t, "interval": list(test.confidence_interval(0.95)), "dz": dz, "hedges": hedges},
            }
        )
    return cases


def friedman():
    rng = np.random.default_rng(7)
    cases = []
    for n, k, step in ((7, 3, 0), (7, 5, 0.5), (12, 4, 0), (24, 6, 0.5), (10, 3, 1)):
        x = rng.normal(0, 1, (k, n)) + 0.5 * np.arange(k)[:, None]
        if step:
            x = np.round(x / step) * step
        test = stats.friedmanchisquare(*x)
        ranks = stats.rankdata(x, axis=0).mean(axis=1)
        w = test.statistic / (n * (k - 1))
        f = (n - 1) * w / (1 - w)
        q = np.abs(ranks[:, None] - ranks[None, :]) / np.sqrt(k * (k + 1) / (12 * n))
        cases.append(
            {
                "treatments": x,
                "chi_squared": test.statistic,
                "p": test.pvalue,
                "w": w,
                "p_f": stats.f.sf(f, k - 1, (k - 1) * (n - 1)),
                "ranks": ranks,
                "nemenyi": [stats.studentized_range.sf(q[i, j], k, np.inf) for i in range(k) for j in range(i + 1, k)],
                "critical": stats.studentized_range.isf(0.05, k, np.inf) * np.sqrt(k * (k + 1) / (12 * n)),
            }
        )
    return cases


def corrections():
    rng = np.random.default_rng(3)
    cases = []
    for m in (1, 2, 5, 6):
        p = np.round(rng.uniform(0, 0.3, m), 2)
        # Holm by its meaning: a closed test, every set of hypotheses with i among them rejected by Bonferroni.
        sets = [s for size in range(1, m + 1) for s in itertools.combinations(range(m), size)]
        holm = [max(min(1, len(s) * min(p[list(s)])) for s in sets if i in s) for i in range(m)]
        cases.append({"p": p, "holm": holm, "benjamini_hochberg": stats.false_discovery_control(p)})
    return cases


def bootstrap():
    rng = np.random.default_rng(11)
    cases = []
    for n, statistic in ((7, "mean"), (12, "mean"), (12, "rms")):
        x = rng.exponential(0.1, n) + 0.05
        f = {"mean": lambda v, axis: v.mean(axis=axis), "rms": lambda v, axis: np.sqrt((v**2).mean(axis=axis))}[statistic]
        drawn = stats.bootstrap((x,), f, n_resamples=499, rng=rng, method="BCa")
        intervals = {}
        for method in ("percentile", "BCa"):
            again = stats.bootstrap((x,), f, n_resamples=0, bootstrap_result=drawn, method=method, rng=rng)
            intervals[method] = list(again.confidence_interval)
        cases.append({"values": x, "statistic": statistic, "draws": drawn.bootstrap_distribution, "intervals": intervals})
    return cases


def bland_altman():
    rng = np.random.default_rng(5)
    cases = []
    for counts in ([1] * 8, [4] * 7, [3, 9, 5, 4, 12, 6]):
        d = [rng.normal(rng.normal(0.02, 0.05), 0.03, m) for m in counts]
        n, total = len(d), sum(counts)
        means = np.array([x.mean() for x in d])
        between = means.var(ddof=1)
        repeated = total > n
        within = sum(((x - x.mean()) ** 2).sum() for x in d) / (total - n) if repeated else 0.0
        share = 1 - stats.mstats.hmean(np.array(counts, float)) ** -1
        case = {"differences": d, "bias": means.mean(), "within": within, "sd": np.sqrt(between + share * within)}
        # Bland & Altman 2007: components from the one-way analysis of variance; the same thing where counts are alike.
        if repeated and len(set(counts)) == 1:
            m = counts[0]
            case["sd_anova"] = np.sqrt((m * between - within) / m + within)
        half = stats.t.isf(0.025, n - 1) * np.sqrt(between / n)
        case["bias_interval"] = [means.mean() - half, means.mean() + half]
        z = stats.norm.isf(0.025)
        variance = case["sd"] ** 2
        parts = np.array([between, share * within])
        low = np.linalg.norm(parts * (1 - (n - 1) / stats.chi2.isf(0.025, n - 1)))
        high = np.linalg.norm(parts * ((n - 1) / stats.chi2.isf(0.975, n - 1) - 1))
        s_low, s_high = np.sqrt(max(0, variance - low)), np.sqrt(variance + high)
        inner = np.sqrt(z**2 * between / n + z**2 * (case["sd"] - s_low) ** 2)
        outer = np.sqrt(z**2 * between / n + z**2 * (s_high - case["sd"]) ** 2)
        upper = means.mean() + z * case["sd"]
        case["upper_interval"] = [upper - inner, upper + outer]
        cases.append(case)
    return cases


def curves():
    rng = np.random.default_rng(2)
    cases = []
    for n, nodes, fwhm, shift, sides, alpha in (
        (7, 101, 20, 1.6, 2, 0.05),
        (12, 101, 10, 1.2, 2, 0.05),
        (10, 51, 8, 2.0, 1, 0.05),
        (8, 101, 25, 0.0, 2, 0.05),
        (10, 101, 1, 1.5, 2, 0.05),
        (15, 61, 12, 3.0, 2, 0.01),
        (24, 101, 15, 0.9, 2, 0.05),
    ):
        a = spm1d.rft1d.random.randn1d(n, nodes, fwhm, pad=True) if fwhm > 1 else rng.normal(size=(n, nodes))
        b = spm1d.rft1d.random.randn1d(n, nodes, fwhm, pad=True) if fwhm > 1 else rng.normal(size=(n, nodes))
        # A hump and a dip, so that clusters of both signs come about; the last but one lies beyond the threshold all over.
        x = np.linspace(0, 1, nodes)
        wave = np.ones(nodes) if shift == 3.0 else np.sin(2 * np.pi * x)
        a, b = np.round(a + 1.5 * shift * wave, 3), np.round(b, 3)
        spm = spm1d.stats.ttest_paired(a, b)
        done = spm.inference(alpha, two_tailed=sides == 2)
        cases.append(
            {
                "a": a,
                "b": b,
                "alpha": alpha,
                "sides": sides,
                "t": spm.z,
                "fwhm": spm.fwhm,
                "resels": spm.resels[1],
                "threshold": done.zstar,
                "set_p": done.p_set,
                "clusters": [[*c.endpoints, c.csign, c.P] for c in done.clusters],
            }
        )
    return cases


def main():
    np.random.seed(20250101)  # rft1d draws from the global stream
    scipy_part = {
        "scipy": scipy.__version__,
        "distributions": distributions(),
        "paired": paired(),
        "friedman": friedman(),
        "corrections": corrections(),
        "bootstrap": bootstrap(),
        "bland_altman": bland_altman(),
    }
    spm1d_part = {"spm1d": spm1d.__version__, "cases": curves()}
    parts = {"scipy-reference.json": as_lists(scipy_part), "spm1d-reference.json": as_lists(spm1d_part)}
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(json.dumps(parts))
        return
    for name, part in parts.items():
        (FOLDER / name).write_text(json.dumps(part) + "\n")


if __name__ == "__main__":
    main()
