import type { NetworkKind } from '../../estimator/index.js';
import { makeRows, type ResultRow } from '../results.js';
import type { Study } from '../schema.js';
import { listAdaptedModels, type TransferTrial } from './transfer.js';

/** With these policies baselines change too; with the others they would only be said again. */
const withBaselines: readonly string[] = ['none', 'from-scratch', 'l2-sp'];

/** Rows for each number of seconds and each policy. */
export function makeTransferRows(study: Study, trials: readonly TransferTrial[]): ResultRow[] {
  const adapted = listAdaptedModels(study);
  return study.transfer.seconds.flatMap((adaptation_s) =>
    study.transfer.policies.flatMap((policy) => {
      const own = trials.filter((trial) => trial.adaptation_s === adaptation_s && trial.policy === policy);
      const rows = makeRows(own, { protocol: 'transfer', adaptation_s, policy }, study.seed);
      return rows.filter(({ model }) => withBaselines.includes(policy) || adapted.includes(model as NetworkKind));
    }),
  );
}
