import { describeP } from '../../statistics/index.js';
import type { Comparison, Contrast } from '../cohort/compare.js';
import { listStandings, sayModel } from '../cohort/standing.js';
import { findHeadline, listProtocols, sayProtocol } from '../conditions.js';
import { formatCount, formatInterval, formatNumber, formatPercent, isNumber, joinWords } from '../format.js';
import { element, textElement } from '../markup.js';
import { findMainModel, modelLooks, modelOrder } from '../models.js';
import type { ErrorRow, ModelName, ProtocolName, ReportData } from '../types.js';
import { findBest, listPooledErrors } from './errors.js';
import { compareModels } from './participants.js';

const names: { readonly [model in ModelName]: string } = {
  mean: 'the mean baseline',
  ridge: 'ridge regression',
  svr: 'support-vector regression',
  forest: 'the random forest',
  quadratic: 'ridge regression with products',
  nms: 'the NMS solver alone',
  network: 'the network without muscle forces',
  hybrid: 'the hybrid',
  residual_ridge: 'ridge with a network on its residual',
  residual_nms: 'the NMS solver with a network on its residual',
  blend: 'the mean of both ridges and the network',
};

/**
 * The result in plain sentences, made from the data alone: how the fullest model does, how it compares, where it is best and worst,
 * where another model beats it, and how many warnings there are. A model that loses is said to lose.
 */
export function describeResult(data: ReportData): string[] {
  const rows = listPooledErrors(data);
  const main = findMainModel((model) =>
    rows.some((row) => row.model === model && row.activity === 'all' && isNumber(row.rmse_Nm_per_kg)),
  );
  if (main === undefined)
    return ['No errors pooled over activities and participants were given.', describeWarnings(data)];
  const all = (model: ModelName) => rows.find((row) => row.activity === 'all' && row.model === model);
  const own = all(main)!;
  const sentences = [describeMain(data, own)];
  const comparison = compareModels(data, findHeadline(data));
  const others = modelOrder.filter(
    (model) => model !== main && model !== 'mean' && isNumber(all(model)?.rmse_Nm_per_kg),
  );
  if (others.length > 0)
    sentences.push(
      `Its error is ${joinWords(others.map((model) => compare(own, all(model)!, data.interval !== null, findContrast(comparison, model))))}.`,
    );
  const mean = all('mean');
  if (main !== 'mean' && isNumber(mean?.rmse_Nm_per_kg))
    sentences.push(
      `Predicting only the mean scores ${formatNumber(mean.rmse_Nm_per_kg, 3)} N·m/kg${own.rmse_Nm_per_kg! < mean.rmse_Nm_per_kg ? '' : `, no worse than ${names[main]}`}.`,
    );
  const frames = rows.filter((row) => row.activity === 'all').map((row) => row.frames);
  if (new Set(frames).size > 1)
    sentences.push(
      `The models were tested on different numbers of frames (${formatNumber(Math.min(...frames), 0)} to ${formatNumber(Math.max(...frames), 0)}), so their errors do not compare strictly.`,
    );
  sentences.push(...describeActivities(data, rows, main), ...describeOthers(data), describeWarnings(data));
  return sentences;
}

function describeMain(data: ReportData, own: ErrorRow): string {
  const protocol = findHeadline(data);
  const under = protocol === undefined ? 'O' : `${protocolTitles(protocol)}, o`;
  const limits =
    own.rmse_interval_Nm_per_kg && data.interval
      ? `${formatPercent(data.interval.level, 0)} interval ${formatInterval(own.rmse_interval_Nm_per_kg, 3)}; `
      : '';
  return `${under}ver ${formatCount(data.participants.length, 'participant')}, ${formatCount(data.activities.length, 'activity', 'activities')} and ${formatCount(own.frames, 'test frame')}, ${names[own.model]} predicts the ${data.target.name} with an RMSE of ${formatNumber(own.rmse_Nm_per_kg, 3)} N·m/kg (${limits}${formatNumber(own.rmse_Nm, 1)} N·m; ${formatPercent(own.nrmse, 1)} of the measured range) and R² ${formatNumber(own.r2, 2)}.`;
}

/** `own` against `other`, both pooled, with a word of doubt where the intervals overlap. */
function compare(
  own: ErrorRow,
  other: ErrorRow,
  intervals: boolean,
  contrast: Contrast<ModelName> | undefined,
): string {
  const a = own.rmse_Nm_per_kg!;
  const b = other.rmse_Nm_per_kg!;
  // Pairs of the same people settle more than two intervals side by side.
  const paired =
    contrast &&
    `; participant by participant ${contrast.adjustedP <= 0.05 ? '' : 'not shown to differ, '}${describeP(contrast.adjustedP)}`;
  const doubt = paired
    ? paired
    : intervals && overlap(own, other)
      ? '; the two intervals overlap, so these data alone do not settle which is better'
      : '';
  const that = `that of ${names[other.model]} (${formatNumber(b, 3)} N·m/kg${doubt})`;
  if (b === 0 || Math.abs(a / b - 1) < 0.005) return `within half a per cent of ${that}`;
  return `${formatPercent(Math.abs(a / b - 1), 0)} ${a < b ? 'lower' : 'higher'} than ${that}`;
}

