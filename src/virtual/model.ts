import { buildBody, calcMuscleGeometry, makeGenericLeg } from '../body/index.js';
import type { ModelDescription } from '../data/index.js';
import { activityNames, getActivity } from './activities.js';
import { angleCoordinates } from './habit.js';
import { mvcTests } from './mvc.js';

/** Longest fibre in optimal lengths. Past it, CEINMS's passive force grows beyond what relaxed knees resist. */
const LONGEST_FIBRE = 1.2;

/**
 * The leg that a laboratory would give a person of that size: genu's generic leg, its tendons lengthened where fibres would be stretched past
 * 1.2 optimal lengths in a posture of the cohort's activities. Generic tendons fit a relaxed cadaver leg; a stiff tendon has to
 * hold the stretch under load as well, and fitting slack lengths to the fibres' working range is the usual remedy (Manal & Buchanan
 * 2004, J Appl Biomech 20:195; Winby, Lloyd & Kirk 2008, J Biomech 41:1682).
 */
export function makeLegModel(height_m: number, mass_kg: number): ModelDescription {
  const model = makeGenericLeg({ side: 'right', height_m, mass_kg });
  const { muscles, lengths_m } = calcMuscleGeometry(buildBody(model), { coordinates: listPostures() });
  const longest_m = new Map(muscles.map((muscle, i) => [muscle, Math.max(...lengths_m[i])]));
  return {
    ...model,
    muscles: model.muscles.map((muscle) => {
      const { optimal_fibre_length_m: optimal_m, pennation_at_optimal_rad: pennation } = muscle;
      const along_m = optimal_m * Math.sqrt(LONGEST_FIBRE ** 2 - Math.sin(pennation) ** 2);
      const slack_m = Math.max(muscle.tendon_slack_length_m, longest_m.get(muscle.name)! - along_m);
      return { ...muscle, tendon_slack_length_m: slack_m };
    }),
    notes: [...model.notes, 'Tendons were lengthened where fibres would pass 1.2 optimal lengths.'],
  };
}

/** Every posture of every mean activity and MVC test, by coordinate. */
function listPostures(): Map<string, Float64Array> {
  const norms = activityNames.map((name) => getActivity(name).norm);
  return new Map(
    angleCoordinates.map(([angle, coordinate, sign]) => [
      coordinate,
      Float64Array.from([
        ...norms.flatMap((norm) => norm[angle].map((degrees) => (sign * degrees * Math.PI) / 180)),
        ...mvcTests.map((mvc) => mvc.angles_rad[coordinate]),
      ]),
    ]),
  );
}
