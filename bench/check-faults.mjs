// How often `genu check` is right: false alarms on sound recordings of simulated people, and faults put into them that it names.
// Usage, after a build: node bench/check-faults.mjs [participants, default 24] [part of a fault's name]
// The table in docs/check.md is what this prints.
import { makeRandom } from '../dist/math/index.js';
import { checkTrials, readStudy } from '../dist/study/index.js';
import { electrodes, makeCohort } from '../dist/virtual/index.js';

const people = Number(process.argv[2] ?? 24);
const wanted = process.argv[3] ?? '';
const seed = 1;
const cohort = makeCohort({ participants: people, seed, duration_s: 20 });
const roles = [
  ['emg', 'emg'],
  ['motion', 'coordinate'],
  ['moments', 'generalised_force'],
];
const study = readStudy(
  {
    study: 'faults',
    files: Object.fromEntries(roles.map(([role]) => [role, `{participant}/{trial}/${role}.sto`])),
    emg: {
      kind: 'raw',
      maximum: 'maximum_trials',
      channels: Object.fromEntries(electrodes.map((name) => [name, name])),
    },
    motion: { coordinates: ['hip_flexion_r', 'hip_adduction_r', 'knee_angle_r', 'ankle_angle_r'] },
    torque: { coordinate: 'knee_angle_r', channel: 'knee_angle_r_moment', unit: 'N.m', positive: 'extension' },
    participants: cohort.map(({ id, mass_kg, height_m, trials }) => ({
      id,
      mass_kg,
      height_m,
      trials: trials.map(({ name, kind }) => ({ id: name, activity: name, use: kind === 'mvc' ? 'maximum' : 'study' })),
    })),
    split: { train_first: 0.7 },
  },
  'faults',
);

/** The trials of a person as three files each, which do not say what positive means, with a fault put in. */
function makeTrials({ id, mass_kg, trials }, keep, edit = (recording) => recording) {
  return trials.filter(keep).map(({ name, kind, recording }) => ({
    participant: id,
    trial: name,
    activity: name,
    use: kind === 'mvc' ? 'maximum' : 'study',
    mass_kg,
    model_knee: 'extension',
    files: roles.map(([role, of]) => {
      const channels = recording.channels
        .filter((one) => one.kind === of)
        .map((one) => ({ ...one, positive: undefined }));
      return {
        file: `${id}/${name}/${role}.sto`,
        roles: [role],
        plates: [],
        recording: edit({ ...recording, channels }, role, name),
      };
    }),
  }));
}

const times = (factor) => (values) => values.map((value) => value * factor);
const shift = (samples) => (values) =>
  values.map((_, i) => values[Math.min(values.length - 1, Math.max(0, i - samples))]);
