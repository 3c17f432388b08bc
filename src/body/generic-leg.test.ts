import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readOsim } from '../io/index.js';
import { buildBody } from './body.js';
import { findMusclesCrossing } from './crossing.js';
import { makeGenericLeg } from './generic-leg.js';
import { calcMuscleGeometry } from './muscle-geometry.js';

const gait2392 = fileURLToPath(new URL('../../../shared/data/treadmill-adult/model/gait2392.osim', import.meta.url));
if (!existsSync(gait2392))
  console.warn(`No model at ${gait2392}: the comparison of the generic leg with it is skipped.`);

const DEGREE = Math.PI / 180;
const flexion_deg = Array.from({ length: 121 }, (_, i) => i);
const knee_angle_r = Float64Array.from(flexion_deg, (angle) => -angle * DEGREE);
const model = makeGenericLeg();
const body = buildBody(model);
const names = model.muscles.map((muscle) => muscle.name);
const bent = calcMuscleGeometry(body, { coordinates: { knee_angle_r }, about: ['knee_angle_r'] });
const armOf = (name: string): Float64Array => bent.momentArms_m.knee_angle_r[names.indexOf(name)];

/** Hip flexion, knee angle and ankle angle (degrees) through a walking stride: Winter (1991), rounded. */
const STRIDE = [
  [24, -5, 0],
  [22, -15, -6],
  [14, -18, 2],
  [2, -10, 6],
  [-8, -6, 9],
  [-12, -12, 10],
  [-10, -35, -8],
  [2, -58, -18],
  [14, -65, -8],
  [24, -48, 0],
  [27, -15, 0],
];

