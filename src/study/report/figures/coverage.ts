import { isPooled } from '../conditions.js';
import { formatPercent, isNumber } from '../format.js';
import { type Look, modelLooks } from '../models.js';
import type { Key } from '../svg/legend.js';
import type { Line, Panel } from '../svg/line-chart.js';
import { findExtent } from '../svg/scale.js';
import { drawSmallMultiples } from '../svg/small-multiples.js';
import type { IntervalCoverage, ModelName } from '../types.js';

const personLook: Look = { label: 'one participant', colour: '#9a9a9a', width: 0.9, dash: undefined, marker: 'circle' };
const idealLook: Look = { label: 'as promised', colour: '#1a1a1a', width: 1, dash: '3 3', marker: 'circle' };

/** Nominal against actual coverage, and actual coverage against half-width at one level: a line or dot for every participant. */
export function drawCoverage(rows: readonly IntervalCoverage[], model: ModelName, level: number): string {
  const known = rows.filter((row) => row.model === model && isNumber(row.inside));
  const look = { ...modelLooks[model], label: 'all participants' };
  const own = known.filter((row) => !isPooled(row));
  const people = [...new Set(own.map((row) => row.participant))];
  const makeLine = (list: readonly IntervalCoverage[], lineLook: Look, marked = false): Line => {
    const sorted = [...list].sort((a, b) => a.level - b.level);
    return {
      x: sorted.map((row) => 100 * row.level),
      y: sorted.map((row) => 100 * row.inside!),
      look: lineLook,
      marked,
    };
  };
  const lines = [
    { x: [0, 100], y: [0, 100], look: idealLook },
    ...people.map((name) =>
      makeLine(
        own.filter((row) => row.participant === name),
        personLook,
      ),
    ),
    makeLine(known.filter(isPooled), look, true),
  ];
  const at = known.filter((row) => row.level === level && isNumber(row.half_width_Nm_per_kg));
  const widths = at.map((row) => row.half_width_Nm_per_kg!);
  const [, widest] = findExtent([widths]);
  const panels: Panel[] = [
    {
      title: 'Coverage',
      x: { label: 'nominal, %', domain: [0, 100] },
      y: { label: 'actual, %', domain: [0, 100] },
      lines,
    },
    {
      title: `At ${formatPercent(level, 0)}: width and coverage`,
      x: { label: 'mean half-width, N·m/kg', domain: [0, 1.06 * widest || 1] },
      y: { label: 'actual, %', domain: [0, 100] },
      rules: [{ y: 100 * level, label: 'nominal' }],
      lines: at.map((row) => ({
        x: [row.half_width_Nm_per_kg!],
        y: [100 * row.inside!],
        look: isPooled(row) ? look : personLook,
        marked: true,
      })),
    },
  ];
  // Of one level there is no line to draw.
  const several = new Set(known.map((row) => row.level)).size > 1;
  return drawSmallMultiples(several ? panels : panels.slice(1), {
    title: 'Intervals of prediction: promised and kept',
    description: 'Share of frames within the interval against what the interval promises, by participant and over all.',
    columns: 2,
    panelHeight: 250,
    legend: [
      ...(several ? [{ label: idealLook.label, kind: 'line', look: idealLook } satisfies Key] : []),
      { label: personLook.label, kind: 'both', look: personLook },
      { label: look.label, kind: 'both', look },
    ],
  });
}
