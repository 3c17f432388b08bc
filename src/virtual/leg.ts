import { type Body, buildBody, calcCoordinateSpeeds, calcMuscleGeometry } from '../body/index.js';
import type { ModelDescription } from '../data/index.js';
import {
  calcActivation,
  calcNeuralActivationInto,
  calcPassiveKneeTorque,
  ceinmsStiffTendon,
  type HillMuscle,
  makeActivationFilter,
  makeHillPoint,
} from '../nms/index.js';
import { EMG_RATE_HZ, MOTION_RATE_HZ } from './rates.js';
import type { ParticipantTruth } from './types.js';

/** A person's leg with its true muscles, ready to be moved. */
export interface Leg {
  readonly body: Body;
  readonly truth: ParticipantTruth;
  readonly muscles: ReadonlyMap<string, HillMuscle>;
}

/** What the joints' motion means for every muscle, one value per frame. */
export interface LegMotion {
  readonly knee_angle_rad: Float64Array;
  readonly knee_speed_rad_per_s: Float64Array;
  readonly lengths_m: ReadonlyMap<string, Float64Array>;
  readonly speeds_m_per_s: ReadonlyMap<string, Float64Array>;
  /** About the knee, extension positive. */
  readonly moment_arms_m: ReadonlyMap<string, Float64Array>;
}

export interface LegForces {
  readonly forces_N: ReadonlyMap<string, Float64Array>;
  readonly muscle_moment_Nm: Float64Array;
  /** Capsule, ligaments and skin. */
  readonly passive_moment_Nm: Float64Array;
  /** What muscle models leave out: damping of the joint, and an offset. */
  readonly unmodelled_moment_Nm: Float64Array;
  /** The sum of all. */
  readonly moment_Nm: Float64Array;
}

export function buildLeg(model: ModelDescription, truth: ParticipantTruth): Leg {
  return {
    body: buildBody(model),
    truth,
    muscles: new Map(truth.muscles.map((muscle) => [muscle.name, ceinmsStiffTendon.build(muscle)])),
  };
}

/**
 * Muscle-tendon lengths, speeds and knee moment arms.
 * @param angles rad by coordinate, evenly spaced at `rate_Hz`
 * @param from first frame wanted
 * @param to one past the last
 */
export function calcLegMotion(
  leg: Leg,
  angles: ReadonlyMap<string, Float64Array>,
  rate_Hz: number,
  from = 0,
  to?: number,
): LegMotion {
  const coordinates = new Map<string, Float64Array>();
  const speeds = new Map<string, Float64Array>();
  for (const [name, values] of angles) {
    const times_s = values.map((_, i) => i / rate_Hz);
    coordinates.set(name, values.slice(from, to));
    speeds.set(name, calcCoordinateSpeeds(times_s, values).slice(from, to));
  }
  const geometry = calcMuscleGeometry(leg.body, {
    coordinates,
    speeds,
    muscles: [...leg.muscles.keys()],
    about: ['knee_angle_r'],
  });
  const byMuscle = (series: readonly Float64Array[]) =>
    new Map(geometry.muscles.map((muscle, i) => [muscle, series[i]]));
  return {
    knee_angle_rad: coordinates.get('knee_angle_r')!,
    knee_speed_rad_per_s: speeds.get('knee_angle_r')!,
    lengths_m: byMuscle(geometry.lengths_m),
    speeds_m_per_s: byMuscle(geometry.speeds_m_per_s!),
    moment_arms_m: byMuscle(geometry.momentArms_m.knee_angle_r),
  };
}

/** Activation of every muscle at `MOTION_RATE_HZ`, from drive at `EMG_RATE_HZ`: CEINMS's recursive filter, delay and shape. */
export function calcTrueActivations(
  truth: ParticipantTruth,
  drives: ReadonlyMap<string, Float64Array>,
): Map<string, Float64Array> {
  const every = EMG_RATE_HZ / MOTION_RATE_HZ;
  const filter = makeActivationFilter(truth.activation, EMG_RATE_HZ);
  return new Map(
    [...drives].map(([muscle, drive]) => {
      const u = new Float64Array(drive.length);
      calcNeuralActivationInto(u, filter, drive);
      return [
        muscle,
        Float64Array.from({ length: u.length / every }, (_, i) => calcActivation(u[i * every], truth.activation.A)),
      ];
    }),
  );
}

/** Forces and knee moment of moving muscles at given activations, frame by frame. */
export function calcForces(leg: Leg, motion: LegMotion, activations: ReadonlyMap<string, Float64Array>): LegForces {
  const { knee_speed_rad_per_s } = motion;
  const muscle_moment_Nm = new Float64Array(knee_speed_rad_per_s.length);
  const forces_N = new Map<string, Float64Array>();
  const point = makeHillPoint();
  for (const [name, muscle] of leg.muscles) {
    const activation = activations.get(name)!;
    const length = motion.lengths_m.get(name)!;
    const speed = motion.speeds_m_per_s.get(name)!;
    const arm = motion.moment_arms_m.get(name)!;
    const force = new Float64Array(length.length);
    for (let i = 0; i < force.length; i++) {
      muscle.calcInto(point, activation[i], length[i], speed[i]);
      force[i] = point.force_N;
      muscle_moment_Nm[i] += arm[i] * force[i];
    }
    forces_N.set(name, force);
  }
  const { knee_damping_Nm_s, moment_offset_Nm } = leg.truth;
  const passive_moment_Nm = motion.knee_angle_rad.map((angle) => calcPassiveKneeTorque(angle, 'extension'));
  const unmodelled_moment_Nm = knee_speed_rad_per_s.map((speed) => moment_offset_Nm - knee_damping_Nm_s * speed);
  return {
    forces_N,
    muscle_moment_Nm,
    passive_moment_Nm,
    unmodelled_moment_Nm,
    moment_Nm: muscle_moment_Nm.map((m, i) => m + passive_moment_Nm[i] + unmodelled_moment_Nm[i]),
  };
}
