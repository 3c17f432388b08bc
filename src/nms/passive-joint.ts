import { GenuError } from '../data/index.js';

/** Passive structures of the knee (capsule, ligaments, skin), apart from the muscles' own passive force. */
export interface PassiveKnee {
  /** Knee angle, one number per frame. */
  readonly angle_rad: Float64Array;
  /** What a positive angle, and so a positive torque, means. */
  readonly positive: 'flexion' | 'extension';
  /** Factor on the published torque; 1 is as published. */
  readonly scale: number;
}

// k1·e^{k2(θ−θ2)} + k3·e^{k4(θ−θ1)}; θ in rad, extension positive.
const [k1_Nm, k2, k3_Nm, k4] = [-6.09, 33.94, 11.03, -11.33];
const [theta1_rad, theta2_rad] = [-2.4, 0.13];

/**
 * Passive torque of the knee about its own coordinate, double exponential in the angle: constants of Anderson 1999 (PhD thesis, University of Texas at
 * Austin; the model of Anderson & Pandy 2001, J. Biomech. Eng. 123:381–390) as used by Falisse et al. 2019 (J. R. Soc. Interface 16:20190402).
 * It is below 0.1 N·m between 2° and 113° of flexion and grows steeply past 7° of hyperextension and past 137° of flexion.
 * @param angle_rad in the direction `positive`; the torque has the same direction
 */
export function calcPassiveKneeTorque(angle_rad: number, positive: PassiveKnee['positive']): number {
  const sign = positive === 'extension' ? 1 : -1;
  // Held past 13° of hyperextension and 152° of flexion (about 185 N·m): nothing was measured there, and the exponentials explode.
  const theta = Math.max(theta1_rad - 0.25, Math.min(theta2_rad + 0.1, sign * angle_rad));
  return sign * (k1_Nm * Math.exp(k2 * (theta - theta2_rad)) + k3_Nm * Math.exp(k4 * (theta - theta1_rad)));
}

/** @throws GenuError when the angle has another number of frames, or the scale is negative */
export function checkPassiveKnee(passive: PassiveKnee, frames: number, where: string): void {
  if (passive.angle_rad.length !== frames)
    throw new GenuError(`the knee angle has ${passive.angle_rad.length} frames where ${frames} are expected.`, {
      where,
    });
  if (!(passive.scale >= 0 && Number.isFinite(passive.scale)))
    throw new GenuError(`the scale of the passive knee torque is ${passive.scale}; it must be 0 or more.`, { where });
}
