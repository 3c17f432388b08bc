import { describeSpm } from '../../statistics/index.js';
import { compareCurves, poolCycles } from '../cohort/waveforms.js';
import { findHeadline, isOf, isPooled, sayProtocol } from '../conditions.js';
import { drawCycleTorque, findWaveModel } from '../figures/cycle-torque.js';
import { formatShort, joinWords } from '../format.js';
import { type Numbering, writeDetails, writeFigure, writeList, writeParagraph } from '../html.js';
import { modelLooks } from '../models.js';
import type { CycleTorque, ReportData } from '../types.js';
import { describeWho } from './errors.js';
import { torqueUnits } from './units.js';

/** Up to this many cycles of single participants are shown at once; more are folded away. */
const mostShown = 6;

/** Chance of any false finding over all activities. */
const level = 0.05;

/** Torque over 0–100 % of the cycle. */
export function writeCycles(data: ReportData, numbering: Numbering): string[] {
  const headline = findHeadline(data);
  const cycles = data.cycles.filter((cycle) => isOf(cycle, headline));
  if (cycles.length === 0)
    return [writeParagraph('No cycles were found or given, so there is no mean cycle to show.', 'none')];
  const pooled = listPooled(data, cycles);
  // What is pooled over one participant is that participant's already.
  const alone = pooled.length > 0 && data.participants.length === 1;
  const own = alone ? [] : cycles.filter((cycle) => !isPooled(cycle));
  return [
    ...(pooled.length > 0 ? writePooled(data, cycles, pooled, numbering) : []),
    ...(own.some(({ side, toe_off_percent }) => side !== undefined || toe_off_percent)
      ? writeClinical(data, own, numbering)
      : writeOwn(data, own, pooled.length > 0 ? '' : describeBands(cycles), numbering)),
  ];
}

/** Per activity what stands for everybody: the mean over participants, or over cycles where only those were given. */
function listPooled(data: ReportData, cycles: readonly CycleTorque[]): CycleTorque[] {
  return data.activities.flatMap((activity) => {
    const all = cycles.filter((cycle) => cycle.activity === activity);
    return poolCycles(all.filter((cycle) => !isPooled(cycle))) ?? all.find(isPooled) ?? [];
  });
}

function writePooled(
  data: ReportData,
  cycles: readonly CycleTorque[],
  pooled: readonly CycleTorque[],
  numbering: Numbering,
): string[] {
  const { positive, name } = data.target;
  const titles = pooled.map((cycle) => cycle.activity);
  const columns = pooled.length > 4 ? 3 : 2;
  const people = pooled.some(({ participants = 1 }) => participants > 1);
  const own = (activity: string) => cycles.filter((cycle) => cycle.activity === activity && !isPooled(cycle));
  const model = findWaveModel(pooled);
  const alpha = level / pooled.length;
  const tests = pooled.map(({ activity }) => (model ? compareCurves(own(activity), model, alpha) : undefined));
  const differences = tests.map((test) =>
    (test?.clusters ?? []).map(({ start_node, end_node }) => ({
      start: (100 * start_node) / (test!.nodes - 1),
      end: (100 * end_node) / (test!.nodes - 1),
    })),
  );
  const tested = tests.some((test) => test !== undefined);
  const shades = tested
    ? ` Shaded: where the ${modelLooks[model!].label}’s curve differs from the measured one (SPM, paired t over participants, two-sided, α = ${formatShort(level)} shared by ${pooled.length} activities).`
    : '';
  const under = sayProtocol(findHeadline(data));
  const who = people ? `mean ± SD over participants, each counted once` : describeWho(data);
  const parts = [
    writeFigure(
      numbering.shown,
      drawCycleTorque(pooled, titles, positive, columns, { differences }),
      `Mean ${name} (N·m/kg, positive: ${positive}) over the cycle in %${under === '' ? '' : `, ${under}`}; ${who}. ${people ? '' : describeBands(cycles)}${people ? describeStarts(cycles) : ''}${shades}${sayToeOff(pooled)}`,
    ),
  ];
  if (tested)
    parts.push(
      writeDetails(
        'The differences over the cycle in words',
        writeList(
          pooled.flatMap(({ activity }, i) => {
            const test = tests[i];
            if (test === undefined) return [];
            const words = { first: modelLooks[model!].label, second: 'inverse dynamics', quantity: 'torque' };
            return [`${activity}: ${describeSpm(test, words)}`];
          }),
        ),
      ),
    );
  if (people) parts.push(...writeOtherUnits(data, pooled, own, numbering));
  return parts;
}

