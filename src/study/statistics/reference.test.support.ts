/** Shape of the committed reference numbers, which validate/statistics_reference.py makes. */

export interface PairedCase {
  a: number[];
  b: number[];
  wilcoxon: {
    zeros: 'wilcox' | 'pratt';
    method: 'exact' | 'asymptotic';
    alternative?: 'two-sided' | 'greater' | 'less';
    p: number;
    positive?: number;
  }[];
  location: number;
  interval: { [confidence: string]: [number, number] | null } | null;
  t: { t: number; p: { [alternative: string]: number }; interval: [number, number]; dz: number; hedges: number | null };
}

export interface ScipyReference {
  distributions: { [name: string]: (number | null)[][] };
  paired: PairedCase[];
  friedman: {
    treatments: number[][];
    chi_squared: number;
    p: number;
    w: number;
    p_f: number;
    ranks: number[];
    nemenyi: number[];
    critical: number;
  }[];
  corrections: { p: number[]; holm: number[]; benjamini_hochberg: number[] }[];
  bootstrap: {
    values: number[];
    statistic: 'mean' | 'rms';
    draws: number[];
    intervals: { [method: string]: number[] };
  }[];
  bland_altman: {
    differences: number[][];
    bias: number;
    within: number;
    sd: number;
    sd_anova?: number;
    bias_interval: number[];
    upper_interval: number[];
  }[];
}

export interface Spm1dReference {
  cases: {
    a: number[][];
    b: number[][];
    alpha: number;
    sides: 1 | 2;
    t: number[];
    fwhm: number;
    resels: number;
    threshold: number;
    set_p: number;
    clusters: [start: number, end: number, sign: number, p: number][];
  }[];
}
