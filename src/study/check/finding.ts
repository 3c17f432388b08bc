/** How much a finding matters: an error spoils results, a warning may, a note is good to know or already taken care of. */
export type Severity = 'error' | 'warning' | 'note';

/** Where something was found. */
export interface Place {
  /** Relative to the data root of a study; otherwise as it was named. */
  readonly file?: string | undefined;
  readonly participant?: string | undefined;
  readonly trial?: string | undefined;
  readonly channel?: string | undefined;
}

/** One thing that a check found. */
export interface Finding {
  /** Kind of finding, e.g. `moment-unit`; docs/check.md lists them. */
  readonly id: string;
  readonly severity: Severity;
  readonly where: Place;
  /** What is seen, with its figures: one sentence. */
  readonly what: string;
  /** What is probably behind it. */
  readonly cause: string;
  /** What to do about it. */
  readonly mend: string;
  /** Lines to add to study.yaml that mend it. */
  readonly yaml?: string | undefined;
  /** The line of the study that takes care of it already; such a finding is a note. */
  readonly mended_by?: string | undefined;
  /** The very thing as a small SVG document. */
  readonly picture?: string | undefined;
}

export const severities: readonly Severity[] = ['error', 'warning', 'note'];

/** How many findings there are of each severity. */
export function countFindings(findings: readonly Finding[]): Record<Severity, number> {
  const counts = { error: 0, warning: 0, note: 0 };
  for (const { severity } of findings) counts[severity]++;
  return counts;
}

/** Most severe first, what is mended last; otherwise the order stays. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  const rank = ({ severity, mended_by }: Finding) => severities.indexOf(severity) + (mended_by === undefined ? 0 : 0.5);
  return [...findings].sort((a, b) => rank(a) - rank(b));
}
