import { isPooled, isWhole, listProtocols } from '../conditions.js';
import { formatShort, isNumber } from '../format.js';
import { findMainModel, modelLooks } from '../models.js';
import type { ErrorRow, ModelName, ProtocolName, ReportData } from '../types.js';
import { type Choice, recommend } from './recommend.js';
import { remember } from './remember.js';
import { calcSpread, type Spread } from './spread.js';
import { fromScratch, listTransferCurves, notAdapted } from './transfer.js';

/** How one model did under one protocol, over all activities. */
export interface Standing {
  readonly protocol: ProtocolName | undefined;
  readonly model: ModelName;
  /** What sets it apart from other rows of its model, e.g. `head, 20 s`; empty where nothing does. */
  readonly how: string;
  /** Over everybody's frames. */
  readonly pooled: ErrorRow | undefined;
  /** Over participants; undefined without any. */
  readonly rmse_Nm_per_kg: Spread | undefined;
  readonly r2: Spread | undefined;
  /** The activity with the highest pooled RMSE. */
  readonly worst: ErrorRow | undefined;
}

/** The main model and ridge under each protocol; of transfer the best choice beside the same without adaptation and from scratch. */
export const listStandings = remember((data: ReportData): Standing[] => {
  return listProtocols(data).flatMap((protocol) => {
    if (protocol === 'transfer') return listTransferStandings(data);
    const rows = data.errors.filter((row) => row.protocol === protocol && isWhole(row));
    const main = findMainModel((model) => rows.some((row) => row.model === model));
    const models = [...new Set<ModelName | undefined>([main, findLowest(rows), 'ridge'])];
    return models.flatMap((model) => {
      const own = rows.filter((row) => row.model === model);
      return model === undefined || own.length === 0 ? [] : [makeStanding(own, protocol, model, '')];
    });
  });
});

/** The model with the lowest pooled RMSE over all activities. */
function findLowest(rows: readonly ErrorRow[]): ModelName | undefined {
  const pooled = rows.filter((row) => isPooled(row) && row.activity === 'all' && isNumber(row.rmse_Nm_per_kg));
  return pooled.sort((a, b) => a.rmse_Nm_per_kg! - b.rmse_Nm_per_kg!)[0]?.model;
}

function listTransferStandings(data: ReportData): Standing[] {
  const found = recommend(listTransferCurves(data, 'rmse'));
  if (found === undefined) return [];
  const { best } = found;
  const beside = [
    best,
    ...(found.enough.adaptation_s === best.adaptation_s ? [] : [found.enough]),
    ...(best.policy === fromScratch ? [] : [{ ...best, policy: fromScratch }]),
    { model: 'ridge' as const, policy: fromScratch, adaptation_s: best.adaptation_s },
  ].filter((one) => one.policy !== notAdapted);
  return beside.flatMap((choice) => {
    const own = selectChoice(data, choice);
    return own.length === 0 ? [] : [makeStanding(own, 'transfer', choice.model, sayChoice(choice))];
  });
}

/** The rows of transfer that a choice stands for. */
export function selectChoice(data: ReportData, choice: Omit<Choice, 'spread'>): ErrorRow[] {
  return data.errors.filter(
    (row) =>
      row.protocol === 'transfer' &&
      isWhole(row) &&
      row.model === choice.model &&
      (row.policy ?? notAdapted) === choice.policy &&
      row.adaptation_s === choice.adaptation_s,
  );
}

/** `head, 20 s`, or `no adaptation`. */
export function sayChoice({ policy, adaptation_s }: Pick<Choice, 'policy' | 'adaptation_s'>): string {
  return policy === notAdapted ? 'no adaptation' : `${sayPolicy(policy)}, ${formatShort(adaptation_s)} s`;
}

/** A policy in words. */
export function sayPolicy(policy: string): string {
  const words: { readonly [policy: string]: string } = {
    [notAdapted]: 'no adaptation',
    [fromScratch]: 'from scratch',
    all: 'all layers',
    head: 'head only',
    'l2-sp': 'L2-SP',
    coral: 'CORAL',
  };
  return words[policy] ?? policy.replaceAll('-', ' ');
}

/** `hybrid (head, 20 s)`. */
export function sayModel({ model, how }: { readonly model: ModelName; readonly how: string }): string {
  return how === '' ? modelLooks[model].label : `${modelLooks[model].label} (${how})`;
}

function makeStanding(
  rows: readonly ErrorRow[],
  protocol: ProtocolName | undefined,
  model: ModelName,
  how: string,
): Standing {
  const over = (measure: (row: ErrorRow) => number | null | undefined) => {
    const values = rows
      .filter((row) => !isPooled(row) && row.activity === 'all')
      .map(measure)
      .filter(isNumber);
    return values.length === 0 ? undefined : calcSpread(values, `${protocol} ${model} ${how}`);
  };
  const pooled = rows.filter(isPooled);
  const activities = pooled.filter((row) => row.activity !== 'all' && isNumber(row.rmse_Nm_per_kg));
  return {
    protocol,
    model,
    how,
    pooled: pooled.find((row) => row.activity === 'all'),
    rmse_Nm_per_kg: over((row) => row.rmse_Nm_per_kg),
    r2: over((row) => row.r2),
    worst: activities.sort((a, b) => b.rmse_Nm_per_kg! - a.rmse_Nm_per_kg!)[0],
  };
}
