import type { Spread } from '../cohort/spread.js';
import { listStandings, type Standing, sayModel } from '../cohort/standing.js';
import { listProtocols, protocolNames } from '../conditions.js';
import { formatInterval, formatNumber, joinWords } from '../format.js';
import { type Numbering, writeList, writeParagraph, writeTable } from '../html.js';
import { escapeText, textElement } from '../markup.js';
import type { Maybe, ProtocolName, ReportData } from '../types.js';

/** RMSE that Xie et al. 2025 report, N·m/kg, doi 10.3389/fbioe.2025.1530950 (abstract): at most so much in each activity. */
export const published: { readonly [name in ProtocolName]?: number } = { within: 0.16, transfer: 0.14 };

/** The protocols side by side, and beside the figures of the paper whose method this is. */
export function writeProtocols(data: ReportData, numbering: Numbering): string[] {
  const standings = listStandings(data);
  const said = listProtocols(data).flatMap((name) => {
    const given = data.protocols?.find((protocol) => protocol.name === name)?.description;
    return name === undefined
      ? []
      : [`${capitalise(protocolNames[name].short)}: ${given ?? protocolNames[name].long}.`];
  });
  const order = [...new Set(standings.map(({ protocol }) => protocol))];
  return [
    writeList(said),
    writeTable(numbering.shown, {
      caption:
        'Error under each protocol, over all activities. Pooled: over everybody’s frames. Median: over participants, with its 95 % bootstrap interval. Worst activity: the highest pooled RMSE of an activity.',
      columns: [
        'model',
        'pooled RMSE, N·m/kg',
        'median RMSE, N·m/kg',
        'worst activity',
        'pooled R²',
        'median R²',
        'Xie et al. 2025',
      ],
      kind: 'numbers',
      groups: order.map((protocol) => ({
        heading: protocol === undefined ? 'this study' : protocolNames[protocol].long,
        rows: standings.filter((standing) => standing.protocol === protocol).map(planRow),
      })),
    }),
    ...describePublished(data, standings).map((sentence) => writeParagraph(sentence)),
  ];
}

function planRow(standing: Standing, i: number) {
  const { pooled, worst, protocol } = standing;
  const figure = protocol && published[protocol];
  return {
    cells: [
      escapeText(sayModel(standing)),
      formatNumber(pooled?.rmse_Nm_per_kg, 3),
      writeSpread(standing.rmse_Nm_per_kg),
      worst === undefined
        ? formatNumber(null, 0)
        : formatNumber(worst.rmse_Nm_per_kg, 3) + textElement('small', worst.activity),
      formatNumber(pooled?.r2, 2),
      writeSpread(standing.r2, 2),
      i === 0 && figure !== undefined ? `≤ ${formatNumber(figure, 2)}` : '',
    ],
  };
}

function writeSpread(spread: Spread | undefined, decimals = 3): string {
  if (spread === undefined) return formatNumber(null, 0);
  const limits = spread.interval && formatInterval(spread.interval, decimals);
  return formatNumber(spread.median, decimals) + (limits ? textElement('small', limits) : '');
}

/** The paper's two figures beside ours, and what forbids to rank them; empty where the study has neither protocol. */
export function describePublished(data: ReportData, standings: readonly Standing[] = listStandings(data)): string[] {
  const pairs = (Object.keys(published) as ProtocolName[]).flatMap((protocol) => {
    const own = standings.find((standing) => standing.protocol === protocol);
    if (own === undefined) return [];
    return [
      `${protocolNames[protocol].short}, ≤ ${formatNumber(published[protocol], 2)} N·m/kg there and ${say(own.pooled?.rmse_Nm_per_kg)} pooled (worst activity ${say(own.worst?.rmse_Nm_per_kg)}) here, by ${sayModel(own)}`,
    ];
  });
  if (pairs.length === 0) return [];
  return [
    `Xie et al. (2025), whose method this is, report as RMSE: ${joinWords(pairs)}.`,
    ...(data.simulated ? ['Theirs are of measured people; ours are simulated, and say nothing of people.'] : []),
    'In any case data, activities, participants, filters and splits differ, and an RMSE in N·m/kg grows with the torque of the activity, so neither figure is better or worse than the other by being smaller.',
  ];
}

function say(value: Maybe): string {
  return formatNumber(value, 3);
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