function findContrast(
  comparison: Comparison<ModelName> | undefined,
  model: ModelName,
): Contrast<ModelName> | undefined {
  return comparison?.contrasts.find(({ treatment }) => treatment === model);
}

/** One sentence per protocol beside that of the headline. */
function describeOthers(data: ReportData): string[] {
  const headline = findHeadline(data);
  const standings = listStandings(data);
  return listProtocols(data).flatMap((protocol) => {
    const own = standings.find((standing) => standing.protocol === protocol);
    if (own?.pooled === undefined || protocol === headline) return [];
    return [
      `${protocolTitles(protocol)}, ${sayModel(own)} has an RMSE of ${formatNumber(own.pooled.rmse_Nm_per_kg, 3)} N·m/kg and R² ${formatNumber(own.pooled.r2, 2)}.`,
    ];
  });
}

function protocolTitles(protocol: ProtocolName | undefined): string {
  const name = sayProtocol(protocol);
  return name === '' ? 'In this study' : name.charAt(0).toUpperCase() + name.slice(1);
}

function overlap(a: ErrorRow, b: ErrorRow): boolean {
  const [aLow, aHigh] = a.rmse_interval_Nm_per_kg ?? [];
  const [bLow, bHigh] = b.rmse_interval_Nm_per_kg ?? [];
  if (!isNumber(aLow) || !isNumber(aHigh) || !isNumber(bLow) || !isNumber(bHigh)) return false;
  return aLow <= bHigh && bLow <= aHigh;
}

function describeActivities(data: ReportData, rows: readonly ErrorRow[], main: ModelName): string[] {
  const own = rows
    .filter((row) => row.model === main && data.activities.includes(row.activity) && isNumber(row.r2))
    .sort((a, b) => b.r2! - a.r2!);
  const sentences: string[] = [];
  if (own.length > 1) {
    const say = (row: ErrorRow) =>
      `${row.activity} (R² ${formatNumber(row.r2, 2)}, RMSE ${formatNumber(row.rmse_Nm_per_kg, 3)} N·m/kg)`;
    sentences.push(
      `Measured by how much of the torque's variation it explains, it is best in ${say(own[0])} and worst in ${say(own.at(-1)!)}.`,
    );
  }
  const lost = data.activities.flatMap((activity) => {
    const best = findBest(rows.filter((row) => row.activity === activity));
    const mine = rows.some((row) => row.activity === activity && row.model === main);
    return best !== undefined && mine && best.model !== main ? [`${activity} (${modelLooks[best.model].label})`] : [];
  });
  if (lost.length > 0) sentences.push(`Another model has the lower error in ${joinWords(lost)}.`);
  return sentences;
}

function describeWarnings(data: ReportData): string {
  if (data.warnings.length === 0) return 'The study raised no warnings.';
  return `The study raised ${formatCount(data.warnings.length, 'warning')}: read ${data.warnings.length === 1 ? 'it' : 'them'} before using these figures.`;
}

/** RMSE under the other protocols. */
function listOtherFacts(data: ReportData): [string, string][] {
  const headline = findHeadline(data);
  const standings = listStandings(data);
  return listProtocols(data).flatMap((protocol): [string, string][] => {
    const own = standings.find((standing) => standing.protocol === protocol);
    if (own?.pooled === undefined || protocol === headline) return [];
    return [[formatNumber(own.pooled.rmse_Nm_per_kg, 3), `N·m/kg ${sayProtocol(protocol)}, ${sayModel(own)}`]];
  });
}

/** Title, banner, key figures and summary. */
export function writeSummary(data: ReportData): string {
  const rows = listPooledErrors(data);
  const row =
    rows.find((one) => one.activity === 'all' && one.model === 'hybrid') ??
    findBest(rows.filter((one) => one.activity === 'all'));
  const facts: [string, string][] =
    row === undefined
      ? []
      : [
          [
            formatNumber(row.rmse_Nm_per_kg, 3),
            `N·m/kg RMSE, ${modelLooks[row.model].label}, ${sayProtocol(findHeadline(data)) || 'all activities'}`,
          ],
          [formatNumber(row.r2, 2), 'R²'],
          [formatNumber(row.skill_vs_ridge, 2), 'skill against ridge (0: no better)'],
          ...listOtherFacts(data),
          [formatNumber(data.participants.length, 0), data.participants.length === 1 ? 'participant' : 'participants'],
          [formatNumber(data.warnings.length, 0), data.warnings.length === 1 ? 'warning' : 'warnings'],
        ];
  return element('header', {}, [
    textElement('p', 'genu report', { class: 'kicker' }),
    textElement('h1', data.title),
    textElement('p', `${data.study} · ${data.date}`, { class: 'byline' }),
    data.simulated
      ? element('p', { class: 'banner', role: 'note' }, [
          textElement('strong', 'Simulated virtual participants, not measured people.'),
          ' Every number and figure below comes from computer-made recordings; none says how well the method works on people.',
        ])
      : '',
    textElement('p', data.protocol, { class: 'protocol' }),
    element(
      'ul',
      { class: 'facts' },
      facts.map(([value, label]) => element('li', {}, [textElement('b', value), textElement('span', label)])),
    ),
    textElement('p', describeResult(data).join(' '), { class: 'summary' }),
  ]);
}
