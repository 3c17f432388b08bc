import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GenuError, type JointDescription, type ModelDescription, type MuscleDescription } from '../data/index.js';
import { buildBody } from './body.js';
import { findMusclesCrossing } from './crossing.js';
import { calcMuscleGeometry } from './muscle-geometry.js';

const hinge = (name: string, parent: string, child: string, coordinate: string): JointDescription => ({
  name,
  type: 'PinJoint',
  parent_body: parent,
  child_body: child,
  parent_translation_m: [0, 0, 0],
  parent_orientation_rad: [0, 0, 0],
  child_translation_m: [0, 0, 0],
  child_orientation_rad: [0, 0, 0],
  coordinates: [{ name: coordinate, motion: 'rotational', default_value: 0.3, range: [-2, 2], locked: false }],
  rotations: [{ axis: [0, 0, 2], coordinates: [coordinate], function: { type: 'linear', coefficients: [1, 0] } }],
  translations: [],
});

const strap = (name: string, path: MuscleDescription['path'], wraps: string[] = []): MuscleDescription => ({
  name,
  type: 'Thelen2003Muscle',
  max_isometric_force_N: 1,
  optimal_fibre_length_m: 1,
  tendon_slack_length_m: 1,
  pennation_at_optimal_rad: 0,
  max_contraction_velocity: 10,
  path,
  wraps,
  groups: [],
});

const fixed = (body: string, x: number, y: number) =>
  ({ type: 'fixed', name: `${body}-P`, body, location_m: [x, y, 0] }) as const;

/** Two hinges at one place, one after the other: a, then b, which a coupler may make follow a. */
function makeModel(muscles: MuscleDescription[], coupled = false): ModelDescription {
  return {
    name: 'test',
    version: 0,
    ground: 'ground',
    bodies: ['upper', 'lower'].map((name) => ({
      name,
      mass_kg: 1,
      mass_centre_m: [0, 0, 0],
      inertia: [1, 1, 1, 0, 0, 0],
    })),
    joints: [hinge('first', 'ground', 'upper', 'a'), hinge('second', 'upper', 'lower', 'b')],
    couplers: coupled
      ? [
          {
            name: 'link',
            dependent: 'b',
            independent: ['a'],
            function: { type: 'polynomial', coefficients: [0.5, 2, 0.1] },
          },
        ]
      : [],
    muscles,
    notes: [],
  };
}

const across = strap('across', [fixed('ground', 0.3, 0), fixed('upper', 0, -0.4)]);
const far = strap('far', [fixed('ground', 0.3, 0), fixed('lower', 0, -0.4)]);
const still = strap('still', [fixed('upper', 0.1, 0), fixed('upper', 0, -0.4)]);

