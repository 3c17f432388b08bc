import { expect, it } from 'vitest';
import { makeRandom } from '../math/index.js';
import { calcCorrelation } from './correlation.test.support.js';
import { makeDrives, sampleCycle } from './drives.js';
import { ankleMuscles, kneeMuscles } from './muscles.js';
import { makeMvcDrives, mvcTests } from './mvc.js';
import { makeRhythm } from './rhythm.js';

const muscles = [...kneeMuscles, ...ankleMuscles];

it('samples a cycle periodically and linearly', () => {
  const cycle = Float64Array.from([0, 1, 4, 1]);
  expect(sampleCycle(cycle, 0.25)).toBe(1);
  expect(sampleCycle(cycle, -1.625)).toBeCloseTo(2.5, 12);
  expect(sampleCycle(cycle, 7.875)).toBeCloseTo(0.5, 12);
});

it('varies about the mean cycle, alike within a synergy and apart otherwise', () => {
  const rng = makeRandom(11);
  const rhythm = makeRhythm(rng, 0, 60_000, 200, 1.1, 0.03);
  const cycles = new Map(muscles.map((m) => [m, new Float64Array(50).fill(0.3)]));
  const drives = makeDrives(rng, cycles, rhythm, 1.1, 200, 0, 0);
  for (const drive of drives.values()) {
    const mean = drive.reduce((a, b) => a + b, 0) / drive.length;
    expect(mean).toBeGreaterThan(0.28);
    expect(mean).toBeLessThan(0.33);
    expect(Math.min(...drive.subarray(0, 1000))).toBeGreaterThan(0);
  }
  const between = (a: string, b: string) => calcCorrelation(drives.get(a)!, drives.get(b)!);
  expect(between('vas_lat_r', 'vas_med_r')).toBeGreaterThan(0.4);
  expect(between('vas_lat_r', 'vas_med_r')).toBeLessThan(0.8);
  expect(between('vas_lat_r', 'vas_int_r')).toBeLessThan(between('vas_lat_r', 'vas_med_r'));
  expect(Math.abs(between('vas_lat_r', 'bifemlh_r'))).toBeLessThan(0.25);
});

it('runs ahead of the phase by the lead', () => {
  const rng = makeRandom(12);
  const rhythm = makeRhythm(rng, 0, 20_000, 200, 1, 0.01);
  const cycle = Float64Array.from({ length: 100 }, (_, i) => Math.exp(-(((i - 50) / 8) ** 2)));
  const [now, ahead] = [0, 0.1].map(
    (lead) => makeDrives(rng, new Map([['vas_lat_r', cycle]]), rhythm, 1, 200, lead, 0).get('vas_lat_r')!,
  );
  expect(calcCorrelation(now.subarray(20), ahead.subarray(0, -20))).toBeGreaterThan(0.99);
});

it.each(mvcTests)('$name reaches 70–85 % of maximal drive three times and rests between', (mvc) => {
  const count = 1000 * mvc.duration_s + 1000;
  const drives = makeMvcDrives(makeRandom(13), mvc, muscles, 0.01, -1, count, 1000);
  mvc.efforts.forEach((effort, turn) => {
    for (const [muscle, share] of Object.entries(effort)) {
      if (share < 1) continue;
      const drive = drives.get(muscle)!;
      for (let n = 0; n < 3; n++) {
        const start = 1000 + 4500 * (n * mvc.efforts.length + turn);
        const peak = Math.max(...drive.subarray(start, start + 4500));
        expect(peak).toBeGreaterThan(0.68);
        expect(peak).toBeLessThan(0.9);
        expect(drive[start]).toBeCloseTo(0.01, 6);
      }
    }
  });
  expect(new Set(drives.get('tfl_r')!.subarray(0, 1000)).size).toBe(1);
});
