import { type Channel, type ChannelKind, makeUniformClock, type Recording, type Unit } from '../../data/index.js';
import { makeRandom } from '../../math/index.js';
import type { IntakeWorld } from './resolve.js';

const points = makeUniformClock(0.5, 100, 300);
const analogs = makeUniformClock(0.5, 1000, 3000);

const makeChannel = (name: string, kind: ChannelKind, unit: Unit, calc: (time_s: number) => number): Channel => {
  const clock = kind === 'emg' ? analogs : points;
  return { name, kind, unit, clock, values: clock.times_s.map(calc) };
};

/** A made-up walk in which one leg has electrodes and steps on a plate from 1 to 1.6 s; the other leg does all of it 0.3 s later. */
export function makeWalk(leg: 'left' | 'right'): Recording {
  const channels: Channel[] = [];
  for (const side of ['left', 'right'] as const) {
    const letter = side === 'left' ? 'L' : 'R';
    const own = side === leg;
    const at = (time_s: number) => time_s - (own ? 0 : 0.3);
    const random = makeRandom(own ? 'muscle' : 'open');
    for (const muscle of ['Rect', 'Hams']) {
      const tones = Array.from({ length: 40 }, () => [20 + 150 * random.uniform(), 6.28 * random.uniform()]);
      channels.push(
        makeChannel(`${letter} ${muscle}`, 'emg', 'V', (t) =>
          own
            ? 0.02 *
              (0.2 + Math.max(0, Math.sin(6.28 * t))) *
              tones.reduce((sum, [f, p]) => sum + Math.sin(6.28 * f * t + p), 0)
            : 3e-4 * random.normal(),
        ),
      );
    }
    const onPlate = (t: number) => at(t) >= 1 && at(t) < 1.6;
    channels.push(
      makeChannel(`${letter}Knee.x`, 'coordinate', 'rad', (t) => 0.5 + 0.4 * Math.sin(6.28 * at(t))),
      makeChannel(`${letter}Moment.x`, 'generalised_force', '?', (t) => 600 * Math.cos(6.28 * at(t))),
      makeChannel(`${letter}Force.z`, 'ground_reaction', '?', (t) =>
        onPlate(t) ? 11 * Math.abs(Math.sin((6.28 * (at(t) - 0.999)) / 1.2)) ** 0.3 : Number.NaN,
      ),
      // The foot rests from 0.8 to 1.8 s, else it moves at 2 m/s.
      ...['HEE', 'TOE'].flatMap((marker) =>
        ['x', 'y', 'z'].map((axis) =>
          makeChannel(`${letter}${marker}.${axis}`, 'marker', 'm', (t) =>
            axis === 'x' ? 2 * (at(t) - Math.max(0, Math.min(1, at(t) - 0.8))) : 0,
          ),
        ),
      ),
      ...[
        ['FEP', 0.9],
        ['FEO', 0.5],
        ['TIO', 0.1],
      ].flatMap(([point, height]) =>
        ['x', 'y', 'z'].map((axis) =>
          makeChannel(`${letter}${point}.${axis}`, 'marker', 'm', () => (axis === 'z' ? (height as number) : 0)),
        ),
      ),
    );
  }
  return { name: 'walk', channels, events: [], notes: [] };
}

/** A world of C3D-like files: the same walk in all of them. */
export function makeWorld(
  files: readonly string[],
  {
    leg = 'left',
    parameters = { Mass: 40, Height: 1500 },
  }: { leg?: 'left' | 'right'; parameters?: Record<string, unknown> } = {},
): IntakeWorld & { readonly read: string[] } {
  const walk = makeWalk(leg);
  const read: string[] = [];
  return {
    read,
    listFiles: () => files,
    findParameter: (_file, group, name) => (group === 'SIZE' ? parameters[name] : undefined),
    readRecording(file) {
      read.push(file);
      return walk;
    },
  };
}

/** A study of such files, as YAML would say it. */
export const written = () => ({
  study: 'found',
  files: { all: '{participant}/{trial}/*.c3d' },
  side: 'emg',
  emg: { kind: 'raw', channels: { rect_fem_r: '{side} Rect', semimem_r: '{side} Hams' } },
  motion: { coordinates: ['knee_angle_r'], channels: { knee_angle_r: { channel: '{side}Knee.x', factor: -1 } } },
  torque: { channel: '{side}Moment.x', unit: 'N.mm/kg', positive: 'extension' },
  mask: { stance: { channel: '{side}Force.z', above: 0.2 } },
  participants: {
    folders: '*',
    trials: [
      { id: 'Static', activity: 'static', use: 'static' },
      { id: 'Walk', activity: 'walk' },
      { id: 'Turn', activity: 'turn' },
    ],
    mass_kg: { parameter: 'SIZE:Mass' },
    height_m: { parameter: 'SIZE:Height', factor: 0.001 },
  } as object,
  split: { train: ['Walk'], test: ['Turn'] } as object,
});
