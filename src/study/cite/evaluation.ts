import { describeProtocol } from '../report/collect/protocols.js';
import type { Study } from '../schema.js';
import { cite } from './text.js';

/** Protocols, errors and tests, in a paragraph. */
export function writeEvaluation(study: Study): string {
  const n = study.participants.length;
  const protocols = study.protocols.map((name) => `${describeProtocol(study, name)}.`).join(' ');
  const leaks =
    'Nothing that was fitted (maxima, muscles, penalties, weights) saw a test frame, and no window reached across a border between parts.';
  const errors = `Errors were taken over the test frames that every model predicted: RMSE, normalised RMSE, MAE, R² and Pearson’s r, and skill, 1 − MSE / MSE of the baseline.`;
  const intervals =
    n < 5
      ? `Their 95 % intervals come from a block bootstrap of 2 s ${cite('Kunsch1989')}.`
      : `Their 95 % intervals come from a bootstrap that draws whole participants ${cite('DavisonHinkley1997', 'FieldWelsh2007')}, for frames of one person are not independent.`;
  return [protocols, leaks, errors, intervals, ...(n > 1 ? [writeTests(study)] : [])].join(' ');
}

function writeTests(study: Study): string {
  const n = study.participants.length;
  if (n < 3) return `With ${n} participants no test of a difference was made.`;
  const coverage = 'Intervals of prediction were held against the share of test frames within them, by participant.';
  const waveforms = study.cycle
    ? ` Curves over the cycle were compared by statistical parametric mapping (paired t, two-sided) ${cite('Friston1994', 'Pataky2012')}, α = 0.05 shared by the activities.`
    : '';
  return `Models were compared over participants (n = ${n}) by Friedman’s test ${cite('Friedman1937')} with the F of Iman and Davenport ${cite('ImanDavenport1980')}, and the main model with each other one but the mean by Wilcoxon signed-rank tests ${cite('Wilcoxon1945')}, p corrected after Holm ${cite('Holm1979')}; differences are Hodges–Lehmann estimates ${cite('HodgesLehmann1963')} with rank-biserial correlations ${cite('Kerby2014')}. Medians have percentile bootstrap intervals over participants ${cite('Efron1979')}.${waveforms} Agreement of peak torques is given as bias and 95 % limits for repeated measures ${cite('BlandAltman2007', 'Zou2013')}. ${coverage}`;
}

/** Program, versions and seeds, in a paragraph. */
export function writeSoftware(
  study: Study,
  versions: { readonly genu: string; readonly node?: string | undefined },
): string {
  const { training, seed } = study;
  const seeds = training.ensemble > 1 ? `seeds ${seed} to ${seed + training.ensemble - 1}` : `seed ${seed}`;
  const node = versions.node === undefined ? '' : ` on Node.js ${versions.node}`;
  return `All of this was done with genu ${versions.genu}${node} (${seeds}); the report lists every option and the SHA-256 of every input file.`;
}