/** The waveforms in N·m and %BW·ht, where masses and heights are known. */
function writeOtherUnits(
  data: ReportData,
  pooled: readonly CycleTorque[],
  own: (activity: string) => CycleTorque[],
  numbering: Numbering,
): string[] {
  const { positive, name } = data.target;
  return torqueUnits.slice(1).flatMap((unit) => {
    const factor = (participant: string) => {
      const person = data.participants.find((one) => one.name === participant);
      return person === undefined ? null : unit.factor(person);
    };
    const cycles = pooled.flatMap(({ activity }) => poolCycles(own(activity), factor) ?? []);
    if (cycles.length === 0) return [];
    return [
      writeDetails(
        `The same in ${unit.name}`,
        writeFigure(
          numbering.folded,
          drawCycleTorque(
            cycles,
            cycles.map((cycle) => cycle.activity),
            positive,
            cycles.length > 4 ? 3 : 2,
            { label: `torque, ${unit.name}` },
          ),
          `Mean ${name} (${unit.name}, positive: ${positive}) over the cycle in %; mean ± SD over participants, each counted once.`,
        ),
      ),
    ];
  });
}

/** One folded sheet per participant: every activity, each side over its own cycle, toe-off where stance is known. */
function writeClinical(data: ReportData, own: readonly CycleTorque[], numbering: Numbering): string[] {
  const { positive, name } = data.target;
  return data.participants.flatMap((person) => {
    const theirs = data.activities.flatMap((activity) =>
      own
        .filter((cycle) => cycle.participant === person.name && cycle.activity === activity)
        .sort((a, b) => (a.side ?? '').localeCompare(b.side ?? '')),
    );
    if (theirs.length === 0) return [];
    const sides = new Set(theirs.map(({ side }) => side));
    return [
      writeDetails(
        `Cycles of ${person.name}`,
        writeFigure(
          numbering.folded,
          drawCycleTorque(
            theirs,
            theirs.map(({ activity, side }) => (side ? `${activity}, ${side}` : activity)),
            positive,
            sides.size > 1 ? 2 : 3,
          ),
          `${person.name}: ${name} (N·m/kg, positive: ${positive}) of each side over its own cycle in %. Bands are ±\u00a01 standard deviation over cycles. ${describeStarts(theirs)}${sayToeOff(theirs)}`,
        ),
      ),
    ];
  });
}

/** One figure per activity with a panel for every participant. */
function writeOwn(data: ReportData, own: readonly CycleTorque[], bands: string, numbering: Numbering): string[] {
  return data.activities.flatMap((activity) => {
    const theirs = own.filter((cycle) => cycle.activity === activity);
    if (theirs.length === 0) return [];
    const figure = writeFigure(
      own.length <= mostShown ? numbering.shown : numbering.folded,
      drawCycleTorque(
        theirs,
        theirs.map((cycle) => cycle.participant ?? ''),
        data.target.positive,
        3,
      ),
      `${activity}: mean ${data.target.name} (N·m/kg) over the cycle in %, one panel per participant. ${bands === '' ? 'Bands are ±\u00a01 standard deviation over cycles.' : bands}`,
    );
    return [own.length <= mostShown ? figure : writeDetails(`${activity}: mean cycle by participant`, figure)];
  });
}

function describeBands(cycles: readonly CycleTorque[]): string {
  return `Bands are ±\u00a01 standard deviation over cycles; cycles with masked runs longer than 0.1 s are left out. ${describeStarts(cycles)}`;
}

function sayToeOff(cycles: readonly CycleTorque[]): string {
  return cycles.some(({ toe_off_percent }) => toe_off_percent)
    ? ' Dashed vertical line: mean toe-off, the end of stance.'
    : '';
}

/** `0 % is right heel strike (walk, run) and the start of the descent (squat).` */
function describeStarts(cycles: readonly CycleTorque[]): string {
  const starts = [...new Set(cycles.map((cycle) => cycle.starts_with))];
  const said = starts.map((start) => {
    const own = cycles.filter((cycle) => cycle.starts_with === start).map((cycle) => cycle.activity);
    return `${start} (${[...new Set(own)].join(', ')})`;
  });
  return `0 % is ${joinWords(said)}.`;
}
