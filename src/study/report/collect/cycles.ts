import { calcMeanRate_Hz } from '../../../data/index.js';
import { type CycleRule, calcMeanCycle, findCycleStarts, pairCycles, resampleCycle } from '../../cycles.js';
import type { ShownTrial } from '../../shown-trial.js';
import { modelOrder } from '../models.js';
import type { CycleTorque, MeanSd } from '../types.js';
import { toSeries } from './series.js';

/** Masked runs up to this long stay in a cycle; a cycle with a longer one is left out whole, or each point of the mean would be that of other cycles. */
const longestBridged_s = 0.1;

/** A whole cycle of a trial: its first frame, and the first frame of the next. */
export type Cycle = readonly [from: number, to: number];

/** The cycles of a trial that can be looked at whole; undefined where the study names no cycle. */
export function listCycles(trial: ShownTrial, rule: CycleRule | undefined): Cycle[] | undefined {
  if (rule === undefined || trial.cycle === undefined) return undefined;
  const rate = calcMeanRate_Hz(trial.times_s);
  const seen = bridgeShortRuns(trial.compared, Math.round(longestBridged_s * rate));
  return pairCycles(findCycleStarts(trial.cycle, rule, rate)).filter(([from, to]) =>
    seen.subarray(from, to).every((flag) => flag === 1),
  );
}

function bridgeShortRuns(compared: Uint8Array, longest: number): Uint8Array {
  const bridged = compared.slice();
  let last = -1;
  compared.forEach((flag, i) => {
    if (!flag) return;
    if (last >= 0 && i - last - 1 <= longest) bridged.fill(1, last + 1, i);
    last = i;
  });
  return bridged;
}

/** Mean cycles per activity: of everybody, and with several participants of each, side by side where both were studied. */
export function collectCycles(
  trials: readonly ShownTrial[],
  rule: CycleRule | undefined,
  several: boolean,
): CycleTorque[] {
  if (rule === undefined) return [];
  const activities = [...new Set(trials.map(({ activity }) => activity))];
  return activities.flatMap((activity) => {
    const own = trials.filter((trial) => trial.activity === activity);
    const people = several ? [...new Set(own.map(({ participant }) => participant))] : [];
    const sides = [...new Set(own.map(({ side }) => side))];
    return [
      ...makeCycle(own, rule, null, undefined),
      ...people.flatMap((participant) =>
        sides.flatMap((side) =>
          makeCycle(
            own.filter((trial) => trial.participant === participant && trial.side === side),
            rule,
            participant,
            side,
          ),
        ),
      ),
    ];
  });
}

function makeCycle(
  trials: readonly ShownTrial[],
  rule: CycleRule,
  participant: string | null,
  side: ShownTrial['side'],
): CycleTorque[] {
  const found = trials.map((trial) => ({ trial, cycles: listCycles(trial, rule) ?? [] }));
  const cut = (pick: (trial: ShownTrial) => Float64Array | undefined) =>
    found.flatMap(({ trial, cycles }) => {
      const values = pick(trial);
      return values ? cycles.map(([from, to]) => resampleCycle(values, from, to)) : [];
    });
  const measured = cut((trial) => trial.measured);
  if (measured.length < 2) return [];
  const [{ activity, protocol }] = trials;
  return [
    {
      activity,
      protocol,
      participant,
      side,
      cycles: measured.length,
      toe_off_percent: findToeOff(found),
      starts_with:
        rule.start === 'rise' ? `${rule.channel} rising above ${rule.above}` : `${rule.start} of ${rule.channel}`,
      measured: summarise(measured),
      predicted: Object.fromEntries(
        modelOrder.flatMap((model) => {
          const cycles = cut((trial) => trial.predicted[model]);
          return cycles.length < 2 ? [] : [[model, summarise(cycles)]];
        }),
      ),
    },
  ];
}

function summarise(cycles: Float64Array[]): MeanSd {
  const { mean, sd } = calcMeanCycle(cycles);
  return { mean: toSeries(mean), sd: toSeries(sd) };
}

/** End of stance in per cent of the cycle, of the cycles that begin in stance and leave it once; null where fewer than two do. */
function findToeOff(
  found: readonly { readonly trial: ShownTrial; readonly cycles: readonly Cycle[] }[],
): CycleTorque['toe_off_percent'] {
  const seen = found.flatMap(({ trial: { stance }, cycles }) =>
    cycles.flatMap(([from, to]) => {
      if (stance === undefined) return [];
      const own = stance.subarray(from, to);
      const off = own.indexOf(0);
      // A foot that is down again before the cycle's end would make it two steps.
      return own[0] === 1 && off > 0 && own.subarray(off).every((flag) => flag === 0)
        ? [(100 * off) / (to - from)]
        : [];
    }),
  );
  if (seen.length < 2) return null;
  const mean = seen.reduce((a, b) => a + b, 0) / seen.length;
  return { mean, sd: Math.sqrt(seen.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (seen.length - 1)) };
}
