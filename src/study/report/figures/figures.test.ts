import { XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { makeReportData } from '../report.fixture.js';
import { drawAttention } from './attention.js';
import { drawCycleTorque } from './cycle-torque.js';
import { drawErrorDots } from './error-dots.js';
import { drawLearningCurves } from './learning-curves.js';
import { drawMuscleChain } from './muscle-chain.js';
import { drawParameters, findBound } from './parameters.js';
import { drawSplitStrip } from './split-strip.js';
import { drawTorqueTraces } from './torque-traces.js';

const data = makeReportData(2, 3);
const pooled = data.errors.filter((row) => row.participant === null);

const figures: { [name: string]: string } = {
  attention: drawAttention(data.attention, 2),
  cycles: drawCycleTorque(
    data.cycles,
    data.cycles.map((cycle) => cycle.activity),
    'extension',
    3,
  ),
  errors: drawErrorDots(pooled, [...data.activities, 'all']),
  learning: drawLearningCurves(data.training, 2),
  chain: drawMuscleChain(data.chains[0], 'extension'),
  parameters: drawParameters(data.calibrations[0]),
  strip: drawSplitStrip(data.trials),
  traces: drawTorqueTraces(
    data.traces,
    data.traces.map((trace) => trace.participant),
    'extension',
    2,
  ),
};

function count(text: string, part: RegExp): number {
  return text.match(part)?.length ?? 0;
}

describe.each(Object.entries(figures))('figure %s', (_, svg) => {
  it('is an SVG document of its own, named for those who cannot see it', () => {
    expect(XMLValidator.validate(svg)).toBe(true);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 \d+ \d+"/);
    expect(svg).toMatch(/role="img" aria-label="[^"]+"/);
    expect(svg).toMatch(/<title>[^<]+<\/title><desc>[^<]+<\/desc>/);
    expect(svg).not.toMatch(/NaN|undefined/);
  });

  it('stays within its frame', () => {
    const [, width, height] = svg.match(/viewBox="0 0 (\d+) (\d+)"/)!.map(Number);
    for (const [, key, value] of svg.matchAll(/ (x|x1|x2|cx|y|y1|y2|cy)="(-?[\d.]+)"/g)) {
      expect(Number(value)).toBeGreaterThanOrEqual(0);
      expect(Number(value)).toBeLessThanOrEqual(key.includes('x') ? width : height);
    }
  });
});

describe('figures show what was given', () => {
  it('draws measured, ridge, NMS and hybrid in each panel, with shaded masks', () => {
    expect(count(figures.traces, /<path /g)).toBe(4 * data.traces.length);
    expect(count(figures.traces, /fill="#d9d9d9"/g)).toBeGreaterThan(data.traces.length);
  });

  it('draws two bands and three means per cycle panel', () => {
    expect(count(figures.cycles, /fill-opacity="0\.(18|22)" stroke=/g)).toBe(2 * data.cycles.length);
    expect(count(figures.cycles, /<path d="[^"]+" fill="none"/g)).toBe(3 * data.cycles.length);
  });

  it('gives panels of one activity one torque axis', () => {
    const [first] = data.traces;
    const double = {
      ...first,
      measured_Nm_per_kg: first.measured_Nm_per_kg.map((value) => (value === null ? null : 3 * value)),
    };
    const svg = drawTorqueTraces([first, double], ['a', 'b'], 'extension', 2);
    const zeros = [...svg.matchAll(/y1="([\d.]+)" y2="([\d.]+)" stroke="#8c8c8c"/g)].map((match) => match[1]);
    expect(zeros).toHaveLength(2);
    expect(zeros[0]).toBe(zeros[1]);
    const ticks = [...svg.matchAll(/text-anchor="end" font-size="10">([^<]+)</g)].map((match) => match[1]);
    expect(ticks.slice(0, ticks.length / 2)).toEqual(ticks.slice(ticks.length / 2));
  });

  it('gives each model its own marker, and sends an R² below the axis to its edge', () => {
    const run = { ...pooled[2], r2: -1.37, rmse_Nm_per_kg: 0.3 };
    const svg = drawErrorDots([run], [run.activity]);
    expect(svg).toContain('−1.37');
    const shapes = figures.errors.match(/<(circle|polygon|rect|path)[^>]*fill="#(0072B2|009E73|D55E00|E69F00)"/g)!;
    expect(new Set(shapes.map((shape) => shape.split(' ')[0])).size).toBeGreaterThanOrEqual(3);
  });

  it('has a lane for each signal and a row for each parameter, flagged in words at a bound', () => {
    const [chain] = data.chains;
    expect(count(figures.chain, /fill-opacity="0\.3"/g)).toBe(
      chain.emg.length + chain.activation.length + chain.force_N.length,
    );
    const { parameters } = data.calibrations[0];
    expect(count(figures.parameters, /fill="#e6e6e6"/g)).toBe(parameters.length);
    expect(count(figures.parameters, /▲ at (lower|upper)/g)).toBe(parameters.filter(findBound).length);
  });

  it('marks the kept epoch of each network', () => {
    for (const curve of data.training) expect(figures.learning).toContain(`>epoch ${curve.best_epoch}<`);
  });
});

describe('findBound', () => {
  const parameter = { name: 'A', group: 'g', unit: '1', lower: -3, upper: 0, initial: -1 };
  it('calls the bound within a hundredth of the range', () => {
    expect(findBound({ ...parameter, value: -2.98 })).toBe('lower');
    expect(findBound({ ...parameter, value: -2.9 })).toBeUndefined();
    expect(findBound({ ...parameter, value: 0 })).toBe('upper');
    expect(findBound({ ...parameter, value: null })).toBeUndefined();
    expect(findBound({ ...parameter, lower: 1, upper: 1, value: 1 })).toBeUndefined();
  });
});
