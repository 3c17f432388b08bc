import { isPooled, isWhole, type Policy } from '../conditions.js';
import { isNumber } from '../format.js';
import { modelOrder } from '../models.js';
import type { ErrorRow, Maybe, ModelName, ReportData } from '../types.js';
import { remember } from './remember.js';
import { calcSpread, type Spread } from './spread.js';

export interface TransferPoint {
  readonly adaptation_s: number;
  /** The participants' errors. */
  readonly values: ReadonlyMap<string, number>;
  readonly spread: Spread;
}

/** The error of one model and policy against the seconds of adaptation, which increase. */
export interface TransferCurve extends Policy {
  readonly points: readonly TransferPoint[];
}

export const fromScratch = 'from-scratch';
export const notAdapted = 'none';

/** Policies from the least to the most that is trained; those unknown here come after them. */
const policyOrder = [
  notAdapted,
  'statistics',
  'coral',
  'head',
  'attention-and-head',
  'recurrent-and-up',
  'discriminative',
  'l2-sp',
  'all',
  fromScratch,
];

function makeCurves(data: ReportData, measure: (row: ErrorRow) => Maybe): TransferCurve[] {
  const own = data.errors.filter((row) => isWhole(row) && !isPooled(row) && row.activity === 'all');
  const adapted = own.filter((row) => row.protocol === 'transfer');
  if (adapted.length === 0) return [];
  // Baselines are known of nobody's network too; ridge alone stands for them.
  const isShown = (model: ModelName) =>
    model === 'ridge' ||
    adapted.some((row) => row.model === model && row.policy !== notAdapted && row.policy !== fromScratch);
  const networks = [...new Set(adapted.map((row) => row.model))].filter(isShown);
  const withNone = new Set(adapted.filter((row) => row.policy === notAdapted).map((row) => row.model));
  const others = own.filter(
    (row) => row.protocol === 'between' && networks.includes(row.model) && !withNone.has(row.model),
  );
  const curves = new Map<string, { policy: Policy; points: Map<number, Map<string, number>> }>();
  for (const row of [...adapted.filter(({ model }) => networks.includes(model)), ...others]) {
    const value = measure(row);
    if (!isNumber(value)) continue;
    const policy = row.policy ?? notAdapted;
    const key = `${row.model} ${policy}`;
    const curve = curves.get(key) ?? { policy: { model: row.model, policy }, points: new Map() };
    const seconds = row.protocol === 'between' ? 0 : (row.adaptation_s ?? 0);
    const point = curve.points.get(seconds) ?? new Map<string, number>();
    point.set(row.participant!, value);
    curve.points.set(seconds, point);
    curves.set(key, curve);
  }
  return [...curves.values()]
    .map(({ policy, points }) => ({
      ...policy,
      points: [...points]
        .sort(([a], [b]) => a - b)
        .map(([adaptation_s, values]) => ({ adaptation_s, values, spread: calcSpread([...values.values()]) })),
    }))
    .sort((a, b) => rank(a) - rank(b));
}

/**
 * The curves of every model and policy over all activities, ordered by model and policy. What was not adapted needs no seconds: where the
 * transfer rows have no such policy the rows of the protocol `between` stand at 0 s.
 */
export function listTransferCurves(data: ReportData, measure: 'rmse' | 'r2'): TransferCurve[] {
  return measure === 'rmse' ? rmseCurves(data) : r2Curves(data);
}

const rmseCurves = remember((data: ReportData) => makeCurves(data, (row) => row.rmse_Nm_per_kg));
const r2Curves = remember((data: ReportData) => makeCurves(data, (row) => row.r2));

function rank({ model, policy }: Policy): number {
  const place = policyOrder.indexOf(policy);
  return 100 * modelOrder.indexOf(model) + (place < 0 ? policyOrder.length : place);
}

/** Every number of seconds in the curves, in order. */
export function listSeconds(curves: readonly TransferCurve[]): number[] {
  return [...new Set(curves.flatMap(({ points }) => points.map((point) => point.adaptation_s)))].sort((a, b) => a - b);
}

/** The point of a curve at so many seconds. What is not adapted and known once holds for all. */
export function findPoint(curve: TransferCurve, adaptation_s: number): TransferPoint | undefined {
  if (curve.policy === notAdapted && curve.points.length === 1) return { ...curve.points[0], adaptation_s };
  return curve.points.find((point) => point.adaptation_s === adaptation_s);
}
