import { calcQuantile } from '../../../signal/index.js';
import { findHeight_m, findPlateContacts, findTrack, findVertical, type PlateContact } from '../contacts.js';
import type { Draft, TrialCheck } from '../draft.js';
import { placeOf, print, printPercent } from '../draft.js';
import type { CheckedFile, CheckedPlate, CheckedTrial } from '../evidence.js';

/** A step carries at least this part of body weight: half of a foot beside the plate still leaves it. */
const LEAST_WEIGHTS = 0.4;
/** Nobody lands harder (body weights): a sprinter reaches 5. */
const MOST_WEIGHTS = 9;
/** A body has at least this mass per squared height (kg/m²): severe thinness in children of ten is below 13 (WHO growth reference). */
const LEAST_INDEX = 13;
/** The centre of pressure may leave the plate by this much, m: corners are measured to a centimetre. */
const EDGE_m = 0.02;
const OFF_PLATE = 0.05;
/** The centre of pressure lies under the foot; heel and toe markers are within this distance of all of it, m. */
const FAR_m = 0.25;
/** Calibration corrects by percent; a ratio like this is another unit. */
const OTHER_SCALE = 3;
const GRAVITY_m_per_s2 = 9.80665;

/** Force plates of capture files: size and place of the forces, and the feet on them. */
export const checkPlates: TrialCheck = ({ trial }) =>
  trial.files.flatMap((file) => {
    if (file.plates.length === 0) return [];
    const contacts = findPlateContacts(file);
    return [
      ...checkSize(trial, file, contacts),
      ...checkRawForces(trial, file),
      ...checkPressure(trial, file, contacts),
      ...checkFeet(trial, file, contacts),
    ];
  });

function checkSize(trial: CheckedTrial, file: CheckedFile, contacts: readonly PlateContact[]): Draft[] {
  const height_m = findHeight_m(file);
  const known = trial.mass_kg;
  const mass_kg = known ?? (height_m === undefined ? undefined : LEAST_INDEX * height_m ** 2);
  if (mass_kg === undefined || contacts.length === 0) return [];
  const largest = contacts.reduce((most, contact) => (contact.peak_N > most.peak_N ? contact : most));
  const weights = largest.peak_N / (mass_kg * GRAVITY_m_per_s2);
  const big = known !== undefined && weights > MOST_WEIGHTS;
  // Only where the foot was seen on the plate is a small force wrong.
  const small = weights < LEAST_WEIGHTS && (largest.foot === undefined || largest.foot.distance_m < FAR_m);
  if (!small && !big) return [];
  const usual = 1.1 * (known ?? 22 * height_m! ** 2) * GRAVITY_m_per_s2;
  const factor = 10 ** Math.round(Math.log10(usual / largest.peak_N));
  const who =
    known === undefined
      ? `somebody ${print(height_m!)} m tall weighs more than ${print(mass_kg * GRAVITY_m_per_s2)} N`
      : `${print(known)} kg weigh ${print(known * GRAVITY_m_per_s2)} N`;
  return [
    {
      id: 'force-scale',
      severity: 'error',
      where: placeOf(trial, file, largest.plate.name),
      what: `The largest vertical force on a plate is ${print(largest.peak_N)} N, but ${who}: the forces are about ${factor > 1 ? `${factor} times too small` : `${1 / factor} times too large`}.`,
      cause:
        'The scale of the analog channels (ANALOG:SCALE, GEN_SCALE, amplifier gain) does not fit the plate, or the unit is wrong.',
      mend: `Correct the scale in the capture program and export again; times ${factor} looks right. Joint moments made from these forces are wrong as well.`,
      picture: () => drawForce(file, largest, `Vertical force of ${largest.plate.name}`, mass_kg * GRAVITY_m_per_s2),
    },
  ];
}