describe('calcMuscleGeometry', () => {
  it('agrees with the law of cosines on a hinge, for length, moment arm and speed', () => {
    const body = buildBody(makeModel([across]));
    fc.assert(
      fc.property(
        fc.double({ min: -1.2, max: 1.2, noNaN: true }),
        fc.double({ min: -3, max: 3, noNaN: true }),
        (angle, rate) => {
          const found = calcMuscleGeometry(body, {
            coordinates: { a: Float64Array.of(angle) },
            speeds: { a: Float64Array.of(rate) },
            about: ['a'],
          });
          // The insertion is at 0.4 (sin a, −cos a), so l² = 0.3² + 0.4² − 2 · 0.3 · 0.4 · sin a.
          const length = Math.sqrt(0.25 - 0.24 * Math.sin(angle));
          const slope = (-0.12 * Math.cos(angle)) / length;
          expect(found.lengths_m[0][0]).toBeCloseTo(length, 12);
          expect(found.momentArms_m.a[0][0]).toBeCloseTo(-slope, 12);
          expect(found.speeds_m_per_s?.[0][0]).toBeCloseTo(rate * slope, 12);
        },
      ),
    );
  });

  it('gives the effective moment arm where a coupler makes another joint follow', () => {
    const body = buildBody(makeModel([across, far, still], true));
    const length = (a: number): number =>
      calcMuscleGeometry(body, { coordinates: { a: Float64Array.of(a) } }).lengths_m[1][0];
    const a = 0.2;
    const found = calcMuscleGeometry(body, { coordinates: { a: Float64Array.of(a) }, about: ['a', 'b'] });
    const slope = (length(a + 1e-6) - length(a - 1e-6)) / 2e-6;
    expect(found.momentArms_m.a[1][0]).toBeCloseTo(-slope, 8);
    // About the dependent coordinate: dl/db along the same motion, with db/da = a + 2.
    expect(found.momentArms_m.b[1][0]).toBeCloseTo(-slope / (a + 2), 8);
    expect(found.momentArms_m.a[2][0]).toBe(0);
    expect(findMusclesCrossing(body, 'a')).toEqual(['across', 'far']);
    expect(findMusclesCrossing(body, 'b')).toEqual(['across', 'far']);
    expect(findMusclesCrossing(buildBody(makeModel([across, far, still])), 'b')).toEqual(['far']);
  });

  it('refuses a moment arm about a coordinate that several others set', () => {
    const model = makeModel([far]);
    const third = { ...hinge('third', 'lower', 'end', 'c') };
    const body = buildBody({
      ...model,
      bodies: [...model.bodies, { ...model.bodies[0], name: 'end' }],
      joints: [...model.joints, third],
      couplers: [
        {
          name: 'sum',
          dependent: 'c',
          independent: ['a', 'b'],
          function: { type: 'linear', coefficients: [1, 2, 0.1] },
        },
      ],
      muscles: [strap('long', [fixed('ground', 0.3, 0), fixed('end', 0, -0.4)])],
    });
    const calc = (a: number, about: string[] = []) =>
      calcMuscleGeometry(body, { coordinates: { a: Float64Array.of(a), b: Float64Array.of(-0.1) }, about });
    expect(() => calc(0, ['c'])).toThrow(/coupler sum sets it by several others.*one of a, b/);
    const slope = (calc(1e-6).lengths_m[0][0] - calc(-1e-6).lengths_m[0][0]) / 2e-6;
    expect(calc(0, ['a']).momentArms_m.a[0][0]).toBeCloseTo(-slope, 8);
  });

  it('follows moving and conditional points', () => {
    const path: MuscleDescription['path'] = [
      fixed('ground', 0.3, 0),
      { type: 'conditional', name: 'via', body: 'ground', location_m: [0.3, -0.3, 0], coordinate: 'a', range: [-1, 0] },
      {
        type: 'moving',
        name: 'end',
        body: 'upper',
        location: [
          { coordinate: 'a', function: { type: 'piecewise_linear', x: [-1, 0, 1], y: [0.1, 0, 0.2] } },
          { coordinate: undefined, function: { type: 'constant', value: -0.4 } },
          { coordinate: 'b', function: { type: 'linear', coefficients: [0.1, 0] } },
        ],
      },
    ];
    const body = buildBody(makeModel([strap('mover', path)]));
    const calc = (a: number, b: number) =>
      calcMuscleGeometry(body, { coordinates: { a: Float64Array.of(a), b: Float64Array.of(b) }, about: ['a', 'b'] });
    for (const [a, b] of [
      [-0.5, 0.2],
      [0.5, -0.4],
    ]) {
      const found = calc(a, b);
      const step = 1e-6;
      const alongA = (calc(a + step, b).lengths_m[0][0] - calc(a - step, b).lengths_m[0][0]) / (2 * step);
      const alongB = (calc(a, b + step).lengths_m[0][0] - calc(a, b - step).lengths_m[0][0]) / (2 * step);
      expect(found.momentArms_m.a[0][0]).toBeCloseTo(-alongA, 8);
      expect(found.momentArms_m.b[0][0]).toBeCloseTo(-alongB, 8);
    }
    // Active up to 1e-5 beyond its range.
    const [inside, outside] = [calc(0.9e-5, 0), calc(1.1e-5, 0)];
    expect(inside.lengths_m[0][0]).toBeCloseTo(0.3 + Math.hypot(0.3, 0.1), 4);
    expect(outside.lengths_m[0][0]).toBeCloseTo(0.5, 4);
  });

  it('keeps gaps as gaps', () => {
    const body = buildBody(makeModel([across, still]));
    const found = calcMuscleGeometry(body, { coordinates: { a: Float64Array.of(0, Number.NaN, 0) }, about: ['a'] });
    expect([...found.lengths_m[0]].map(Number.isNaN)).toEqual([false, true, false]);
    expect([...found.momentArms_m.a[0]].map(Number.isNaN)).toEqual([false, true, false]);
    expect(found.lengths_m[1][0]).toBeCloseTo(Math.hypot(0.1, 0.4), 12);
  });

  it('says which coordinates stay at their default, stand still, or are set by a coupler', () => {
    const body = buildBody(makeModel([far], true));
    const free = buildBody(makeModel([far]));
    expect(calcMuscleGeometry(free, { coordinates: { a: Float64Array.of(0) } }).notes).toEqual([
      "Coordinates that were not given stay at the model's default: b = 0.3.",
    ]);
    const both = { a: Float64Array.of(0), b: Float64Array.of(0) };
    expect(calcMuscleGeometry(free, { coordinates: both, speeds: { a: Float64Array.of(1) } }).notes).toEqual([
      'Speeds that were not given are taken as 0: b.',
    ]);
    expect(calcMuscleGeometry(body, { coordinates: both }).notes[0]).toMatch(/couplers set b/);
  });

  it('names what it cannot find, and what is near', () => {
    const body = buildBody(makeModel([across, strap('wrapped', across.path, ['cylinder'])]));
    const run = (options: Partial<Parameters<typeof calcMuscleGeometry>[1]>) => () =>
      calcMuscleGeometry(body, { coordinates: {}, ...options });
    expect(run({ muscles: ['acros'] })).toThrow('there is no muscle "acros". It has: across, wrapped.');
    expect(run({ about: ['c'] })).toThrow('there is no coordinate "c". It has: a, b.');
    expect(run({ coordinates: { q: Float64Array.of(1) } })).toThrow(/no coordinate "q"/);
    expect(run({ coordinates: { a: new Float64Array(2), b: new Float64Array(3) } })).toThrow(
      /b has 3 frames, and a has 2/,
    );
    expect(run({ muscles: ['wrapped'] })).toThrow(/wraps over cylinder/);
    expect(run({})().notes[0]).toMatch(/Left out.*wrapped/);
    expect(() => findMusclesCrossing(body, 'knee')).toThrow(GenuError);
  });
});

