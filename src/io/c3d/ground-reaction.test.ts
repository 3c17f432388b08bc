import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findRecordedC3d, readBytes } from '../../../test/support/recorded-c3d.js';
import { writeC3dFile } from './file.js';
import { type C3dInput, makeC3dFile } from './make.js';
import { readC3d } from './recording.js';
import { makeSmall } from './small.fixture.js';
import { rotate, type Vector3 } from './vectors.js';

const FRAMES = 60;

/** A plate of 0.4 m × 0.6 m whose z axis points down, turned by `turn` about the laboratory's vertical. */
function makeAxes(turn: number): [Vector3, Vector3, Vector3] {
  const [c, s] = [Math.cos(turn), Math.sin(turn)];
  return [
    [c, s, 0],
    [s, -c, 0],
    [0, 0, -1],
  ];
}

const center_m: Vector3 = [1, -2, 0.3];
const origin_mm: Vector3 = [3, -2, -45];
const [a_mm, b_mm] = [120, 200];

interface Load {
  /** Force on the body, laboratory, N. */
  readonly force_N: Vector3;
  /** Centre of pressure from the centre of the plate, in its axes, m. */
  readonly place_m: readonly [number, number];
  /** Free moment on the body about the plate's z axis, N·m. */
  readonly free_Nm: number;
}

/** What the sensors of a plate show under a load: mechanics the other way round. */
function calcSensors(type: number, axes: readonly [Vector3, Vector3, Vector3], load: Load): number[] {
  const dot = (u: Vector3, v: Vector3) => u[0] * v[0] + u[1] * v[1] + u[2] * v[2];
  const [fx, fy, fz] = axes.map((axis) => dot(axis, load.force_N));
  const [px, py] = load.place_m;
  if (type === 1) return [fx, fy, fz, 1000 * px, 1000 * py, 1000 * load.free_Nm];
  // Moment about the transducers' origin: the load acts at origin + place from there.
  const [ox, oy, oz] = origin_mm.map((x) => x / 1000);
  if (type === 3) {
    const [a, b] = [a_mm / 1000, b_mm / 1000];
    const mx = -oz * fy + py * fz;
    const my = oz * fx - px * fz;
    const mz = px * fy - py * fx + load.free_Nm;
    // Four vertical sensors: sum, moments and no warping; the horizontal pairs share a moment about z half and half.
    const [sx, sy] = [mx / (4 * b), my / (4 * a)];
    const vertical = [fz / 4 + sx - sy, fz / 4 + sx + sy, fz / 4 - sx + sy, fz / 4 - sx - sy];
    const [dx, dy] = [mz / 4 / b, mz / 4 / a];
    return [fx / 2 - dx, fx / 2 + dx, fy / 2 + dy, fy / 2 - dy, ...vertical];
  }
  const r = [ox + px, oy + py, oz];
  return [
    fx,
    fy,
    fz,
    1000 * (r[1] * fz - r[2] * fy),
    1000 * (r[2] * fx - r[0] * fz),
    1000 * (r[0] * fy - r[1] * fx + load.free_Nm),
  ];
}

/** A lower triangular crosstalk matrix, and what a plate with it shows for given forces and moments. */
const CALIBRATION = Array.from({ length: 36 }, (_, k) => {
  const [row, column] = [k % 6, Math.floor(k / 6)];
  return row === column ? 2 ** (column - 2) : row > column ? 0.125 : 0;
});

function uncalibrate(wrench: readonly number[]): number[] {
  const out: number[] = [];
  for (let row = 0; row < 6; row++) {
    const rest = out.reduce((sum, value, column) => sum - CALIBRATION[6 * column + row] * value, wrench[row]);
    out.push(rest / CALIBRATION[6 * row + row]);
  }
  return out;
}

