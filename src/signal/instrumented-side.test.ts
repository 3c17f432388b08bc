import { describe, expect, it } from 'vitest';
import { emgLegs, hasChildren, readChild } from '../../test/support/children.js';
import { type Channel, getChannel, makeUniformClock } from '../data/index.js';
import { makeRandom } from '../math/index.js';
import { type EmgOfSides, findEmgDefect, findInstrumentedSide } from './instrumented-side.js';

const rate_Hz = 1000;
const clock = makeUniformClock(0, rate_Hz, 3000);
const make = (calc: (i: number) => number): Channel => ({
  name: 'emg',
  kind: 'emg',
  unit: 'V',
  clock,
  values: Float64Array.from({ length: 3000 }, (_, i) => calc(i)),
});

/** Noise between 20 and 200 Hz in bursts, like a muscle in gait. */
function makeMuscle(seed: number, size_V: number): Channel {
  const random = makeRandom(seed);
  const tones = Array.from({ length: 60 }, () => [20 + 180 * random.uniform(), 2 * Math.PI * random.uniform()]);
  return make(
    (i) =>
      size_V *
      (0.1 + Math.max(0, Math.sin((2 * Math.PI * i) / rate_Hz))) *
      tones.reduce((sum, [f, phase]) => sum + Math.sin((2 * Math.PI * f * i) / rate_Hz + phase) / 8, 0),
  );
}
const muscles = [1, 2, 3, 4].map((seed) => makeMuscle(seed, 0.05));
const noise = (size_V: number) => {
  const random = makeRandom('noise');
  return make(() => size_V * random.normal());
};
const quiet = muscles.map(() => noise(4e-4));

describe('findEmgDefect', () => {
  it('tells muscle, silence, saturation, drift and white noise apart', () => {
    expect(findEmgDefect(muscles[0], 1.25)).toBeUndefined();
    expect(findEmgDefect(quiet[0], 1.25)).toBe('quiet');
    expect(findEmgDefect({ ...muscles[0], values: new Float64Array(0) }, 1.25)).toBe('quiet');
    expect(
      findEmgDefect(
        make((i) => Math.max(-1.25, Math.min(1.25, 3 * Math.sin(0.9 * i)))),
        1.25,
      ),
    ).toBe('saturated');
    expect(
      findEmgDefect(
        make((i) => 0.4 * Math.sin(i / 300)),
        1.25,
      ),
    ).toBe('drifting');
    expect(findEmgDefect(noise(0.1), 1.25)).toBe('too fast');
  });

  it('does not mind an offset, nor a strong muscle that is clipped now and then', () => {
    // The amplifier ends where 0.5 % of the samples would go beyond.
    const rail_V = [...muscles[0].values].map(Math.abs).sort((x, y) => y - x)[15];
    const strong = muscles[0].values.map((value) => Math.max(-rail_V, Math.min(rail_V, value)));
    expect(findEmgDefect({ ...muscles[0], values: strong }, rail_V)).toBeUndefined();
    const shifted = muscles[0].values.map((value) => value + 0.3);
    expect(findEmgDefect({ ...muscles[0], values: shifted }, 1.25)).toBeUndefined();
  });
});

describe('findInstrumentedSide', () => {
  it('finds the leg whose channels look like EMG, whichever it is, and says why', () => {
    const verdict = findInstrumentedSide([{ left: quiet, right: muscles }]);
    expect(verdict).toMatchObject({ side: 'right', share: { left: 0, right: 1 } });
    expect(verdict.note).toMatch(/the right leg has the electrodes: 100 % of the right.*0 % of the left do \(quiet\)/);
    expect(findInstrumentedSide([{ left: muscles, right: quiet }]).side).toBe('left');
  });

  it('asks for the side where both or neither look like EMG', () => {
    for (const trial of [
      { left: muscles, right: muscles },
      { left: quiet, right: quiet },
    ] satisfies EmgOfSides[]) {
      expect(() => findInstrumentedSide([trial], 'P01')).toThrow(
        /P01: the EMG does not tell.*Say side: left or side: right/,
      );
    }
  });

  it.skipIf(!hasChildren)('finds the leg of every child, and never the wrong one from a single trial', () => {
    const readSides = (child: string, trial: string): EmgOfSides => {
      const { recording } = readChild(child, trial);
      const pick = (letter: string) =>
        ['Rect', 'Hams', 'Gast', 'Tib Ant'].map((muscle) => getChannel(recording, `Voltage.${letter} ${muscle}`));
      return { left: pick('L'), right: pick('R') };
    };
    let told = 0;
    for (const [child, side] of Object.entries(emgLegs)) {
      const trials = ['Straight', 'Turn'].map((trial) => readSides(child, trial));
      expect(findInstrumentedSide(trials, child).side, child).toBe(side);
      for (const trial of trials) {
        try {
          expect(findInstrumentedSide([trial], child).side, child).toBe(side);
          told++;
        } catch (error) {
          expect((error as Error).message).toMatch(/does not tell/);
        }
      }
    }
    expect(told).toBeGreaterThanOrEqual(12);
  });
});
