import { GenuError } from '../data/index.js';
import { makeRandom, type Random } from '../math/index.js';
import { type Activity, activityNames, getActivity } from './activities.js';
import { makeAngles, makeMvcAngles } from './angles.js';
import { makeDrives } from './drives.js';
import { makeHabit } from './habit.js';
import { allMuscles } from './muscles.js';
import { type MvcTest, makeMvcDrives, mvcTests } from './mvc.js';
import { makePerson, type Person } from './person.js';
import { countSamples, EMG_RATE_HZ, LEAD_IN_S, MOTION_RATE_HZ } from './rates.js';
import { makeRhythm } from './rhythm.js';
import { calcActivationLag_s, makeDriveCycle } from './steady.js';
import { makeTrial } from './trial.js';
import type { VirtualParticipant, VirtualTrial } from './types.js';

export interface CohortOptions {
  /** How many, from 1 to 999. */
  readonly participants: number;
  /** Equal seeds give equal bits; a participant's data do not depend on how many there are, nor a trial's on the other trials. */
  readonly seed: number;
  /** Default: all of `activityNames`. */
  readonly activities?: readonly string[] | undefined;
  /** Length of each trial but the MVC tests, s. Default 20. */
  readonly duration_s?: number | undefined;
}

/**
 * Makes a cohort of virtual participants: simulated people with known muscles, for examples and tests. Each does one trial of every
 * activity and three MVC tests. Their EMG is raw, some muscles have no electrode, the knee moment has the noise of inverse dynamics, and
 * the truth is returned beside the recordings.
 * @throws GenuError for an unknown activity, a duration under 5 s or a number of participants outside 1…999
 */
export function makeCohort(options: CohortOptions): VirtualParticipant[] {
  const { participants, seed, activities = activityNames, duration_s = 20 } = options;
  if (!Number.isInteger(participants) || participants < 1 || participants > 999)
    throw new GenuError(`${participants} is not a number of participants.`, {
      where: 'participants',
      mend: 'Give a whole number from 1 to 999.',
    });
  if (!(duration_s >= 5))
    throw new GenuError(`a trial of ${duration_s} s is too short.`, {
      where: 'duration_s',
      mend: 'Give at least 5 s, so that every activity has a whole cycle.',
    });
  const chosen = activities.map(getActivity);
  return Array.from({ length: participants }, (_, i) => {
    const id = `virtual${String(i + 1).padStart(2, '0')}`;
    return makeParticipant(makeRandom(seed).fork(id), id, chosen, duration_s);
  });
}

function makeParticipant(
  rng: Random,
  id: string,
  activities: readonly Activity[],
  duration_s: number,
): VirtualParticipant {
  const person = makePerson(rng, id);
  const { height_m, mass_kg, model, truth } = person;
  return {
    id,
    height_m,
    mass_kg,
    model,
    truth,
    trials: [
      ...mvcTests.map((mvc) => makeMvcTrial(rng.fork(mvc.name), person, mvc)),
      ...activities.map((activity) => makeMotionTrial(rng.fork(activity.name), person, activity, duration_s)),
    ],
  };
}

function makeMotionTrial(rng: Random, person: Person, activity: Activity, duration_s: number): VirtualTrial {
  const habit = makeHabit(rng.fork('habit'), activity, person.style, person.mass_kg);
  const { cycle_s } = habit;
  const cycles = makeDriveCycle(person, habit);
  const count = countSamples(duration_s, EMG_RATE_HZ);
  const rhythm = makeRhythm(rng.fork('rhythm'), -LEAD_IN_S, count, EMG_RATE_HZ, cycle_s, activity.cadence_variation);
  const lead = calcActivationLag_s(person.truth.activation) / cycle_s;
  const every = EMG_RATE_HZ / MOTION_RATE_HZ;
  const phase = Float64Array.from(
    { length: countSamples(duration_s, MOTION_RATE_HZ) },
    (_, i) => rhythm.phase[i * every],
  );
  return makeTrial(rng, person, {
    name: activity.name,
    kind: 'motion',
    duration_s,
    drives: makeDrives(rng.fork('drives'), cycles, rhythm, cycle_s, EMG_RATE_HZ, lead, person.style.tone),
    angles: makeAngles(rng.fork('angles'), habit, phase, MOTION_RATE_HZ),
    events: rhythm.starts_s
      .filter((time_s) => time_s < duration_s)
      .map((time_s) => ({ name: activity.event, time_s, side: 'right' })),
    label_noise_Nm: activity.label_noise_Nm_per_kg * person.mass_kg,
    label_noise_cutoff_Hz: activity.label_noise_cutoff_Hz,
  });
}

/** A dynamometer's moment is better than inverse dynamics': 0.01 N·m/kg below 3 Hz. */
function makeMvcTrial(rng: Random, person: Person, mvc: MvcTest): VirtualTrial {
  const { name, duration_s } = mvc;
  const count = countSamples(duration_s, EMG_RATE_HZ);
  return makeTrial(rng, person, {
    name,
    kind: 'mvc',
    duration_s,
    drives: makeMvcDrives(rng.fork('drives'), mvc, allMuscles, person.style.tone, -LEAD_IN_S, count, EMG_RATE_HZ),
    angles: makeMvcAngles(rng.fork('angles'), mvc, countSamples(duration_s, MOTION_RATE_HZ), MOTION_RATE_HZ),
    events: [],
    label_noise_Nm: 0.01 * person.mass_kg,
    label_noise_cutoff_Hz: 3,
  });
}
