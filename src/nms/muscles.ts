import { GenuError, type MuscleDescription } from '../data/index.js';

/**
 * From excitation to activation (Lloyd & Besier 2003, J. Biomech. 36:765–776; Buchanan et al. 2004, J. Appl. Biomech. 20:367–395).
 * C1 and C2 act per sample: the same numbers mean a faster filter at a higher rate. `convertActivation` carries them from one rate to another.
 */
export interface ActivationParameters {
  /** Poles of the recursive filter are −C1 and −C2; each in (−1, 1), calibrated within −0.95…−0.05. */
  readonly C1: number;
  readonly C2: number;
  /** Non-linear shape, −3 (strongly curved) to 0 (straight). */
  readonly A: number;
  /** Electromechanical delay d in seconds. */
  readonly delay_s: number;
}

/** One muscle-tendon unit as the solver needs it; the first fields are those of the model description. */
export interface MuscleParameters
  extends Pick<
    MuscleDescription,
    | 'name'
    | 'max_isometric_force_N'
    | 'optimal_fibre_length_m'
    | 'tendon_slack_length_m'
    | 'pennation_at_optimal_rad'
    | 'max_contraction_velocity'
  > {
  /** Strength coefficient s: a factor on the maximum isometric force. */
  readonly strength: number;
  /** Damping coefficient d_m: force per normalised fibre velocity, as a share of the maximum isometric force. */
  readonly damping: number;
  readonly activation: ActivationParameters;
}

/** CEINMS's starting point: C1 = C2 = −0.5, a nearly straight shape, and its default delay of 15 ms. */
export const defaultActivation: ActivationParameters = { C1: -0.5, C2: -0.5, A: -0.1, delay_s: 0.015 };

/**
 * A muscle of a model file with uncalibrated strength 1 and CEINMS's defaults: damping 0.1 and `defaultActivation`.
 * @throws GenuError when a value of the model cannot be a muscle's
 */
export function makeMuscle(description: MuscleDescription): MuscleParameters {
  const muscle: MuscleParameters = {
    name: description.name,
    max_isometric_force_N: description.max_isometric_force_N,
    optimal_fibre_length_m: description.optimal_fibre_length_m,
    tendon_slack_length_m: description.tendon_slack_length_m,
    pennation_at_optimal_rad: description.pennation_at_optimal_rad,
    max_contraction_velocity: description.max_contraction_velocity,
    strength: 1,
    damping: 0.1,
    activation: defaultActivation,
  };
  checkMuscle(muscle);
  return muscle;
}

/** The same continuous-time filter at another sampling rate: poles are kept in time, −C → (−C)^(from/to). For C1, C2 in (−1, 0]. */
export function convertActivation(
  activation: ActivationParameters,
  from_Hz: number,
  to_Hz: number,
): ActivationParameters {
  const convert = (C: number): number => {
    if (!(C > -1 && C <= 0))
      throw new GenuError(`a filter coefficient of ${C} has no counterpart at ${to_Hz} Hz.`, {
        mend: 'Only coefficients from -1 to 0 can be carried to another sampling rate.',
      });
    return -((-C) ** (from_Hz / to_Hz));
  };
  return { ...activation, C1: convert(activation.C1), C2: convert(activation.C2) };
}

/** @throws GenuError naming the muscle and the value when a parameter is missing or out of its range */
export function checkMuscle(muscle: MuscleParameters): void {
  const { activation } = muscle;
  const rules: readonly [string, number, boolean, string][] = [
    rule('max_isometric_force_N', muscle.max_isometric_force_N, (v) => v > 0, 'a force above 0 N'),
    rule('optimal_fibre_length_m', muscle.optimal_fibre_length_m, (v) => v > 0, 'a length above 0 m'),
    rule('tendon_slack_length_m', muscle.tendon_slack_length_m, (v) => v >= 0, 'a length of 0 m or more'),
    rule(
      'pennation_at_optimal_rad',
      muscle.pennation_at_optimal_rad,
      (v) => v >= 0 && v < Math.PI / 2,
      'an angle from 0 to π/2 rad',
    ),
    rule(
      'max_contraction_velocity',
      muscle.max_contraction_velocity,
      (v) => v > 0,
      'optimal fibre lengths per second, above 0',
    ),
    rule('strength', muscle.strength, (v) => v >= 0, '0 or more'),
    rule('damping', muscle.damping, (v) => v >= 0, '0 or more'),
    rule('C1', activation.C1, (v) => v > -1 && v < 1, 'between -1 and 1'),
    rule('C2', activation.C2, (v) => v > -1 && v < 1, 'between -1 and 1'),
    rule('A', activation.A, (v) => v >= -3 && v <= 0, 'from -3 to 0'),
    rule('delay_s', activation.delay_s, (v) => v >= 0 && v <= 1, 'from 0 to 1 s'),
  ];
  for (const [name, value, good, expected] of rules)
    if (!good)
      throw new GenuError(`${name} is ${value}; it must be ${expected}.`, {
        where: `muscle ${muscle.name}`,
        mend: 'Correct it in the model or the calibrated parameters.',
      });
}

function rule(
  name: string,
  value: number,
  test: (value: number) => boolean,
  expected: string,
): [string, number, boolean, string] {
  return [name, value, Number.isFinite(value) && test(value), expected];
}
