import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readOsim } from '../io/index.js';
import { type Body, buildBody } from './body.js';
import { calcCoordinateSpeeds } from './coordinate-speeds.js';
import { findMusclesCrossing } from './crossing.js';
import { calcMuscleGeometry } from './muscle-geometry.js';
import { trimModel } from './trim.js';

// Results of OpenSim 4.5.2, which are kept outside the repository.
const shared = fileURLToPath(new URL('../../../shared/', import.meta.url));
const isThere = existsSync(shared);
if (!isThere) console.warn(`No reference data at ${shared}: comparisons with OpenSim are skipped.`);

/** Model file; folder of expected results, where there is one; muscles that do not wrap. */
const MODELS = [
  { file: 'reference/opensim/gait2392/subject01_simbody.osim', expected: 'gait2392', usable: 92 },
  { file: 'reference/opensim/gait10dof18musc/subject01.osim', expected: 'gait10dof18musc', usable: 18 },
  { file: 'reference/opensim/gait2354/subject01.osim', expected: 'gait2354', usable: 54 },
  { file: 'reference/opensim/gait2354_ik/subject01_simbody.osim', expected: undefined, usable: 54 },
  {
    file: 'reference/opensim/rajagopal_armless18/subject_walk_armless_18musc.osim',
    expected: 'rajagopal_armless18',
    usable: 4,
  },
  { file: 'data/overground-adult/subject_walk_scaled.osim', expected: 'rajagopal_walk3d', usable: 38 },
  { file: 'data/treadmill-adult/model/gait2392.osim', expected: undefined, usable: 92 },
];

function readModel(file: string): { body: Body; usable: string[] } {
  const body = buildBody(readOsim(readFileSync(shared + file), { file }));
  return { body, usable: body.model.muscles.filter((m) => m.wraps.length === 0).map((m) => m.name) };
}

function readTable(folder: string, name: string): Map<string, Float64Array> {
  const [head, ...rows] = readFileSync(`${shared}reference/opensim/${folder}/expected/${name}.tsv`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split('\t'));
  return new Map(head.map((column, j) => [column, Float64Array.from(rows, (row) => Number(row[j]))]));
}

function findLargestError(
  expected: Map<string, Float64Array>,
  names: readonly string[],
  found: readonly Float64Array[],
  edge = 0,
) {
  let largest = 0;
  names.forEach((name, m) => {
    const column = expected.get(name) as Float64Array;
    for (let i = edge; i < column.length - edge; i++) {
      const error = Math.abs(column[i] - found[m][i]);
      if (!(error <= largest)) largest = error;
    }
  });
  return largest;
}

describe.skipIf(!isThere)('against OpenSim 4.5.2', () => {
  it.each(MODELS.filter((m) => m.expected))(
    'lengths, moment arms and speeds of $expected',
    ({ file, expected, usable }) => {
      const folder = expected as string;
      const { body, usable: names } = readModel(file);
      expect(names).toHaveLength(usable);
      const coordinates = readTable(folder, 'q');
      const times_s = coordinates.get('time') as Float64Array;
      coordinates.delete('time');
      const speeds = new Map([...coordinates].map(([name, values]) => [name, calcCoordinateSpeeds(times_s, values)]));
      const found = calcMuscleGeometry(body, { coordinates, speeds, muscles: names, about: ['knee_angle_r'] });

      expect(findLargestError(readTable(folder, 'lengths'), names, found.lengths_m)).toBeLessThan(2e-10);
      const arms = found.momentArms_m.knee_angle_r;
      const expectedArms = readTable(folder, 'momentarm_knee_r');
      expect(findLargestError(expectedArms, names, arms)).toBeLessThan(1e-9);
      // The same muscles cross the knee, and the others have exactly no moment arm.
      const crossing = findMusclesCrossing(body, 'knee_angle_r').filter((name) => names.includes(name));
      expect(crossing).toEqual(names.filter((name) => expectedArms.get(name)?.some((arm) => arm !== 0)));
      // The reference's spline saw more frames than were written, so the ends differ.
      const rates = found.speeds_m_per_s as Float64Array[];
      expect(findLargestError(readTable(folder, 'lspeed'), names, rates, 10)).toBeLessThan(1e-6);
    },
  );

  it.each(MODELS)('r = −dl/dq in $file', ({ file }) => {
    const { body, usable } = readModel(file);
    // Couplers and transform functions bend most in the range of the joints; seeded poses keep the test repeatable.
    let seed = 1;
    const random = (): number => {
      seed = (seed * 16807) % 2147483647;
      return seed / 2147483647;
    };
    const names = [...body.coordinates.keys()];
    const poses = 6;
    const coordinates = new Map(
      names.map((name) => {
        const { range } = body.coordinates.get(name)!;
        const [low, high] = [Math.max(range[0], -1.5), Math.min(range[1], 1.5)];
        return [name, Float64Array.from({ length: poses }, () => low + random() * (high - low))] as const;
      }),
    );
    const about = ['knee_angle_r', 'hip_flexion_r', 'ankle_angle_r', 'hip_flexion_l'].filter((name) =>
      names.includes(name),
    );
    const step = 1e-6;
    const exact = calcMuscleGeometry(body, { coordinates, muscles: usable, about });
    for (const name of about) {
      const shift = (by: number): readonly Float64Array[] => {
        const moved = new Map(coordinates).set(
          name,
          coordinates.get(name)!.map((value) => value + by),
        );
        return calcMuscleGeometry(body, { coordinates: moved, muscles: usable }).lengths_m;
      };
      const [ahead, behind] = [shift(step), shift(-step)];
      usable.forEach((_, m) => {
        for (let i = 0; i < poses; i++) {
          const difference = -(ahead[m][i] - behind[m][i]) / (2 * step);
          expect(Math.abs(exact.momentArms_m[name][m][i] - difference)).toBeLessThan(2e-8);
        }
      });
    }
  });

  it.each(MODELS)('a trimmed $file gives the same numbers after JSON', ({ file }) => {
    const { body, usable } = readModel(file);
    const muscles = findMusclesCrossing(body, 'knee_angle_r').filter((name) => usable.includes(name));
    const trimmed = JSON.parse(JSON.stringify(trimModel(body.model, { muscles, coordinates: ['knee_angle_r'] })));
    const small = buildBody(trimmed);
    const knee_angle_r = Float64Array.from({ length: 20 }, (_, i) => -2 + 0.1 * i);
    const options = { coordinates: { knee_angle_r }, muscles, about: ['knee_angle_r'] };
    const [whole, part] = [calcMuscleGeometry(body, options), calcMuscleGeometry(small, options)];
    expect(part.lengths_m).toEqual(whole.lengths_m);
    expect(part.momentArms_m).toEqual(whole.momentArms_m);
    expect(small.model.joints.length).toBeLessThan(body.model.joints.length);
    expect(small.model.muscles).toHaveLength(muscles.length);
  });

  it('refuses a wrapping muscle by name, and still works out the others', () => {
    const { body } = readModel('data/overground-adult/subject_walk_scaled.osim');
    expect(() => calcMuscleGeometry(body, { coordinates: {}, muscles: ['vasint_r'] })).toThrow(
      /vasint_r.*wraps over KnExt_/,
    );
    const all = calcMuscleGeometry(body, { coordinates: {} });
    expect(all.muscles).toHaveLength(38);
    expect(all.notes[0]).toMatch(/^Left out.*vasint_r/);
    expect(findMusclesCrossing(body, 'knee_angle_r')).toContain('vasint_r');
  });
});
