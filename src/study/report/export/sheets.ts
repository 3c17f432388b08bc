import { listColumn } from '../cohort/matrix.js';
import { recommend } from '../cohort/recommend.js';
import { calcSpread } from '../cohort/spread.js';
import { listStandings } from '../cohort/standing.js';
import { listSeconds, listTransferCurves } from '../cohort/transfer.js';
import { isPooled, listProtocols, protocolNames, selectErrors } from '../conditions.js';
import { formatPercent, isNumber } from '../format.js';
import { modelLooks } from '../models.js';
import { arrangeAblation, listAblations } from '../sections/ablation.js';
import { listAgreements } from '../sections/agreement.js';
import { arrangeParticipants, compareModels } from '../sections/participants.js';
import { published } from '../sections/protocols.js';
import { listUnitRows, torqueUnits } from '../sections/units.js';
import type { Maybe, ProtocolName, ReportData } from '../types.js';
import type { Cell, Sheet } from './sheet.js';

const text = (key: string, label: string) => ({ key, label });
const number = (key: string, label: string, decimals: number) => ({ key, label, decimals });
const plain = (value: Maybe): number | null => (isNumber(value) ? value : null);
const name = (protocol: ProtocolName | undefined): string => protocol ?? '';

/** Every table of a report, those without rows left out. */
export function listSheets(data: ReportData): Sheet[] {
  return [
    makeErrors(data),
    makePooled(data),
    makeProtocols(data),
    ...listProtocols(data).flatMap((protocol) => [makeParticipants(data, protocol), makeComparison(data, protocol)]),
    makeTransfer(data),
    makeAblation(data),
    makeAgreement(data),
    makeCoverage(data),
    makeUnits(data),
  ].filter(({ rows }) => rows.length > 0);
}

/** Every error there is: what a reader needs to do the statistics again. */
function makeErrors(data: ReportData): Sheet {
  return {
    name: 'errors',
    long: true,
    caption: 'Errors on test frames by protocol, participant, activity and model.',
    columns: [
      text('protocol', 'Protocol'),
      text('policy', 'Policy'),
      number('adaptation_s', 'Adaptation, s', 0),
      text('inputs', 'Inputs'),
      text('participant', 'Participant'),
      text('activity', 'Activity'),
      text('model', 'Model'),
      number('frames', 'Frames', 0),
      number('rmse_Nm_per_kg', 'RMSE, N·m/kg', 3),
      number('rmse_low_Nm_per_kg', 'from', 3),
      number('rmse_high_Nm_per_kg', 'to', 3),
      number('rmse_Nm', 'RMSE, N·m', 2),
      number('nrmse', 'NRMSE', 3),
      number('mae_Nm_per_kg', 'MAE, N·m/kg', 3),
      number('r2', 'R²', 3),
      number('r2_low', 'from', 3),
      number('r2_high', 'to', 3),
      number('r', 'r', 3),
      number('skill_vs_mean', 'Skill vs mean', 2),
      number('skill_vs_ridge', 'Skill vs ridge', 2),
    ],
    rows: data.errors.map((row): Cell[] => [
      name(row.protocol),
      row.policy ?? '',
      plain(row.adaptation_s),
      row.inputs ?? '',
      row.participant ?? 'all',
      row.activity,
      row.model,
      row.frames,
      plain(row.rmse_Nm_per_kg),
      plain(row.rmse_interval_Nm_per_kg?.[0]),
      plain(row.rmse_interval_Nm_per_kg?.[1]),
      plain(row.rmse_Nm),
      plain(row.nrmse),
      plain(row.mae_Nm_per_kg),
      plain(row.r2),
      plain(row.r2_interval?.[0]),
      plain(row.r2_interval?.[1]),
      plain(row.r),
      plain(row.skill_vs_mean),
      plain(row.skill_vs_ridge),
    ]),
  };
}

/** What a paper's table of errors shows: everybody pooled, with all inputs, without transfer. */
function makePooled(data: ReportData): Sheet {
  const rows = listProtocols(data).flatMap((protocol) => selectErrors(data, protocol).filter(isPooled));
  return {
    name: 'errors-pooled',
    caption: `Errors on test frames pooled over participants, with 95 % intervals${data.interval ? ` (${data.interval.method})` : ''}.`,
    columns: [
      text('protocol', 'Protocol'),
      text('activity', 'Activity'),
      text('model', 'Model'),
      number('rmse_Nm_per_kg', 'RMSE, N·m/kg', 3),
      number('rmse_low_Nm_per_kg', 'from', 3),
      number('rmse_high_Nm_per_kg', 'to', 3),
      number('r2', 'R²', 2),
      number('r2_low', 'from', 2),
      number('r2_high', 'to', 2),
      number('skill_vs_ridge', 'Skill vs ridge', 2),
    ],
    rows: rows.map((row): Cell[] => [
      row.protocol ? protocolNames[row.protocol].short : '',
      row.activity,
      modelLooks[row.model].label,
      plain(row.rmse_Nm_per_kg),
      plain(row.rmse_interval_Nm_per_kg?.[0]),
      plain(row.rmse_interval_Nm_per_kg?.[1]),
      plain(row.r2),
      plain(row.r2_interval?.[0]),
      plain(row.r2_interval?.[1]),
      plain(row.skill_vs_ridge),
    ]),
  };
}