describe('buildBody', () => {
  const model = makeModel([across]);
  const [first, second] = model.joints;
  it.each<[string, ModelDescription, RegExp]>([
    [
      'a missing body',
      { ...model, joints: [{ ...first, parent_body: 'grund' }] },
      /joint first names the body "grund".*ground/,
    ],
    [
      'a doubled coordinate',
      { ...model, joints: [first, { ...second, coordinates: first.coordinates }] },
      /two coordinates are called "a"/,
    ],
    ['a doubled muscle', { ...model, muscles: [across, across] }, /two muscles are called "across"/],
    [
      'a coupler of nothing',
      {
        ...model,
        couplers: [{ name: 'c', dependent: 'x', independent: ['a'], function: { type: 'constant', value: 0 } }],
      },
      /coupler c names the coordinate "x"/,
    ],
    [
      'a lost path point',
      { ...model, muscles: [strap('m', [fixed('nowhere', 0, 0)])] },
      /path point nowhere-P names the body "nowhere"/,
    ],
  ])('refuses %s', (_, wrong, message) => {
    expect(() => buildBody(wrong)).toThrow(message);
  });

  it('refuses loops, rings and unknown functions only where a muscle needs them', () => {
    const loop = buildBody({
      ...model,
      joints: [first, second, { ...second, name: 'third', parent_body: 'ground', coordinates: [] }],
    });
    expect(calcMuscleGeometry(loop, { coordinates: {} }).lengths_m).toHaveLength(1);
    const longer = buildBody({ ...loop.model, muscles: [far] });
    expect(() => calcMuscleGeometry(longer, { coordinates: {} })).toThrow(/hangs on two joints, second and third/);
    const odd = {
      ...second,
      translations: [{ axis: [1, 0, 0], coordinates: ['b'], function: { type: 'unsupported', why: 'a Sine' } }],
    } as const;
    expect(() =>
      calcMuscleGeometry(buildBody({ ...model, joints: [first, odd], muscles: [far] }), { coordinates: {} }),
    ).toThrow(/joint second: its function cannot be evaluated: a Sine/);
    const ring = [
      { name: 'x', dependent: 'a', independent: ['b'], function: { type: 'linear', coefficients: [1, 0] } },
      { name: 'y', dependent: 'b', independent: ['a'], function: { type: 'linear', coefficients: [1, 0] } },
    ] as const;
    expect(() => calcMuscleGeometry(buildBody({ ...model, couplers: ring }), { coordinates: {} })).toThrow(
      /form a ring/,
    );
  });
});