describe('makeGenericLeg', () => {
  it('has the thirteen muscles that cross the knee, named as in gait2392', () => {
    expect(names).toHaveLength(13);
    expect(findMusclesCrossing(body, 'knee_angle_r')).toEqual(names);
    expect(names).toEqual(
      expect.arrayContaining(['rect_fem_r', 'vas_lat_r', 'semimem_r', 'bifemsh_r', 'tfl_r', 'lat_gas_r']),
    );
  });

  // Wide bounds around what was measured over 0–120° of flexion: Buford et al. (1997), IEEE Trans. Rehabil. Eng. 5:367–379;
  // Spoor & van Leeuwen (1992), J. Biomech. 25:201–206.
  it.each([
    ['rect_fem_r', 1.8, 6],
    ['vas_med_r', 1.8, 6],
    ['vas_int_r', 1.8, 6],
    ['vas_lat_r', 1.8, 6],
    ['semimem_r', -5.5, -0.4],
    ['semiten_r', -5.5, -0.4],
    ['bifemlh_r', -5.5, 0.5],
    ['bifemsh_r', -5.5, -0.2],
    ['grac_r', -5.5, -0.5],
    ['sar_r', -3, 0.5],
    ['tfl_r', -0.5, 2],
    ['med_gas_r', -3, -0.2],
    ['lat_gas_r', -3, -0.2],
  ])('the knee moment arm of %s stays within %f to %f cm', (name, low, high) => {
    const arm = armOf(name);
    expect(Math.min(...arm)).toBeGreaterThan(low / 100);
    expect(Math.max(...arm)).toBeLessThan(high / 100);
  });

  it('has the largest quadriceps arm near extension and the largest hamstrings arm in mid-flexion', () => {
    const at = (name: string): number => {
      const arm = armOf(name).map(Math.abs);
      return flexion_deg[arm.indexOf(Math.max(...arm))];
    };
    expect(at('vas_lat_r')).toBeLessThan(30);
    for (const name of ['semimem_r', 'semiten_r', 'bifemlh_r']) {
      expect(at(name)).toBeGreaterThan(20);
      expect(at(name)).toBeLessThan(70);
    }
  });

  it('has positive, smooth lengths whose slope is the moment arm', () => {
    const shift = (by: number) =>
      calcMuscleGeometry(body, { coordinates: { knee_angle_r: knee_angle_r.map((angle) => angle + by) } }).lengths_m;
    const [ahead, behind] = [shift(1e-6), shift(-1e-6)];
    names.forEach((name, m) => {
      const arm = armOf(name);
      for (let i = 0; i <= 120; i++) {
        expect(bent.lengths_m[m][i]).toBeGreaterThan(0.1);
        expect(Math.abs(arm[i] + (ahead[m][i] - behind[m][i]) / 2e-6)).toBeLessThan(1e-7);
        if (i > 0) expect(Math.abs(arm[i] - arm[i - 1])).toBeLessThan(0.0015);
      }
    });
  });

  it('keeps stiff-tendon fibres where CEINMS has force, 0.4–1.6 of their optimum, through a stride', () => {
    const column = (k: number): Float64Array => Float64Array.from(STRIDE, (row) => row[k] * DEGREE);
    const { lengths_m } = calcMuscleGeometry(body, {
      coordinates: { hip_flexion_r: column(0), knee_angle_r: column(1), ankle_angle_r: column(2) },
    });
    model.muscles.forEach((muscle, m) => {
      const thickness = muscle.optimal_fibre_length_m * Math.sin(muscle.pennation_at_optimal_rad);
      for (const length of lengths_m[m]) {
        const along = length - muscle.tendon_slack_length_m;
        expect(along).toBeGreaterThan(0);
        const ratio = Math.hypot(along, thickness) / muscle.optimal_fibre_length_m;
        expect(ratio, muscle.name).toBeGreaterThan(0.4);
        expect(ratio, muscle.name).toBeLessThan(1.6);
      }
    });
  });

  it('scales lengths with height and forces with mass', () => {
    const tall = makeGenericLeg({ height_m: 2, mass_kg: 100 });
    const small = makeGenericLeg({ height_m: 1, mass_kg: 25 });
    const length = (leg: typeof model) =>
      calcMuscleGeometry(buildBody(leg), { coordinates: { knee_angle_r } }).lengths_m;
    const [long, short] = [length(tall), length(small)];
    tall.muscles.forEach((muscle, m) => {
      const other = small.muscles[m];
      expect(muscle.max_isometric_force_N / other.max_isometric_force_N).toBeCloseTo(4, 12);
      expect(muscle.optimal_fibre_length_m / other.optimal_fibre_length_m).toBeCloseTo(2, 12);
      expect(muscle.tendon_slack_length_m / other.tendon_slack_length_m).toBeCloseTo(2, 9);
      expect(long[m][60] / short[m][60]).toBeCloseTo(2, 9);
    });
    const mass = tall.bodies.reduce((sum, part) => sum + part.mass_kg, 0);
    expect(mass).toBeCloseTo(100 * (0.142 + 0.1 + 0.0465 + 0.0145), 9);
  });

  it('takes measured segments before those that follow from the stature', () => {
    const segments_m = { thigh: 0.34, shank: 0.35, foot: 0.21, pelvis_width: 0.2 };
    const child = makeGenericLeg({ height_m: 1.45, mass_kg: 32, segments_m });
    const ankle = child.joints.find(({ name }) => name === 'ankle_r')!;
    expect(ankle.parent_translation_m).toEqual([0, -0.35, 0]);
    const femur = child.bodies.find(({ name }) => name === 'femur_r')!;
    expect(femur.mass_centre_m[1]).toBeCloseTo(-0.433 * 0.34, 12);
    // Every attachment on a segment goes with its length.
    const tibia = (leg: typeof model) =>
      leg.muscles.flatMap(({ path }) =>
        path.flatMap((point) => (point.type === 'fixed' && point.body === 'tibia_r' ? [point.location_m] : [])),
      );
    const [own, usual] = [tibia(child), tibia(model)];
    own.forEach((place, i) => {
      expect(place[1] / usual[i][1]).toBeCloseTo(0.35 / (0.246 * 1.75), 12);
    });
    expect(child.muscles.map(({ optimal_fibre_length_m }) => optimal_fibre_length_m)).toEqual(
      makeGenericLeg({ height_m: 1.45, mass_kg: 32 }).muscles.map(
        ({ optimal_fibre_length_m }) => optimal_fibre_length_m,
      ),
    );
    expect(child.notes[0]).toMatch(
      /scaled to measured segments \(thigh 0.340 m, shank 0.350 m, foot 0.210 m, pelvis width 0.200 m\)/,
    );
  });

  it('is the same leg where the measured segments are those of the stature', () => {
    const height_m = 1.6;
    const segments_m = {
      thigh: 0.245 * height_m,
      shank: 0.246 * height_m,
      foot: 0.152 * height_m,
      pelvis_width: (0.248 * height_m) / 1.8,
    };
    const [measured, usual] = [makeGenericLeg({ segments_m }), makeGenericLeg({ height_m })];
    measured.muscles.forEach((muscle, m) => {
      expect(muscle.tendon_slack_length_m).toBeCloseTo(usual.muscles[m].tendon_slack_length_m, 12);
      expect(muscle.optimal_fibre_length_m).toBeCloseTo(usual.muscles[m].optimal_fibre_length_m, 12);
    });
    expect(() => makeGenericLeg({ segments_m: { thigh: 338 } })).toThrow(
      /segments_m\.thigh is 338\. Give it in metres/,
    );
  });

  it('mirrors to the left', () => {
    const left = makeGenericLeg({ side: 'left' });
    const pose = (side: string) => ({
      [`hip_flexion_${side}`]: Float64Array.of(0.4),
      [`hip_adduction_${side}`]: Float64Array.of(-0.2),
      [`knee_angle_${side}`]: Float64Array.of(-0.7),
      [`ankle_angle_${side}`]: Float64Array.of(0.1),
    });
    const there = calcMuscleGeometry(buildBody(left), { coordinates: pose('l'), about: ['hip_adduction_l'] });
    const here = calcMuscleGeometry(body, { coordinates: pose('r'), about: ['hip_adduction_r'] });
    expect(there.muscles).toEqual(here.muscles.map((name) => name.replace(/_r$/, '_l')));
    here.lengths_m.forEach((length, m) => {
      expect(there.lengths_m[m][0]).toBeCloseTo(length[0], 12);
      expect(there.momentArms_m.hip_adduction_l[m][0]).toBeCloseTo(here.momentArms_m.hip_adduction_r[m][0], 12);
    });
  });

  it('refuses sizes that nobody has', () => {
    expect(() => makeGenericLeg({ height_m: 175 })).toThrow(/height_m is 175\. Give it in metres/);
    expect(() => makeGenericLeg({ mass_kg: Number.NaN })).toThrow(/mass_kg is NaN/);
  });

  it.skipIf(!existsSync(gait2392))('has knee moment arms within 1.5 cm of gait2392', () => {
    const other = buildBody(readOsim(readFileSync(gait2392), { file: gait2392 }));
    const found = calcMuscleGeometry(other, { coordinates: { knee_angle_r }, muscles: names, about: ['knee_angle_r'] });
    names.forEach((name, m) => {
      armOf(name).forEach((arm, i) => {
        expect(Math.abs(arm - found.momentArms_m.knee_angle_r[m][i]), `${name} at ${i}°`).toBeLessThan(0.015);
      });
    });
  });
});