function makePlateFile(type: number, turn: number, load: Load, sign: number, origin: Vector3 = origin_mm) {
  const axes = makeAxes(turn);
  const sensed = calcSensors(type, axes, load);
  // The place of a type 1 plate has no sign, everything else turns with the force.
  const turned = sensed.map((value, i) => (type === 1 && (i === 3 || i === 4) ? value : sign * value));
  const shown = type === 4 ? uncalibrate(turned) : turned;
  const corners = [
    [0.2, 0.3],
    [-0.2, 0.3],
    [-0.2, -0.3],
    [0.2, -0.3],
  ].flatMap(([x, y]) => rotate(axes, [x, y, 0]).map((value, i) => 1000 * (value + center_m[i])));
  const count = shown.length;
  const floats = (values: readonly number[], ...dimensions: number[]): C3dInput => ({
    type: 'float',
    values,
    dimensions,
  });
  const units = type === 3 ? Array(8).fill('N') : type === 4 ? Array(6).fill('V') : 'N N N Nmm Nmm Nmm'.split(' ');
  const parameters = {
    FORCE_PLATFORM: {
      USED: { type: 'int', values: [1] },
      TYPE: { type: 'int', values: [type], dimensions: [1] },
      CORNERS: floats(corners, 3, 4, 1),
      ORIGIN: floats(type === 3 ? [a_mm, b_mm, origin[2]] : [...origin], 3, 1),
      CHANNEL: { type: 'int', values: shown.map((_, i) => i + 1), dimensions: [count, 1] },
      CAL_MATRIX: floats(CALIBRATION, 6, 6, 1),
    } satisfies Record<string, C3dInput>,
  };
  return makeC3dFile({
    format: 'float',
    rate_Hz: 100,
    frame_count: FRAMES,
    analogs: {
      labels: shown.map((_, i) => `S${i + 1}`),
      units,
      scales: shown.map(() => 1),
      offsets: shown.map(() => 0),
      samples_per_frame: 1,
      values: Float32Array.from({ length: FRAMES * count }, (_, i) => shown[i % count]),
    },
    parameters,
  });
}

const anyLoad = fc.record({
  force_N: fc.tuple(
    fc.integer({ min: -200, max: 200 }),
    fc.integer({ min: -200, max: 200 }),
    fc.integer({ min: 60, max: 2000 }),
  ),
  place_m: fc.tuple(fc.double({ min: -0.2, max: 0.2, noNaN: true }), fc.double({ min: -0.3, max: 0.3, noNaN: true })),
  free_Nm: fc.double({ min: -20, max: 20, noNaN: true }),
});

describe.each([1, 2, 3, 4])('a force plate of type %d', (type) => {
  it('gives back the load that its sensors were under, whichever force they show', () => {
    fc.assert(
      fc.property(anyLoad, fc.double({ min: -3, max: 3, noNaN: true }), fc.constantFrom(1, -1), (load, turn, sign) => {
        const { recording, platforms } = readC3d(writeC3dFile(makePlateFile(type, turn, load as Load, sign)), {
          file: 'plate.c3d',
        });
        const find = (stem: string) =>
          ['x', 'y', 'z'].map((axis) => recording.channels.find(({ name }) => name === `plate1.${stem}${axis}`)!);
        expect(platforms[0].measured).toBe(sign > 0 ? 'on_body' : 'on_plate');
        expect(find('f').map(({ unit, kind }) => `${unit} ${kind}`)).toEqual(Array(3).fill('N ground_reaction'));
        const axes = makeAxes(turn);
        const place = rotate(axes, [...load.place_m, 0]).map((value, i) => value + center_m[i]);
        const free = rotate(axes, [0, 0, load.free_Nm]);
        // Samples, corners and origin are stored as 32-bit floats.
        const near = (found: { values: Float64Array }[], expected: readonly number[], tolerance: number) =>
          expected.forEach((value, i) => {
            expect(Math.abs(found[i].values[FRAMES - 1] - value)).toBeLessThan(tolerance);
          });
        near(find('f'), load.force_N as unknown as number[], 1e-3);
        near(find('p'), place, 1e-5);
        near(find('t'), free, 2e-3);
      }),
      { numRuns: 15 },
    );
  });
});

const load: Load = { force_N: [20, -30, 700], place_m: [0.05, -0.1], free_Nm: 3 };