const largest = (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
const deviation = (values) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
const pick = (random, list) => list[Math.floor(random.uniform() * list.length)];
const reclock = (recording, change) => {
  const clocks = new Map(recording.channels.map(({ clock }) => [clock, change(clock)]));
  return {
    ...recording,
    channels: recording.channels.map((one) => {
      const clock = clocks.get(one.clock);
      return { ...one, clock, values: one.values.subarray(0, clock.times_s.length) };
    }),
  };
};
const extensors = ['vas_lat_r', 'rect_fem_r', 'vas_med_r'];
const flexors = ['semimem_r', 'bifemlh_r'];
const gastrocnemii = ['med_gas_r', 'lat_gas_r'];

/** One fault: `where` is one trial or all, `change` alters channels of a role (one of them, or all), `edit` whole recordings. */
const faults = [
  { name: 'moment turned, one trial', ids: ['moment-sign'], where: 'one', role: 'moments', change: times(-1) },
  { name: 'moment turned, all trials', ids: ['moment-sign'], where: 'all', role: 'moments', change: times(-1) },
  {
    name: 'knee angle turned, all trials',
    ids: ['angle-sign'],
    where: 'all',
    role: 'motion',
    channel: () => 'knee_angle_r',
    change: times(-1),
  },
  { name: 'moment in N·mm, one trial', ids: ['moment-unit'], where: 'one', role: 'moments', change: times(1000) },
  {
    name: 'moment divided by mass, all trials',
    ids: ['moment-unit'],
    where: 'all',
    role: 'moments',
    change: (values, _, person) => times(1 / person.mass_kg)(values),
  },
  { name: 'EMG × 1000, one trial', ids: ['emg-unit', 'emg-scale'], where: 'one', role: 'emg', change: times(1000) },
  {
    name: 'degrees called radians, one trial',
    ids: ['angle-unit'],
    where: 'one',
    role: 'motion',
    change: times(180 / Math.PI),
  },
  {
    name: 'radians called degrees, one trial',
    ids: ['angle-unit'],
    where: 'one',
    role: 'motion',
    change: times(Math.PI / 180),
  },
  {
    name: '50 Hz hum as strong as the EMG, one channel',
    ids: ['emg-hum'],
    where: 'one',
    role: 'emg',
    channel: (random) => pick(random, electrodes),
    change: (values, { times_s }) => {
      const size = Math.SQRT2 * deviation(values);
      return values.map((value, i) => value + size * Math.sin(100 * Math.PI * times_s[i] + 1));
    },
  },
  { name: 'EMG 0.3 s late, one trial', ids: ['emg-lag'], where: 'one', role: 'emg', change: shift(300) },
  { name: 'EMG 0.3 s early, one trial', ids: ['emg-lag'], where: 'one', role: 'emg', change: shift(-300) },
  { name: 'EMG 0.3 s late, all trials', ids: ['emg-lag'], where: 'all', role: 'emg', change: shift(300) },
  {
    name: 'knee extensor and hamstring exchanged, all trials',
    ids: ['emg-swapped'],
    where: 'all',
    exchange: (random) => [pick(random, extensors), pick(random, flexors)],
  },
  {
    name: 'knee extensor and hamstring exchanged, one trial',
    ids: ['emg-swapped'],
    where: 'one',
    exchange: (random) => [pick(random, extensors), pick(random, flexors)],
  },
  {
    name: 'knee extensor and gastrocnemius exchanged, all trials',
    ids: ['emg-swapped'],
    where: 'all',
    exchange: (random) => [pick(random, extensors), pick(random, gastrocnemii)],
  },
  {
    name: 'tibialis anterior and soleus exchanged, all trials',
    ids: ['emg-swapped'],
    where: 'all',
    exchange: () => ['tib_ant_r', 'soleus_r'],
  },
  {
    name: 'EMG cut to its first 30 %, one trial',
    ids: ['time-not-shared'],
    where: 'one',
    role: 'emg',
    edit: (recording) =>
      reclock(recording, (clock) => ({
        ...clock,
        times_s: clock.times_s.slice(0, Math.floor(0.3 * clock.times_s.length)),
      })),
  },
  {
    name: 'a hole of 2 s in the time stamps, one trial',
    ids: ['time-jump'],
    where: 'one',
    edit: (recording) =>
      reclock(recording, (clock) => ({
        rate_Hz: undefined,
        times_s: clock.times_s.map((time) => (time > 10 ? time + 2 : time)),
      })),
  },
  {
    name: 'a dead channel, one trial',
    ids: ['emg-dead'],
    where: 'one',
    role: 'emg',
    channel: (random) => pick(random, electrodes),
    change: times(0),
  },
  {
    name: 'a channel of white noise, one trial',
    ids: ['emg-noise'],
    where: 'one',
    role: 'emg',
    channel: (random) => pick(random, electrodes),
    change: (values, _, __, random) => values.map(() => 2e-6 * random.normal()),
  },
  {
    name: 'a channel clipped at a third of its peak, one trial',
    ids: ['emg-saturated'],
    where: 'one',
    role: 'emg',
    channel: (random) => pick(random, electrodes),
    change: (values) => {
      const rail = largest(values) / 3;
      return values.map((value) => Math.max(-rail, Math.min(rail, value)));
    },
  },
  {
    name: 'envelopes called raw, one trial',
    ids: ['emg-form'],
    where: 'one',
    role: 'emg',
    change: (values) => {
      let level = 0;
      return values.map((value) => {
        level += 0.02 * (Math.abs(value) - level);
        return level;
      });
    },
  },
  {
    name: 'rectified EMG called raw, one trial',
    ids: ['emg-form'],
    where: 'one',
    role: 'emg',
    change: (values) => values.map(Math.abs),
  },
];

const isSerious = ({ severity }) => severity !== 'note';

function countFalseAlarms() {
  let trials = 0;
  const alarms = { error: 0, warning: 0 };
  for (const person of cohort) {
    trials += person.trials.length;
    for (const finding of checkTrials(
      makeTrials(person, () => true),
      study,
    ).filter(isSerious)) {
      alarms[finding.severity]++;
      console.error(`false alarm: ${person.id} ${finding.where.trial ?? ''} ${finding.id}: ${finding.what}`);
    }
  }
  console.log(`${people} sound participants, ${trials} trials: ${alarms.error} errors, ${alarms.warning} warnings.\n`);
}

/** Puts a fault into a person's recordings; returns what was found. To save time, with three activities only, the spoiled one among them. */
function tryFault(fault, person) {
  const random = makeRandom(seed).fork(`${person.id} ${fault.name}`);
  const movements = person.trials.filter(({ kind }) => kind === 'motion').map(({ name }) => name);
  const trial = fault.where === 'one' ? pick(random, movements) : undefined;
  const [a, b] = fault.exchange?.(random) ?? [];
  const channel = fault.channel?.(random);
  const edit = (recording, role, name) => {
    if ((trial !== undefined && name !== trial) || (fault.role && role !== fault.role)) return recording;
    if (fault.edit) return fault.edit(recording);
    const channels = recording.channels.map((one) => {
      if (fault.exchange) return { ...one, name: one.name === a ? b : one.name === b ? a : one.name };
      return channel === undefined || one.name === channel
        ? { ...one, values: fault.change(one.values, one.clock, person, random) }
        : one;
    });
    return { ...recording, channels };
  };
  const kept = new Set(trial === undefined ? ['walk_12', 'run_26', 'squat'] : [trial, 'walk_12', 'squat']);
  const found = checkTrials(
    makeTrials(person, ({ name }) => kept.has(name), edit),
    study,
  ).filter(isSerious);
  const isIt = ({ id, where }) =>
    fault.ids.includes(id) &&
    (trial === undefined || where.trial === undefined || where.trial === trial) &&
    [a, b, channel].every((name) => name === undefined || where.channel?.includes(name));
  return { hit: found.some(isIt), others: found.filter((finding) => !isIt(finding)), trial };
}

if (wanted === '') countFalseAlarms();
console.log('| fault | named | other findings |\n| --- | --- | --- |');
for (const fault of faults.filter(({ name }) => name.includes(wanted))) {
  const others = new Map();
  let hits = 0;
  const missed = [];
  for (const person of cohort) {
    const result = tryFault(fault, person);
    if (result.hit) hits++;
    else missed.push(`${person.id} ${result.trial ?? ''}`);
    for (const { id } of result.others) others.set(id, (others.get(id) ?? 0) + 1);
  }
  console.log(
    `| ${fault.name} | ${hits} of ${people} | ${[...others].map(([id, count]) => `${id} ${count}`).join(', ')} |`,
  );
  if (missed.length > 0) console.error(`missed: ${missed.join(', ')}`);
}
