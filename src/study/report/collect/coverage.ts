import type { ShownTrial } from '../../shown-trial.js';
import type { IntervalCoverage, ModelName } from '../types.js';

/** What is counted of the frames of one participant, or of all. */
interface Count {
  frames: number;
  inside: number;
  width: number;
}

/** How often the compared frames lay within the intervals of prediction: by protocol, model and level, of each participant and of all. */
export function collectCoverage(trials: readonly ShownTrial[]): IntervalCoverage[] {
  const groups = new Map<string, Count & Pick<IntervalCoverage, 'protocol' | 'model' | 'level' | 'participant'>>();
  for (const trial of trials) {
    for (const interval of trial.intervals ?? []) {
      const count = countInside(trial, interval.model, interval.half_width_Nm_per_kg);
      for (const participant of [trial.participant, null]) {
        const { protocol } = trial;
        const key = JSON.stringify([protocol, interval.model, interval.level, participant]);
        const group = groups.get(key) ?? {
          protocol,
          model: interval.model,
          level: interval.level,
          participant,
          frames: 0,
          inside: 0,
          width: 0,
        };
        group.frames += count.frames;
        group.inside += count.inside;
        group.width += count.width;
        groups.set(key, group);
      }
    }
  }
  return [...groups.values()]
    .filter(({ frames }) => frames > 0)
    .map(({ inside, width, ...group }) => ({
      ...group,
      inside: inside / group.frames,
      half_width_Nm_per_kg: width / group.frames,
    }));
}

function countInside(trial: ShownTrial, model: ModelName, half: number | Float64Array): Count {
  const count: Count = { frames: 0, inside: 0, width: 0 };
  const predicted = trial.predicted[model];
  if (predicted === undefined) return count;
  trial.compared.forEach((flag, i) => {
    const width = typeof half === 'number' ? half : half[i];
    if (!flag || !Number.isFinite(width)) return;
    count.frames++;
    count.width += width;
    if (Math.abs(trial.measured[i] - predicted[i]) <= width) count.inside++;
  });
  return count;
}