function makeProtocols(data: ReportData): Sheet {
  const named = listProtocols(data).some((protocol) => protocol !== undefined);
  return {
    name: 'protocols',
    caption: `Error under each protocol over all activities: pooled over frames, and median over participants with its 95 % bootstrap interval.${data.simulated ? ' Participants are simulated; Xie et al. (2025) measured people.' : ''} Data, activities and participants of Xie et al. (2025) differ.`,
    columns: [
      text('protocol', 'Protocol'),
      text('model', 'Model'),
      text('how', 'Adaptation'),
      number('pooled_rmse_Nm_per_kg', 'Pooled RMSE, N·m/kg', 3),
      number('median_rmse_Nm_per_kg', 'Median RMSE, N·m/kg', 3),
      number('median_low', 'from', 3),
      number('median_high', 'to', 3),
      number('worst_activity_rmse_Nm_per_kg', 'Worst activity, N·m/kg', 3),
      text('worst_activity', 'Worst activity'),
      number('pooled_r2', 'Pooled R²', 2),
      number('median_r2', 'Median R²', 2),
      number('xie_2025_rmse_Nm_per_kg', 'Xie et al. 2025, at most, N·m/kg', 2),
    ],
    rows: (named ? listStandings(data) : []).map((standing): Cell[] => [
      name(standing.protocol),
      modelLooks[standing.model].label,
      standing.how,
      plain(standing.pooled?.rmse_Nm_per_kg),
      plain(standing.rmse_Nm_per_kg?.median),
      plain(standing.rmse_Nm_per_kg?.interval?.[0]),
      plain(standing.rmse_Nm_per_kg?.interval?.[1]),
      plain(standing.worst?.rmse_Nm_per_kg),
      standing.worst?.activity ?? '',
      plain(standing.pooled?.r2),
      plain(standing.r2?.median),
      plain(standing.protocol && published[standing.protocol]),
    ]),
  };
}

function makeParticipants(data: ReportData, protocol: ProtocolName | undefined): Sheet {
  const rmse = arrangeParticipants(data, protocol, (row) => row.rmse_Nm_per_kg);
  const r2 = arrangeParticipants(data, protocol, (row) => row.r2);
  const under = protocol === undefined ? '' : `, ${protocolNames[protocol].short}`;
  return {
    name: `participants${protocol === undefined ? '' : `-${protocol}`}`,
    caption: `RMSE (N·m/kg) and R² of every participant under every model${under}, all activities together.`,
    columns: [
      text('participant', 'Participant'),
      ...rmse.treatments.map((model) => number(`rmse_Nm_per_kg_${model}`, `RMSE, ${modelLooks[model].label}`, 3)),
      ...r2.treatments.map((model) => number(`r2_${model}`, `R², ${modelLooks[model].label}`, 2)),
    ],
    rows: rmse.participants.map((participant, i): Cell[] => [participant, ...rmse.values[i], ...r2.values[i]]),
  };
}

function makeComparison(data: ReportData, protocol: ProtocolName | undefined): Sheet {
  const comparison = compareModels(data, protocol);
  const reference = comparison ? modelLooks[comparison.reference].label : '';
  return {
    name: `comparison${protocol === undefined ? '' : `-${protocol}`}`,
    caption: `RMSE of the ${reference} against each other model${protocol === undefined ? '' : `, ${protocolNames[protocol].short}`}: Wilcoxon signed-rank tests over participants, p corrected after Holm, Hodges–Lehmann difference with its 95 % interval.`,
    columns: [
      text('against', 'Against'),
      number('n', 'n', 0),
      number('difference_Nm_per_kg', 'Difference, N·m/kg', 3),
      number('difference_low', 'from', 3),
      number('difference_high', 'to', 3),
      number('p', 'p', 4),
      number('p_holm', 'p corrected', 4),
      number('rank_biserial', 'Rank-biserial', 2),
    ],
    rows: (comparison?.contrasts ?? []).map(({ treatment, test, adjustedP }): Cell[] => [
      modelLooks[treatment].label,
      test.n,
      test.location.estimate,
      test.location.interval?.[0] ?? null,
      test.location.interval?.[1] ?? null,
      test.p,
      adjustedP,
      test.rankBiserial,
    ]),
  };
}

