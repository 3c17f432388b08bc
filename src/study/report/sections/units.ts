import { calcSpread } from '../cohort/spread.js';
import { findHeadline, isPooled, sayProtocol, selectErrors } from '../conditions.js';
import { formatNumber, isNumber } from '../format.js';
import { type Numbering, writeTable } from '../html.js';
import { escapeText } from '../markup.js';
import { findMainModel, modelLooks } from '../models.js';
import type { Maybe, ReportData } from '../types.js';

/** Standard gravity, m/s² (BIPM, SI brochure, 9th ed.). */
const gravity = 9.80665;

/** The units that torque is given in, and the factor from N·m/kg for one participant; null where mass or height is not known. */
export const torqueUnits: readonly {
  readonly name: string;
  readonly factor: (person: { readonly mass_kg: Maybe; readonly height_m?: Maybe }) => number | null;
}[] = [
  { name: 'N·m/kg', factor: () => 1 },
  { name: 'N·m', factor: ({ mass_kg }) => (isNumber(mass_kg) ? mass_kg : null) },
  // Per cent of body weight times height: M / (m g h), Moisio et al. 2003, doi 10.1016/S0021-9290(02)00433-5.
  {
    name: '%BW·ht',
    factor: ({ height_m }) => (isNumber(height_m) && height_m > 0 ? 100 / (gravity * height_m) : null),
  },
];

/** One participant's error in every unit. */
export interface UnitRow {
  readonly participant: string;
  readonly mass_kg: Maybe;
  readonly height_m: Maybe;
  /** In the order of `torqueUnits`. */
  readonly rmse: readonly (number | null)[];
}

/** RMSE of the main model in every unit, by participant. */
export function listUnitRows(data: ReportData): UnitRow[] {
  const rows = selectErrors(data).filter((row) => row.activity === 'all');
  const main = findMainModel((model) => rows.some((row) => row.model === model));
  return data.participants.flatMap((person) => {
    const own = rows.find((row) => row.model === main && row.participant === person.name);
    // With one participant its rows are those of everybody.
    const row =
      own ?? (data.participants.length === 1 ? rows.find((one) => one.model === main && isPooled(one)) : undefined);
    const rmse = row?.rmse_Nm_per_kg;
    if (!isNumber(rmse)) return [];
    return [
      {
        participant: person.name,
        mass_kg: person.mass_kg,
        height_m: person.height_m,
        rmse: torqueUnits.map(({ factor }) => {
          const by = factor(person);
          return by === null ? null : by * rmse;
        }),
      },
    ];
  });
}

/** The main model's error in N·m/kg, N·m and %BW·ht, by participant. */
export function writeUnits(data: ReportData, numbering: Numbering): string {
  const rows = listUnitRows(data);
  const main = findMainModel((model) => selectErrors(data).some((row) => row.model === model));
  const under = sayProtocol(findHeadline(data));
  const median = torqueUnits.map((_, i) => {
    const values = rows.map(({ rmse }) => rmse[i]).filter(isNumber);
    return values.length === 0 ? null : calcSpread(values).median;
  });
  const show = (values: readonly (number | null)[]) => [
    formatNumber(values[0], 3),
    formatNumber(values[1], 1),
    formatNumber(values[2], 2),
  ];
  return writeTable(numbering.folded, {
    caption: `RMSE of the ${main ? modelLooks[main].label : 'main model'}${under === '' ? '' : ` ${under}`} over all activities in the units of other fields. %BW·ht: per cent of body weight times height, M / (m g h).`,
    columns: ['participant', 'mass, kg', 'height, m', ...torqueUnits.map(({ name }) => `RMSE, ${name}`)],
    kind: 'numbers',
    groups: [
      {
        rows: [
          ...rows.map((row) => ({
            cells: [
              escapeText(row.participant),
              formatNumber(row.mass_kg, 1),
              formatNumber(row.height_m, 2),
              ...show(row.rmse),
            ],
          })),
          ...(rows.length > 1 ? [{ marked: true, cells: ['median', '', '', ...show(median)] }] : []),
        ],
      },
    ],
  });
}
