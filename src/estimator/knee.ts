import { type Body, buildBody, calcMuscleGeometry, findMusclesCrossing } from '../body/index.js';
import { GenuError, type ModelDescription } from '../data/index.js';
import type { EstimatorSpec } from './spec.js';

/** A model about one coordinate: built body, and the muscles that cross it. */
export interface KneeBody {
  readonly description: ModelDescription;
  readonly body: Body;
  readonly coordinate: string;
  /** In the model's order. */
  readonly muscles: readonly string[];
  /** What a positive torque about the coordinate does; read off the moment arms of the vasti. */
  readonly positive: 'extension' | 'flexion';
}

/**
 * Builds a model and finds what crosses the coordinate.
 * @throws GenuError when the model has no such coordinate, nothing crosses it, or a crossing muscle wraps
 */
export function makeKneeBody(description: ModelDescription, coordinate: string): KneeBody {
  const body = buildBody(description);
  const muscles = findMusclesCrossing(body, coordinate);
  const where = `model ${description.name}`;
  if (muscles.length === 0) {
    throw new GenuError(`no muscle crosses "${coordinate}".`, {
      where,
      mend: 'Name the knee under torque.coordinate.',
    });
  }
  const wrapping = description.muscles.filter((muscle) => muscles.includes(muscle.name) && muscle.wraps.length > 0);
  if (wrapping.length > 0) {
    throw new GenuError(
      `${wrapping.map((muscle) => muscle.name).join(', ')} wrap over surfaces, which genu cannot follow yet.`,
      {
        where,
        mend: 'Use a model without wrapping at the knee (gait2392), or model: generic.',
      },
    );
  }
  return { description, body, coordinate, muscles, positive: findPositive(body, coordinate, muscles, where) };
}

/** 1 where the model's coordinate and the spec call the same direction positive, −1 where they do not. */
export function calcTorqueSign(knee: KneeBody, { torque }: EstimatorSpec): 1 | -1 {
  return knee.positive === torque.positive ? 1 : -1;
}

function findPositive(
  body: Body,
  coordinate: string,
  muscles: readonly string[],
  where: string,
): 'extension' | 'flexion' {
  const extensors = muscles.filter((name) => /^vas|^vl|^vm|^vi|quad|rect?_?fem/i.test(name));
  if (extensors.length === 0) {
    throw new GenuError(
      `no knee extensor (vas_…, rect_fem…) is among the muscles that cross "${coordinate}": ${muscles.join(', ')}.`,
      {
        where,
        mend: 'genu reads the sign of the torque off the moment arms of the vasti; name them so.',
      },
    );
  }
  const geometry = calcMuscleGeometry(body, {
    coordinates: { [coordinate]: new Float64Array(1) },
    muscles: extensors,
    about: [coordinate],
  });
  const sum = geometry.momentArms_m[coordinate].reduce((total, [arm]) => total + arm, 0);
  return sum > 0 ? 'extension' : 'flexion';
}
