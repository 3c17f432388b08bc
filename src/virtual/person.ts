import { makeGenericLeg } from '../body/index.js';
import type { ModelDescription } from '../data/index.js';
import type { Random } from '../math/index.js';
import { findKneeGroup, makeMuscle } from '../nms/index.js';
import { drawCut, makeAnthropometry } from './anthropometry.js';
import { type EmgTraits, makeEmgTraits } from './emg.js';
import { makeStyle, type Style } from './habit.js';
import { buildLeg, type Leg } from './leg.js';
import { allMuscles } from './muscles.js';
import { EMG_RATE_HZ } from './rates.js';
import type { ParticipantTruth, TrueActivation } from './types.js';

/** A simulated person, complete: what a laboratory knows, what it does not, and the habits that make the data. */
export interface Person {
  readonly id: string;
  readonly height_m: number;
  readonly mass_kg: number;
  readonly model: ModelDescription;
  readonly truth: ParticipantTruth;
  readonly leg: Leg;
  readonly style: Style;
  readonly emg: EmgTraits;
}

/** Draws a person. */
export function makePerson(rng: Random, id: string): Person {
  const { height_m, mass_kg } = makeAnthropometry(rng.fork('size'));
  const model = makeGenericLeg({ side: 'right', height_m, mass_kg });
  const truth = makeTruth(rng.fork('muscles'), model, mass_kg);
  return {
    id,
    height_m,
    mass_kg,
    model,
    truth,
    leg: buildLeg(model, truth),
    style: makeStyle(rng.fork('style'), allMuscles),
    emg: makeEmgTraits(rng.fork('electrodes'), allMuscles),
  };
}

/**
 * Draws muscles. Strength by group is log-normal within 0.7–1.6: forces per body mass of healthy adults differ about twofold. Fibre and
 * tendon lengths differ from the scaled model by 3 % and 0.7 % (the residue after scaling; Winby, Lloyd & Kirk 2008, J Biomech 41:1682).
 * Poles of 8–14 ms and a delay of 10–20 ms together lag as electromechanical delay does (Cavanagh & Komi 1979, Eur J Appl Physiol
 * 42:159: 30–100 ms); the shape is within CEINMS's bounds.
 */
function makeTruth(rng: Random, model: ModelDescription, mass_kg: number): ParticipantTruth {
  const strengths = Object.fromEntries(
    [...new Set(model.muscles.map(({ name }) => findKneeGroup(name)))].map((group) => [
      group,
      1.06 * Math.exp(0.206 * drawCut(rng)),
    ]),
  );
  const pole = () => -Math.exp(-1 / (EMG_RATE_HZ * (0.008 + 0.006 * rng.uniform())));
  const activation: TrueActivation = {
    C1: pole(),
    C2: pole(),
    A: -0.3 - 1.4 * rng.uniform(),
    delay_s: Math.round(10 + 10 * rng.uniform()) / 1000,
    rate_Hz: EMG_RATE_HZ,
  };
  const { rate_Hz: _, ...dynamics } = activation;
  const muscles = model.muscles.map((description) => {
    const generic = makeMuscle(description);
    return {
      ...generic,
      strength: strengths[findKneeGroup(generic.name)],
      optimal_fibre_length_m: generic.optimal_fibre_length_m * (1 + 0.03 * drawCut(rng)),
      tendon_slack_length_m: generic.tendon_slack_length_m * (1 + 0.007 * drawCut(rng)),
      activation: dynamics,
    };
  });
  return {
    strengths,
    muscles,
    activation,
    knee_damping_Nm_s: 0.2 + 0.4 * rng.uniform(),
    moment_offset_Nm: 0.012 * mass_kg * drawCut(rng),
  };
}
