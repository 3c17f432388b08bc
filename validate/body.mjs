// Muscle geometry against OpenSim itself: random poses of several models, and a measured motion.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildBody, calcCoordinateSpeeds, calcMuscleGeometry } from '../dist/body/index.js';
import { readOsim, readStorage } from '../dist/io/index.js';
import { makeRandom } from '../dist/math/index.js';
import { findDifference } from './compare.mjs';
import { ask } from './python.mjs';

const shared = fileURLToPath(new URL('../../shared/', import.meta.url));
const about = ['knee_angle_r', 'hip_flexion_r', 'ankle_angle_r'];
const poses = 40;

const models = [
  { name: 'gait2392', file: 'reference/opensim/gait2392/subject01_simbody.osim' },
  { name: 'gait10dof18musc', file: 'reference/opensim/gait10dof18musc/subject01.osim' },
  { name: 'gait2354', file: 'reference/opensim/gait2354/subject01.osim' },
  { name: 'treadmill-adult', file: 'data/treadmill-adult/model/gait2392.osim' },
];
const motion = { model: models[0], file: 'reference/opensim/gait2392/subject01_walk1_ik.mot' };

export function checkBody(python) {
  const missing = [...models, motion].filter(({ file }) => !existsSync(shared + file));
  if (missing.length > 0) return [{ check: 'muscle geometry', peer: 'opensim', missing: `shared/${missing[0].file}` }];
  const cases = [...models.map(makeRandomCase), makeMotionCase()];
  const answers = ask(
    python,
    'opensim_reference.py',
    cases.map(({ request }) => request),
  );
  return [
    ...cases.flatMap(({ name, request, body }, k) => compare(name, request, body, answers[k])),
    checkSlopes(python, cases.at(-1)),
  ];
}

function read(file) {
  const body = buildBody(readOsim(readFileSync(shared + file), { file }));
  return { body, muscles: body.model.muscles.filter((muscle) => muscle.wraps.length === 0).map(({ name }) => name) };
}

function makeRandomCase({ name, file }) {
  const { body, muscles } = read(file);
  const random = makeRandom(`poses of ${name}`);
  const draw = (low, high) => Array.from({ length: poses }, () => low + (high - low) * random.uniform());
  const coordinates = [...body.coordinates.values()];
  // Unbounded ranges stand in some files; nobody bends further than this.
  const angles = coordinates.map(({ name, range: [low, high] }) => [name, draw(Math.max(-2, low), Math.min(2, high))]);
  const speeds = coordinates.map(({ name }) => [name, draw(-6, 6)]);
  const request = {
    model: shared + file,
    muscles,
    about: about.filter((coordinate) => body.coordinates.has(coordinate)),
    poses: Object.fromEntries(angles),
    speeds: Object.fromEntries(speeds),
  };
  return { name: `${name}, ${poses} random poses`, request, body };
}

function makeMotionCase() {
  const { body, muscles } = read(motion.model.file);
  const recording = readStorage(readFileSync(shared + motion.file), { file: motion.file });
  const channels = recording.channels.filter((channel) => body.coordinates.has(channel.name));
  const speedOf = ({ clock, values }) => Array.from(calcCoordinateSpeeds(clock.times_s, values));
  const request = {
    model: shared + motion.model.file,
    muscles,
    about,
    poses: Object.fromEntries(channels.map((channel) => [channel.name, Array.from(channel.values)])),
    speeds: Object.fromEntries(channels.map((channel) => [channel.name, speedOf(channel)])),
  };
  return { name: `${motion.model.name}, walking`, request, body, times_s: channels[0].clock.times_s };
}

function compare(name, { muscles, about, poses, speeds }, body, answer) {
  const series = (values) =>
    Object.fromEntries(Object.entries(values).map(([key, list]) => [key, Float64Array.from(list)]));
  const found = calcMuscleGeometry(body, { coordinates: series(poses), speeds: series(speeds), muscles, about });
  const worst = (expected, columns) =>
    Math.max(...muscles.map((muscle, m) => findDifference(columns[m], expected[muscle])));
  const arms = Math.max(...about.map((coordinate) => worst(answer.arms[coordinate], found.momentArms_m[coordinate])));
  const row = (quantity, difference, tolerance) => ({
    check: `${name}, ${muscles.length} muscles`,
    peer: 'opensim',
    quantity,
    difference,
    tolerance,
  });
  return [
    row('muscle-tendon length, m', worst(answer.lengths, found.lengths_m), 1e-12),
    row(`moment arm about ${about.join(', ')}, m`, arms, 1e-12),
    row('lengthening speed, m/s', worst(answer.speeds, found.speeds_m_per_s), 1e-11),
  ];
}

function checkSlopes(python, { request, times_s }) {
  const names = Object.keys(request.poses);
  const slopes = ask(python, 'quintic_reference.py', {
    times_s: Array.from(times_s),
    series: Object.values(request.poses),
  });
  const difference = Math.max(...names.map((name, k) => findDifference(request.speeds[name], slopes[k])));
  return {
    check: 'speeds of a walk, quintic spline',
    peer: 'scipy',
    quantity: 'slope, rad/s',
    difference,
    tolerance: 1e-10,
  };
}
