import { GenuError } from '../../data/index.js';
import { keyCondition } from './conditions.js';
import { modelOrder } from './models.js';
import type { ErrorRow, MeanSd, MuscleChain, PerModel, ReportData, Series, TorqueTrace } from './types.js';

/**
 * Checks what types cannot: series as long as their times, times that increase, no two errors for one thing, activities that are listed.
 * @throws GenuError naming the entry
 */
export function checkReportData(data: ReportData): void {
  checkErrors(data);
  for (const trace of data.traces) {
    checkTimes(trace, 'trace');
    checkModels(trace.predicted_Nm_per_kg, trace.times_s.length, nameTrial(trace, 'trace'));
  }
  for (const chain of data.chains) {
    checkTimes(chain, 'chain');
    const where = nameTrial(chain, 'chain');
    checkModels(chain.predicted_Nm_per_kg, chain.times_s.length, where);
    for (const one of [...chain.emg, ...chain.activation, ...chain.force_N])
      checkLength(one.values, chain.times_s.length, `${where}, ${one.name}`);
  }
  for (const cycle of data.cycles) {
    const where = `cycles of ${cycle.activity}${cycle.participant ? `, ${cycle.participant}` : ''}`;
    const count = cycle.measured.mean.length;
    for (const [name, one] of [['measured', cycle.measured], ...Object.entries(cycle.predicted)] as [
      string,
      MeanSd | undefined,
    ][]) {
      if (one === undefined) continue;
      checkLength(one.mean, count, `${where}, ${name} mean`);
      checkLength(one.sd, count, `${where}, ${name} SD`);
    }
  }
  for (const profile of data.attention)
    for (const values of [profile.weight, profile.sd ?? profile.weight])
      checkLength(values, profile.lag_s.length, `attention of ${profile.activity}`);
}

function checkErrors(data: ReportData): void {
  const seen = new Set<string>();
  for (const row of data.errors) {
    const where = nameRow(row);
    if (row.activity !== 'all' && !data.activities.includes(row.activity))
      throw new GenuError(`the activity "${row.activity}" is not among the report's activities.`, {
        where,
        mend: `They are: ${data.activities.join(', ')}.`,
      });
    if (!modelOrder.includes(row.model))
      throw new GenuError(`there is no model "${row.model}".`, { where, mend: `Use one of ${modelOrder.join(', ')}.` });
    const key = JSON.stringify([row.activity, row.model, row.participant ?? null, keyCondition(row)]);
    if (seen.has(key)) throw new GenuError('these errors are given twice.', { where, mend: 'Give each once.' });
    seen.add(key);
  }
}

function checkTimes(trial: TorqueTrace | MuscleChain, kind: string): void {
  const where = nameTrial(trial, kind);
  const { times_s } = trial;
  if (times_s.length === 0) throw new GenuError('there are no samples.', { where, mend: 'Leave this trial out.' });
  for (let i = 0; i < times_s.length; i++) {
    if (!Number.isFinite(times_s[i]) || (i > 0 && times_s[i] <= times_s[i - 1]))
      throw new GenuError(`time must be finite and increase, but sample ${i + 1} is at ${times_s[i]} s.`, { where });
  }
  checkLength(trial.measured_Nm_per_kg, times_s.length, `${where}, measured`);
}

function checkModels(values: PerModel<Series>, expected: number, where: string): void {
  for (const [model, one] of Object.entries(values)) if (one) checkLength(one, expected, `${where}, ${model}`);
}

function checkLength(values: Series, expected: number, where: string): void {
  if (values.length !== expected)
    throw new GenuError(`${values.length} values were given, but ${expected} were expected.`, {
      where,
      mend: 'Every series of a figure needs one value per time stamp (null where it is missing).',
    });
}

function nameTrial(trial: TorqueTrace | MuscleChain, kind: string): string {
  return `report ${kind} ${trial.participant}, ${trial.activity}, ${trial.trial}`;
}

function nameRow(row: ErrorRow): string {
  return `report errors of ${row.model} in ${row.activity}${row.participant ? `, ${row.participant}` : ''}`;
}
