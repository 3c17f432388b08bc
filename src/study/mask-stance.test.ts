import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasChildren, readChild } from '../../test/support/children.js';
import { type Channel, findChannel, makeUniformClock, type Recording } from '../data/index.js';
import { calcMask } from './mask.js';
import { findFootSpans } from './mask-stance.js';

const clock = makeUniformClock(0, 100, 400);
const make = (name: string, calc: (time_s: number) => number): Channel => ({
  name,
  kind: 'other',
  unit: '?',
  clock,
  values: clock.times_s.map(calc),
});
/** Two bumps of a whole step over `length` seconds from `start`. */
const step = (time_s: number, start: number, length: number) => {
  const share = (time_s - start) / length;
  return share > 0 && share < 1 ? 10 * Math.sin(Math.PI * share) ** 0.4 : Number.NaN;
};
const rule = {
  channel: 'force',
  above: 0.2,
  both_halves_above: 7.8,
  trim_s: 0,
  swing: 'mask',
  swing_markers: ['heel', 'toe'],
  swing_above_m_per_s: 1.2,
} as const;
/** On a plate from 1 to 1.6 s and, with the second half beside it, from 3 s; the foot moves at 2 m/s outside 0.9–1.7 s and 2.9–4 s. */
const ground: Recording = {
  name: 'walk',
  events: [],
  notes: [],
  channels: [
    make('force', (t) => {
      const whole = step(t, 1, 0.6);
      if (!Number.isNaN(whole)) return whole;
      const beside = step(t, 3, 0.6);
      return t > 3.25 ? beside * 0.5 : beside;
    }),
    ...['heel', 'toe'].flatMap((marker) =>
      ['x', 'y', 'z'].map((axis) =>
        make(`${marker}.${axis}`, (t) => {
          const resting = Math.max(0, Math.min(0.8, t - 0.9)) + Math.max(0, t - 2.9);
          return axis === 'y' ? 2 * (t - resting) : 0;
        }),
      ),
    ),
  ],
};
const maskOf = (change: object = {}, recording = ground) =>
  calcMask(
    clock.times_s,
    0,
    { ground: recording },
    { skip_start_s: 0, stance: { ...rule, ...change } } as never,
    'walk',
  );
const list = (frames: Uint8Array) => [...frames.keys()].filter((i) => frames[i] === 1);

describe('mask.stance', () => {
  it('keeps whole steps on a plate, and nothing else', () => {
    const { usable, comparable, reasons } = maskOf();
    expect(comparable).toEqual(usable);
    expect([list(usable)[0], list(usable).at(-1)]).toEqual([101, 159]);
    expect(reasons[0]).toMatchObject({ why: 'foot only partly on a force plate', frames: 59 });
    expect(reasons[1]).toMatchObject({ why: 'foot on no force plate', frames: 400 - 59 - 59 });
  });

  it('takes a step beside the plate for whole where nothing says what whole is', () => {
    expect(list(maskOf({ both_halves_above: undefined }).usable)).toHaveLength(118);
  });

  it('trims contacts', () => {
    expect([list(maskOf({ trim_s: 0.05 }).usable)[0], list(maskOf({ trim_s: 0.05 }).usable).at(-1)]).toEqual([
      106, 154,
    ]);
  });

  it('lets swing be trained on and not tested on; unsupported stance is neither', () => {
    const { usable, comparable } = maskOf({ swing: 'train' });
    expect(list(comparable)).toEqual(list(maskOf().usable));
    const swing = list(usable).filter((i) => comparable[i] === 0);
    expect(swing.every((i) => i < 92 || (i > 168 && i < 292))).toBe(true);
    expect(swing.length).toBeGreaterThan(200);
  });

  it('never compares a frame that is not usable, whatever the rule', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 12 }),
        fc.double({ min: 0, max: 0.2 }),
        fc.boolean(),
        (above, trim_s, train) => {
          const { usable, comparable, reasons } = maskOf({ above, trim_s, swing: train ? 'train' : 'mask' });
          expect(comparable.every((ok, i) => ok <= usable[i])).toBe(true);
          expect(reasons.reduce((sum, { frames }) => sum + frames, 0)).toBe(400 - list(usable).length);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('finds no stance where the file has no such force, and says what else is missing', () => {
    const without = { ...ground, channels: ground.channels.filter(({ name }) => name !== 'force') };
    expect(list(maskOf({}, without).usable)).toEqual([]);
    expect(() => maskOf({ swing: 'train', swing_markers: ['sole'] })).toThrow(
      /walk: ground: there is no marker "sole"/,
    );
    expect(() => calcMask(clock.times_s, 0, {}, { skip_start_s: 0, stance: rule } as never, 'walk')).toThrow(
      /no ground file/,
    );
  });

  it.skipIf(!hasChildren)('agrees with the gait events that the laboratory marked in swing', () => {
    let stance = 0;
    let wrong = 0;
    let swing = 0;
    let found = 0;
    for (const child of ['HC002D', 'HC030A', 'HC031A', 'HC032A', 'HC038A']) {
      for (const trial of ['Straight', 'Turn']) {
        const { recording } = readChild(child, trial);
        for (const [side, letter] of [
          ['left', 'L'],
          ['right', 'R'],
        ] as const) {
          const spans = findFootSpans(
            recording,
            {
              ...rule,
              swing: 'train',
              channel: `${letter}GroundReactionForce.z`,
              swing_markers: [`${letter}HEE`, `${letter}TOE`],
            },
            child,
          ).swing;
          const times = findChannel(recording, `${letter}HEE.x`)!.clock.times_s;
          const isSwing = (t: number) => spans.some(({ start_s, end_s }) => t >= start_s - 1e-6 && t <= end_s + 1e-6);
          const events = recording.events.filter((event) => event.side === side).sort((a, b) => a.time_s - b.time_s);
          events.slice(1).forEach((event, i) => {
            const before = events[i];
            const inside = [...times].filter((t) => t > before.time_s + 0.005 && t < event.time_s - 0.005);
            if (/off/i.test(before.name) && /strike/i.test(event.name)) {
              swing += inside.length;
              found += inside.filter(isSwing).length;
            } else if (/strike/i.test(before.name) && /off/i.test(event.name)) {
              stance += inside.length;
              wrong += inside.filter(isSwing).length;
            }
          });
        }
      }
    }
    expect(stance).toBeGreaterThan(2000);
    expect(wrong / stance).toBeLessThan(0.005);
    expect(found / swing).toBeGreaterThan(0.8);
  });
});
