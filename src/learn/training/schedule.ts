import { LearnError } from '../errors.js';

/**
 * How the learning rate goes over the training, as factors of the rate given.
 *
 * - 'constant': 1.
 * - 'cosine': rises linearly over the share `warmUp` of the steps, then falls as half a cosine to zero (Loshchilov &
 *   Hutter 2017, arXiv 1608.03983, eq. 5, without restarts; warm-up as by Goyal et al. 2017, arXiv 1706.02677, section 2.2).
 * - 'step': multiplied by `factor` after every `every` epochs.
 * - 'one-cycle': from 1/`start` to 1 over the share `rise` of the steps, then to 1/(`start`·`end`), both as half a cosine
 *   (Smith & Topin 2018, arXiv 1708.07120; departures: cosines for lines, and the momentum stays).
 * - 'plateau': multiplied by `factor` whenever the validation loss has not been better by the share `threshold` for more
 *   than `patience` epochs.
 */
export type Schedule =
  | { readonly kind: 'constant' }
  | { readonly kind: 'cosine'; readonly warmUp: number }
  | { readonly kind: 'step'; readonly every: number; readonly factor: number }
  | { readonly kind: 'one-cycle'; readonly rise: number; readonly start: number; readonly end: number }
  | { readonly kind: 'plateau'; readonly patience: number; readonly factor: number; readonly threshold: number };

const defaults = {
  constant: { kind: 'constant' },
  cosine: { kind: 'cosine', warmUp: 1 / 20 },
  step: { kind: 'step', every: 10, factor: 0.5 },
  'one-cycle': { kind: 'one-cycle', rise: 0.3, start: 25, end: 1e4 },
  plateau: { kind: 'plateau', patience: 3, factor: 0.5, threshold: 1e-4 },
} as const satisfies Record<string, Schedule>;

/** A schedule by its kind alone, or with some of its numbers. */
export type GivenSchedule =
  | Schedule['kind']
  | {
      [Kind in Schedule['kind']]: { readonly kind: Kind } & Partial<Extract<Schedule, { kind: Kind }>>;
    }[Schedule['kind']];

/** Fills in the defaults. @throws LearnError that names what is out of its range */
export function makeSchedule(given: GivenSchedule): Schedule {
  const asked: { readonly kind: Schedule['kind'] } = typeof given === 'string' ? { kind: given } : given;
  if (!Object.hasOwn(defaults, asked.kind)) {
    throw new LearnError(`must be one of ${Object.keys(defaults).join(', ')}, is ${asked.kind}.`, {
      where: 'training.schedule',
    });
  }
  const schedule = { ...defaults[asked.kind], ...asked } as Schedule;
  const demand = (key: string, holds: (value: number) => boolean, expected: string) => {
    const value = (schedule as Readonly<Record<string, unknown>>)[key];
    if (value === undefined || (typeof value === 'number' && holds(value))) return;
    throw new LearnError(`must be ${expected}, is ${value}.`, { where: `training.schedule.${key}` });
  };
  const isShare = (value: number) => value > 0 && value < 1;
  demand('warmUp', (value) => value >= 0 && value < 1, 'at least 0 and below 1');
  demand('rise', isShare, 'between 0 and 1');
  demand('factor', isShare, 'between 0 and 1');
  demand('every', (value) => Number.isInteger(value) && value >= 1, 'a whole number of epochs of at least 1');
  demand('patience', (value) => Number.isInteger(value) && value >= 0, 'a whole number of epochs');
  demand('start', (value) => value >= 1 && Number.isFinite(value), 'at least 1');
  demand('end', (value) => value >= 1 && Number.isFinite(value), 'at least 1');
  demand('threshold', (value) => value >= 0 && value < 1, 'at least 0 and below 1');
  return schedule;
}

/** Where training stands. */
export interface Standing {
  /** Steps done. */
  readonly step: number;
  readonly stepsPerEpoch: number;
  /** At most. */
  readonly epochs: number;
  /** Validation loss of each whole epoch done. */
  readonly validationLosses: readonly number[];
}

/**
 * Factor of the learning rate for the next step. It follows from where training stands and from nothing else, so that a
 * training that is resumed goes on with the same rates.
 */
export function calcRateFactor(schedule: Schedule, standing: Standing): number {
  const { step, stepsPerEpoch, epochs } = standing;
  const total = epochs * stepsPerEpoch;
  switch (schedule.kind) {
    case 'constant':
      return 1;
    case 'cosine': {
      const warm = Math.ceil(total * schedule.warmUp);
      return step < warm ? (step + 1) / warm : fall((step - warm) / Math.max(1, total - warm));
    }
    case 'step':
      return schedule.factor ** Math.floor(step / stepsPerEpoch / schedule.every);
    case 'one-cycle': {
      const [peak, last] = [schedule.rise * total, Math.max(1, total - 1)];
      const [from, to] = [1 / schedule.start, 1 / (schedule.start * schedule.end)];
      if (step < peak) return 1 - (1 - from) * fall(step / peak);
      return to + (1 - to) * fall((step - peak) / Math.max(1, last - peak));
    }
    case 'plateau':
      return schedule.factor ** countPlateaus(schedule, standing.validationLosses);
  }
}

/** Half a cosine from 1 at 0 to 0 at 1. */
const fall = (share: number): number => (1 + Math.cos(Math.PI * Math.min(1, share))) / 2;

function countPlateaus(
  { patience, threshold }: { readonly patience: number; readonly threshold: number },
  losses: readonly number[],
): number {
  let [best, waited, count] = [Number.POSITIVE_INFINITY, 0, 0];
  for (const loss of losses) {
    waited = loss < best * (1 - threshold) ? 0 : waited + 1;
    if (waited === 0) best = loss;
    if (waited > patience) [waited, count] = [0, count + 1];
  }
  return count;
}
