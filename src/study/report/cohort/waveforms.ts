import { GenuError } from '../../../data/index.js';
import { calcSpmPairedT, type SpmResult } from '../../statistics/index.js';
import { isNumber } from '../format.js';
import { modelOrder } from '../models.js';
import type { CycleTorque, MeanSd, ModelName, Series } from '../types.js';
import { calcMeanSd } from './spread.js';

/** One participant's mean curves over the cycle, both sides together. */
interface PersonCurves {
  readonly participant: string;
  readonly measured: readonly number[];
  readonly predicted: ReadonlyMap<ModelName, readonly number[]>;
}

/**
 * The participants' mean cycles of one activity, averaged: mean and SD are over participants, each counted once.
 * @param own cycles of single participants, of one activity
 * @param factor to another unit for a participant; null leaves that participant out
 * @returns undefined with fewer than two participants
 */
export function poolCycles(
  own: readonly CycleTorque[],
  factor: (participant: string) => number | null = () => 1,
): CycleTorque | undefined {
  const people = listCurves(own, factor);
  if (people.length < 2) return undefined;
  const toeOffs = own.flatMap(({ toe_off_percent }) => (toe_off_percent ? [toe_off_percent.mean] : []));
  const models = modelOrder.filter((model) => people.every(({ predicted }) => predicted.has(model)));
  return {
    ...own[0],
    participant: null,
    side: undefined,
    participants: people.length,
    cycles: own.reduce((sum, { cycles }) => sum + cycles, 0),
    toe_off_percent: toeOffs.length === 0 ? null : calcMeanSd(toeOffs),
    measured: average(people.map(({ measured }) => measured)),
    predicted: Object.fromEntries(
      models.map((model) => [model, average(people.map(({ predicted }) => predicted.get(model)!))]),
    ),
  };
}

/** Where over the cycle a model's mean curve differs from the measured one, participant by participant; undefined where that cannot be tested. */
export function compareCurves(own: readonly CycleTorque[], model: ModelName, alpha: number): SpmResult | undefined {
  const people = listCurves(own, () => 1).filter(({ predicted }) => predicted.has(model));
  if (people.length < 3) return undefined;
  try {
    return calcSpmPairedT(
      people.map(({ predicted }) => predicted.get(model)!),
      people.map(({ measured }) => measured),
      { alpha },
    );
  } catch (error) {
    // Curves that differ alike in everybody have no test; the figure then stands without it.
    if (error instanceof GenuError) return undefined;
    throw error;
  }
}

/** Participants whose curves have no gap; a node of others would be the mean of other people. */
function listCurves(own: readonly CycleTorque[], factor: (participant: string) => number | null): PersonCurves[] {
  const names = [...new Set(own.flatMap(({ participant }) => participant ?? []))];
  return names.flatMap((participant) => {
    const cycles = own.filter((cycle) => cycle.participant === participant);
    const by = factor(participant);
    const pick = (model: ModelName) => cycles.flatMap(({ predicted }) => predicted[model]?.mean ?? []);
    const measured = averageSides(
      cycles.map((cycle) => cycle.measured.mean),
      by,
    );
    if (measured === undefined) return [];
    const predicted = modelOrder.flatMap((model) => {
      if (pick(model).length === 0) return [];
      const curve = averageSides(
        cycles.flatMap((cycle) => (cycle.predicted[model] ? [cycle.predicted[model].mean] : [])),
        by,
      );
      return curve === undefined ? [] : [[model, curve] as const];
    });
    return [{ participant, measured, predicted: new Map(predicted) }];
  });
}

function averageSides(curves: readonly Series[], factor: number | null): number[] | undefined {
  if (factor === null || curves.length === 0 || !curves.every((curve) => curve.every(isNumber))) return undefined;
  return curves[0].map((_, i) => (factor * curves.reduce((sum, curve) => sum + curve[i]!, 0)) / curves.length);
}

function average(curves: readonly (readonly number[])[]): MeanSd {
  const nodes = curves[0].map((_, i) => calcMeanSd(curves.map((curve) => curve[i])));
  return { mean: nodes.map(({ mean }) => mean), sd: nodes.map(({ sd }) => sd) };
}