/** Channels that are called newtons, but are not before the plate's calibration. */
function checkRawForces(trial: CheckedTrial, file: CheckedFile): Draft[] {
  const vertical = 'xyz'[findVertical(file.plates)];
  const off = file.plates.flatMap((plate) => {
    const raw =
      plate.type === 3 ? undefined : file.recording?.channels.find(({ name }) => name === plate.channel_names?.[2]);
    const force = file.recording?.channels.find(({ name }) => name === `${plate.name}.f${vertical}`);
    if (!raw || !force || raw.unit !== 'N' || plate.measured === undefined) return [];
    const largest = (values: Float64Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const ratio = largest(force.values) / largest(raw.values);
    return ratio > OTHER_SCALE || ratio < 1 / OTHER_SCALE ? [{ plate, raw, force, ratio }] : [];
  });
  if (off.length === 0) return [];
  const [{ plate, raw, force }] = off;
  return [
    {
      id: 'force-scale',
      severity: 'warning',
      where: placeOf(trial, file, off.map(({ raw: { name } }) => name).join(', ')),
      what: `${off.map(({ raw: { name }, ratio }) => `${name} is ${ratio > 1 ? `${print(ratio)} times too small` : `${print(1 / ratio)} times too large`}`).join(', ')} beside the calibrated force, though the file calls ${off.length === 1 ? 'it' : 'them'} N (largest ${print(calcQuantile(raw.values.map(Math.abs), 1))} N).`,
      cause: `These are signals before the calibration matrix of the plate (type ${plate.type}); the unit text is wrong.`,
      mend: `Name ${plate.name}.f${vertical}, which genu calculates with the matrix, and not ${raw.name}. Look whether moments in the file were made from the raw signals.`,
      yaml: `# e.g. cycle: { channel: ${plate.name}.f${vertical}, start: rise, above: 20 }`,
      picture: () => ({
        title: `${raw.name} and the calibrated force`,
        x: 'time (s)',
        y: 'N',
        lines: [
          { label: raw.name, x: raw.clock.times_s, y: raw.values, tone: 'bad' },
          { label: force.name, x: force.clock.times_s, y: force.values, tone: 'good' },
        ],
      }),
    },
  ];
}

function drawForce(file: CheckedFile, { plate }: PlateContact, title: string, weight_N: number) {
  const name = `${plate.name}.f${'xyz'[findVertical(file.plates)]}`;
  const channel = file.recording!.channels.find((candidate) => candidate.name === name)!;
  return {
    title,
    x: 'time (s)',
    y: 'N',
    lines: [{ label: name, x: channel.clock.times_s, y: channel.values, tone: 'bad' as const }],
    rules: [{ y: weight_N, label: 'body weight, at least' }],
  };
}

function checkPressure(trial: CheckedTrial, file: CheckedFile, contacts: readonly PlateContact[]): Draft[] {
  return file.plates.flatMap((plate): Draft[] => {
    const own = contacts.filter((contact) => contact.plate === plate);
    const [h1, h2] = [0, 1, 2].filter((axis) => axis !== findVertical(file.plates));
    const range = (axis: number) => [
      Math.min(...plate.corners_m.map((c) => c[axis])),
      Math.max(...plate.corners_m.map((c) => c[axis])),
    ];
    const [[left, right], [front, back]] = [range(h1), range(h2)];
    let [off, all, farthest] = [0, 0, 0];
    for (const { pressure_m } of own) {
      for (let i = 0; i < pressure_m[0].length; i++) {
        const [x, y] = [pressure_m[0][i], pressure_m[1][i]];
        if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
        const out = Math.max(left - x, x - right, front - y, y - back);
        all++;
        if (out > EDGE_m) off++;
        farthest = Math.max(farthest, out);
      }
    }
    if (!(off > OFF_PLATE * all)) return [];
    return [
      {
        id: 'pressure-off-plate',
        severity: 'error',
        where: placeOf(trial, file, plate.name),
        what: `The centre of pressure of ${plate.name} lies outside the plate in ${printPercent(off / all)} of the loaded time, by up to ${print(100 * farthest)} cm.`,
        cause: 'Origin, corners, the order of the moments or their unit (N·mm or N·m) do not fit the plate.',
        mend: 'Correct FORCE_PLATFORM:ORIGIN and CORNERS in the capture program, and calculate the moments again.',
        picture: () => drawPlan(file, own, `Centre of pressure on ${plate.name}`),
      },
    ];
  });
}

function checkFeet(trial: CheckedTrial, file: CheckedFile, contacts: readonly PlateContact[]): Draft[] {
  const seen = contacts.filter(({ foot }) => foot !== undefined);
  const lost = seen.filter(({ foot }) => foot!.distance_m > FAR_m);
  if (lost.length === 0) return sayFeet(trial, file, seen);
  const plates = [...new Set(lost.map(({ plate }) => plate))];
  const exchanged = findExchange(file, lost);
  return [
    {
      id: 'plate-foot',
      severity: 'error',
      where: placeOf(trial, file, plates.map(({ name }) => name).join(', ')),
      what: `${lost.length} of ${seen.length} steps on plates lie ${print(100 * Math.min(...lost.map(({ foot }) => foot!.distance_m)))} cm or more from both feet (${lost.map(({ plate, start_s }) => `${plate.name} at ${print(start_s)} s`).join(', ')}).`,
      cause: exchanged
        ? `The channels of ${exchanged} are exchanged: on the other plate each step lies under a foot.`
        : 'The corners of the plate are not where it lies, its axes are turned, or its channels are those of another plate.',
      mend: 'Correct FORCE_PLATFORM:CORNERS or CHANNEL in the capture program, and calculate the moments again.',
      picture: () => drawPlan(file, lost, 'From above: centre of pressure and feet'),
    },
  ];
}

/** Two plates whose steps would lie under the feet if each stood where the other one is. */
function findExchange(file: CheckedFile, lost: readonly PlateContact[]): string | undefined {
  for (const contact of lost) {
    for (const other of file.plates) {
      if (other === contact.plate) continue;
      const moved = contact.pressure_m.map((values, a) => {
        const axis = [0, 1, 2].filter((candidate) => candidate !== findVertical(file.plates))[a];
        return values.map((value) => value - contact.plate.center_m[axis] + other.center_m[axis]);
      });
      if (isUnderFoot(file, contact, moved as [Float64Array, Float64Array]))
        return `${contact.plate.name} and ${other.name}`;
    }
  }
  return undefined;
}

function isUnderFoot(
  file: CheckedFile,
  { times_s }: PlateContact,
  pressure_m: readonly [Float64Array, Float64Array],
): boolean {
  const [h1, h2] = [0, 1, 2].filter((axis) => axis !== findVertical(file.plates));
  const middle = times_s.length >> 1;
  return ['LHEE', 'LTOE', 'LANK', 'RHEE', 'RTOE', 'RANK'].some((name) => {
    const track = findTrack(file, name);
    if (!track) return false;
    const frame = Math.round((times_s[middle] - track.clock.times_s[0]) * (track.clock.rate_Hz ?? Number.NaN));
    return (
      Math.hypot(track.axes[h1][frame] - pressure_m[0][middle], track.axes[h2][frame] - pressure_m[1][middle]) < FAR_m
    );
  });
}

/** Which foot each plate carried; good to know, and worth a word where one plate carried both. */
function sayFeet(trial: CheckedTrial, file: CheckedFile, seen: readonly PlateContact[]): Draft[] {
  if (seen.length === 0) return [];
  const feet = (plate: CheckedPlate) => [
    ...new Set(seen.filter((contact) => contact.plate === plate).map(({ foot }) => foot!.side)),
  ];
  const carried = file.plates.filter((plate) => feet(plate).length > 0);
  const list = carried.map((plate) => `${plate.name} ${feet(plate).join(' and ')}`).join(', ');
  return [
    {
      id: 'plate-feet',
      severity: 'note',
      where: placeOf(trial, file),
      what: `By the centre of pressure and the foot markers: ${list}.`,
      cause: `Every step lies within ${print(100 * Math.max(...seen.map(({ foot }) => foot!.distance_m)))} cm of a foot.`,
      mend: 'Nothing to do.',
      picture: () => drawPlan(file, seen, 'From above: centre of pressure and feet'),
    },
  ];
}

function drawPlan(file: CheckedFile, contacts: readonly PlateContact[], title: string) {
  const [h1, h2] = [0, 1, 2].filter((axis) => axis !== findVertical(file.plates));
  const gap = [Number.NaN];
  const join = (pieces: ArrayLike<number>[]) =>
    Float64Array.from(pieces.flatMap((piece) => [...Array.from(piece), ...gap]));
  const outline = (axis: number) =>
    join(file.plates.map(({ corners_m }) => [...corners_m, corners_m[0]].map((corner) => corner[axis])));
  const feet = ['LHEE', 'LTOE', 'RHEE', 'RTOE'].flatMap((name) => {
    const track = findTrack(file, name);
    if (!track) return [];
    // Only while somebody is on a plate: the whole walk would be wider than the picture.
    const during = contacts.map(({ start_s, end_s }) => {
      const at = (time: number) => Math.round((time - track.clock.times_s[0]) * (track.clock.rate_Hz ?? 0));
      return [at(start_s), at(end_s)] as const;
    });
    const cut = (axis: number) => join(during.map(([from, to]) => track.axes[axis].subarray(from, to)));
    return [{ name, x: cut(h1), y: cut(h2) }];
  });
  const side = (letter: string) => feet.filter(({ name }) => name.startsWith(letter));
  const pressure = contacts.map(({ pressure_m: [x, y] }) => ({ x, y }));
  return {
    title,
    x: 'm',
    y: 'm',
    plan: true,
    lines: [
      { label: 'plates', x: outline(h1), y: outline(h2), tone: 'pale' as const },
      {
        label: 'left foot',
        x: join(side('L').map(({ x }) => x)),
        y: join(side('L').map(({ y }) => y)),
        tone: 'good' as const,
      },
      {
        label: 'right foot',
        x: join(side('R').map(({ x }) => x)),
        y: join(side('R').map(({ y }) => y)),
        tone: 'plain' as const,
      },
      {
        label: 'centre of pressure',
        x: join(pressure.map(({ x }) => x)),
        y: join(pressure.map(({ y }) => y)),
        tone: 'bad' as const,
      },
    ],
  };
}
