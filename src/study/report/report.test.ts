import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { modelLooks, modelOrder } from './models.js';
import { makeReportData } from './report.fixture.js';
import type { ReportData } from './types.js';
import { writeReport } from './write-report.js';

const whole = makeReportData();
const html = writeReport(whole);

function parse(text: string): unknown {
  return new XMLParser({ ignoreAttributes: false, preserveOrder: true }).parse(text);
}

/** Elements of that name anywhere in what `parse` returns. */
function findElements(tree: unknown, name: string): unknown[] {
  if (!Array.isArray(tree)) return [];
  return tree.flatMap((node: { [key: string]: unknown }) =>
    Object.entries(node).flatMap(([key, children]) => [
      ...(key === name ? [node] : []),
      ...findElements(children, name),
    ]),
  );
}

/** The document without its texts: what a browser acts upon. */
function listTags(text: string): string {
  return (text.replace(/<style>[\s\S]*?<\/style>/, '').match(/<[^>]*>/g) ?? []).join('\n');
}

/** `data` with every string but fixed words replaced, and the fields that may be missing replaced. */
function rewrite(data: unknown, text: (value: string) => string, number: (value: number) => number | null): unknown {
  const fixed = new Set<string>([...modelOrder, 'all', 'train', 'validation', 'test']);
  const maybe =
    /^(rmse|nrmse|r2|r|mae|skill|peak|mean|sd|measured|values|train|validation|weight|initial|value|mass|lower|upper)/;
  const visit = (value: unknown, key: string, open: boolean): unknown => {
    if (typeof value === 'string') return fixed.has(value) ? value : text(value);
    if (typeof value === 'number') return open && key !== 'lower' && key !== 'upper' ? number(value) : value;
    if (Array.isArray(value)) return value.map((one) => visit(one, key, open));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [
        name,
        visit(
          one,
          name,
          name !== 'masked' &&
            (maybe.test(name) || (open && modelOrder.includes(name as never)) || key.startsWith('predicted')),
        ),
      ]),
    );
  };
  return visit(data, '', false);
}

describe('writeReport', () => {
  it('is well-formed, whole and of a size one can send', () => {
    expect(XMLValidator.validate(html)).toBe(true);
    expect(html.startsWith('<!DOCTYPE html>')).toBe(true);
    expect(html.length).toBeLessThan(2_500_000);
  });

  it('shows no broken number and asks nothing of the network', () => {
    expect(html).not.toMatch(/NaN|undefined|Infinity|\[object/);
    expect(html.replaceAll('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(/https?:|url\(|@import|\ssrc=/);
    expect(html).not.toContain('<script');
    const targets = [...html.matchAll(/href="([^"]*)"/g)].map((match) => match[1]);
    expect(targets.length).toBeGreaterThan(0);
    for (const target of targets) expect(html).toContain(`id="${target.slice(1)}"`);
  });

  it('reads the same after a trip through JSON', () => {
    expect(writeReport(JSON.parse(JSON.stringify(whole)))).toBe(html);
  });

  it('says in a banner when participants are simulated, and only then', () => {
    expect(html).toContain('Simulated virtual participants, not measured people.');
    expect(writeReport(makeReportData(1, 1, false))).not.toContain('Simulated');
  });

  it('has a table row for every error, trial, file and EMG maximum, and a figure for what was given', () => {
    const tree = parse(html);
    const rows = findElements(tree, 'tr').length;
    const tables = findElements(tree, 'table').length;
    const people = whole.participants.length;
    const activities = whole.activities.length;
    const groups = (people + 1) * (activities + 1) + people;
    const overviews = 3 * people;
    const options = 9;
    // The main model against each other but the mean baseline.
    const contrasts = modelOrder.length - 2;
    expect(rows).toBe(
      whole.errors.length +
        whole.trials.length +
        whole.provenance.files.length +
        whole.emg_maxima.length +
        groups +
        overviews +
        options +
        contrasts +
        tables,
    );
    // Errors, heat map, dots, chain, training, attention; shown and folded traces and cycles (these in N·m too); parameters and strips.
    expect(findElements(tree, 'figure')).toHaveLength(7 + 2 * (1 + activities) + 2 * people);
    expect(findElements(tree, 'svg')).toHaveLength(findElements(tree, 'figcaption').length);
  });

  it('keeps the models in one order and marks one best row per activity by a sign', () => {
    const table = html.slice(html.indexOf('<table'), html.indexOf('</table>'));
    const labels = [...table.matchAll(/<th scope="row">([^<]*)<\/th>/g)].map((match) => match[1]);
    const order = modelOrder.map((model) => modelLooks[model].label);
    expect(new Set(order).size).toBe(modelOrder.length);
    expect(labels.map((label) => label.replace(' ★', ''))).toEqual(whole.activities.concat('all').flatMap(() => order));
    expect(labels.filter((label) => label.endsWith('★'))).toHaveLength(whole.activities.length + 1);
  });

  it('shows hostile names as text', () => {
    const attack = (value: string) => `</svg><script>alert("${value}")</script><img src=x onerror='x' & \u0000`;
    const hostile = rewrite(makeReportData(2, 2), attack, (value) => value) as ReportData;
    const written = writeReport(hostile);
    expect(XMLValidator.validate(written)).toBe(true);
    expect(listTags(written)).not.toMatch(/<script|<img|^<[^"]*\sonerror=/m);
    expect(written).toContain('&lt;script&gt;alert(&quot;P01&quot;)');
  });

  it('stands any pattern of missing numbers', () => {
    const small = makeReportData(2, 2);
    fc.assert(
      fc.property(
        fc.integer(),
        fc.constantFrom(0.02, 0.5, 1),
        fc.constantFrom(null, Number.NaN),
        (seed, share, gone) => {
          let state = seed >>> 0;
          const number = (value: number) => {
            state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
            return state / 4294967296 < share ? gone : value;
          };
          const written = writeReport(rewrite(small, (text) => text, number) as ReportData);
          expect(XMLValidator.validate(written)).toBe(true);
          expect(written).not.toMatch(/NaN|undefined|Infinity/);
        },
      ),
      { numRuns: 12 },
    );
  });

  it('says which section has nothing to show when all lists are empty', () => {
    const empty: ReportData = {
      ...whole,
      activities: [],
      participants: [],
      errors: [],
      traces: [],
      cycles: [],
      chains: [],
      training: [],
      attention: [],
      calibrations: [],
      trials: [],
      emg_maxima: [],
      warnings: [],
      methods: [],
    };
    const written = writeReport(empty);
    expect(XMLValidator.validate(written)).toBe(true);
    expect(written).not.toContain('<svg');
    expect(written.match(/class="none"/g)).toHaveLength(10);
  });

  it('refuses contradicting entries by name', () => {
    const trace = whole.traces[0];
    const short = { ...trace, measured_Nm_per_kg: trace.measured_Nm_per_kg.slice(1) };
    expect(() => writeReport({ ...whole, traces: [short] })).toThrow(
      /trace P01, walk, walk 2, measured: 1199 values.*1200/,
    );
    expect(() => writeReport({ ...whole, errors: [whole.errors[0], whole.errors[0]] })).toThrow(/given twice/);
    expect(() => writeReport({ ...whole, errors: [{ ...whole.errors[0], activity: 'hop' }] })).toThrow(
      /"hop" is not among/,
    );
    expect(() => writeReport({ ...whole, traces: [{ ...trace, times_s: trace.times_s.map(() => 1) }] })).toThrow(
      /increase/,
    );
  });
});