describe('a force plate', () => {
  const read = (file: ReturnType<typeof makeSmall>) => readC3d(writeC3dFile(file), { file: 'plate.c3d' });

  it('says that the force on the plate was turned', () => {
    expect(read(makePlateFile(2, 0, load, -1)).recording.notes).toContain(
      'plate1: the file has the force on the plate; its sign was turned, so that it acts on the body.',
    );
  });

  it('mends an origin above its surface, and says so', () => {
    const mended = read(makePlateFile(2, 0.3, load, 1, [-3, 2, 45]));
    const right = read(makePlateFile(2, 0.3, load, 1));
    expect(mended.recording.notes[0]).toBe(
      'The origin of plate1 lies above its surface in the file; its sign was turned.',
    );
    expect(mended.platforms[0].moment_Nm).toEqual(right.platforms[0].moment_Nm);
  });

  it('has no centre of pressure where nobody stands', () => {
    const { recording, platforms } = read(makePlateFile(2, 0, { ...load, force_N: [0, 0, 8] }, 1));
    expect(platforms[0].measured).toBeUndefined();
    expect(recording.channels.find(({ name }) => name === 'plate1.px')!.values[0]).toBeNaN();
    expect(recording.channels.find(({ name }) => name === 'plate1.fz')!.values[0]).toBeCloseTo(8, 5);
  });

  it.each<[string, Record<string, C3dInput>, string]>([
    ['of an unknown type', { TYPE: { type: 'int', values: [21] } }, 'its type is 21, and genu reads types 1 to 4'],
    [
      'without corners',
      { CORNERS: { type: 'float', values: [1, 2, 3] } },
      'FORCE_PLATFORM:CORNERS does not go that far',
    ],
    ['without a type', { TYPE: 'two' }, 'FORCE_PLATFORM:TYPE does not go that far'],
    [
      'without an area',
      { CORNERS: { type: 'float', values: Array(12).fill(1), dimensions: [3, 4] } },
      'its corners span no area',
    ],
    ['without an origin', { ORIGIN: 'none' }, 'FORCE_PLATFORM:ORIGIN does not give its origin'],
    [
      'whose channels are not there',
      { CHANNEL: { type: 'int', values: [1, 2, 3, 4, 5, 77], dimensions: [6, 1] } },
      'it needs analog channel 77, and there are 6',
    ],
    [
      'with too few channels',
      { CHANNEL: { type: 'int', values: [1, 2], dimensions: [2, 1] } },
      'a plate of type 2 has 6 channels, but 2 are named',
    ],
    [
      'of type 4 without a matrix',
      { TYPE: { type: 'int', values: [4] }, CAL_MATRIX: 'none' },
      'a plate of type 4 needs FORCE_PLATFORM:CAL_MATRIX',
    ],
  ])('%s is left out with a sentence', (_, change, why) => {
    const file = makePlateFile(2, 0, load, 1);
    const group = file.records.find(({ name }) => name === 'FORCE_PLATFORM')!;
    const id = group.kind === 'group' ? group.id : 0;
    const changed = makeSmall({ parameters: { X: change } }).records.filter(
      (record) => record.kind === 'parameter' && record.name in change && record.group > 3,
    );
    const records = file.records.map((record) => {
      const other = changed.find(({ name }) => name === record.name);
      return other && record.kind === 'parameter' && record.group === id ? { ...other, group: id } : record;
    });
    const { recording, platforms } = read({ ...file, records } as typeof file);
    expect(platforms).toEqual([]);
    expect(recording.notes).toContain(`plate1 was left out: ${why}.`);
  });
});

describe('recorded ground reactions', () => {
  const sprint = findRecordedC3d().find((file) => file.endsWith('sprint.c3d'));
  it.skipIf(sprint === undefined)(
    'are those of the .mot beside the file (skipped where ../shared/data is absent)',
    () => {
      const { recording } = readC3d(readBytes(sprint!), { file: sprint! });
      const text = new TextDecoder().decode(readBytes(sprint!.replace('.c3d', '_grf.mot')));
      const lines = text.trim().split('\n');
      const head = lines.findIndex((line) => line.startsWith('time'));
      const labels = lines[head].trim().split('\t');
      const rows = lines.slice(head + 1).map((line) => line.trim().split('\t').map(Number));
      for (let plate = 1; plate <= 5; plate++) {
        for (const [i, axis] of ['x', 'y', 'z'].entries()) {
          const { values } = recording.channels.find(({ name }) => name === `plate${plate}.f${axis}`)!;
          const column = labels.indexOf(`f${plate}_${i + 1}`);
          expect(values.length).toBe(rows.length);
          expect(Math.max(...rows.map((row, k) => Math.abs(row[column] - values[k])))).toBeLessThan(1e-3);
        }
      }
    },
  );
});