function makeTransfer(data: ReportData): Sheet {
  const curves = listTransferCurves(data, 'rmse');
  const found = recommend(curves);
  const answer = found
    ? ` Fewest seconds within ${formatPercent(found.tolerance, 0)} of the lowest median: ${found.enough.adaptation_s} s (n = ${found.n}).`
    : '';
  return {
    name: 'transfer',
    caption: `RMSE (N·m/kg) over participants by policy and seconds of adaptation: median with its 95 % bootstrap interval, and quartiles. Tried: ${listSeconds(curves).join(', ')} s.${answer}`,
    columns: [
      text('model', 'Model'),
      text('policy', 'Policy'),
      number('adaptation_s', 'Adaptation, s', 0),
      number('n', 'n', 0),
      number('median_rmse_Nm_per_kg', 'Median', 3),
      number('median_low', 'from', 3),
      number('median_high', 'to', 3),
      number('quartile_low', 'Lower quartile', 3),
      number('quartile_high', 'Upper quartile', 3),
    ],
    rows: curves.flatMap(({ model, policy, points }) =>
      points.map(({ adaptation_s, spread }): Cell[] => [
        modelLooks[model].label,
        policy,
        adaptation_s,
        spread.n,
        spread.median,
        spread.interval?.[0] ?? null,
        spread.interval?.[1] ?? null,
        spread.low,
        spread.high,
      ]),
    ),
  };
}

function makeAblation(data: ReportData): Sheet {
  return {
    name: 'ablation',
    caption: 'Median error over participants by the inputs that the model was given.',
    columns: [
      text('protocol', 'Protocol'),
      text('model', 'Model'),
      text('inputs', 'Inputs'),
      number('n', 'n', 0),
      number('median_rmse_Nm_per_kg', 'RMSE, N·m/kg', 3),
      number('median_low', 'from', 3),
      number('median_high', 'to', 3),
      number('median_r2', 'R²', 2),
    ],
    rows: listAblations(data).flatMap((ablation) => {
      const rmse = arrangeAblation(ablation, data, (row) => row.rmse_Nm_per_kg);
      const r2 = arrangeAblation(ablation, data, (row) => row.r2);
      return ablation.inputs.flatMap((inputs, i): Cell[][] => {
        const [errors, explained] = [listColumn(rmse, i), listColumn(r2, i)];
        if (errors.length === 0) return [];
        const { n, median, interval } = calcSpread(errors, inputs);
        const r2Median = explained.length === 0 ? null : calcSpread(explained, inputs).median;
        const limits = [interval?.[0] ?? null, interval?.[1] ?? null];
        return [[name(ablation.protocol), modelLooks[ablation.model].label, inputs, n, median, ...limits, r2Median]];
      });
    }),
  };
}

function makeAgreement(data: ReportData): Sheet {
  return {
    name: 'agreement',
    caption: 'Agreement of predicted with measured peak torque (N·m/kg): bias and 95 % limits for repeated measures.',
    columns: [
      text('activity', 'Activity'),
      number('n', 'n', 0),
      number('peaks', 'Peaks', 0),
      number('bias', 'Bias', 3),
      number('bias_low', 'from', 3),
      number('bias_high', 'to', 3),
      number('lower', 'Lower limit', 3),
      number('upper', 'Upper limit', 3),
    ],
    rows: listAgreements(data).map(({ activity, peaks, result }): Cell[] => [
      activity,
      result.n,
      peaks.length,
      result.bias,
      ...result.biasInterval,
      result.lower,
      result.upper,
    ]),
  };
}

function makeCoverage(data: ReportData): Sheet {
  return {
    name: 'coverage',
    caption: 'Share of test frames within the intervals of prediction.',
    columns: [
      text('protocol', 'Protocol'),
      text('model', 'Model'),
      text('participant', 'Participant'),
      number('level', 'Nominal', 2),
      number('inside', 'Actual', 3),
      number('half_width_Nm_per_kg', 'Mean half-width, N·m/kg', 3),
      number('frames', 'Frames', 0),
    ],
    rows: (data.coverage ?? []).map((row): Cell[] => [
      name(row.protocol),
      row.model,
      row.participant ?? 'all',
      row.level,
      plain(row.inside),
      plain(row.half_width_Nm_per_kg),
      row.frames,
    ]),
  };
}

function makeUnits(data: ReportData): Sheet {
  const keys = ['Nm_per_kg', 'Nm', 'percent_BW_ht'];
  return {
    name: 'units',
    caption: 'RMSE of the main model in N·m/kg, N·m and per cent of body weight times height.',
    columns: [
      text('participant', 'Participant'),
      number('mass_kg', 'Mass, kg', 1),
      number('height_m', 'Height, m', 2),
      ...torqueUnits.map((unit, i) => number(`rmse_${keys[i]}`, `RMSE, ${unit.name}`, 3 - i)),
    ],
    rows: listUnitRows(data).map((row): Cell[] => [
      row.participant,
      plain(row.mass_kg),
      plain(row.height_m),
      ...row.rmse,
    ]),
  };
}
