import { fillSide, findChannel, type Recording, type Side } from '../../data/index.js';
import type { StudyFile } from '../schema.js';
import type { SegmentLengths } from '../schema-participants.js';

/** What is believed of a person's segment, m. */
const believable = { thigh: [0.1, 0.8], shank: [0.1, 0.8], pelvis_width: [0.08, 0.6] } as const;

/**
 * Measures segments in quiet standing: the median distance between the points at their ends.
 * @param notes gets a sentence of what was measured and what could not be
 * @returns only what was found
 */
export function measureSegments(
  recording: Recording,
  scaling: StudyFile['scaling'],
  side: Side | undefined,
  id: string,
  notes: string[],
): SegmentLengths {
  const found: Record<string, number> = {};
  const lost: string[] = [];
  for (const segment of ['thigh', 'shank', 'pelvis_width'] as const) {
    const [from, to] = scaling[segment].map((point) => fillSide(point, side, `${id}: scaling.${segment}`));
    const length_m = calcDistance_m(recording, from, to);
    const [least, most] = believable[segment];
    if (length_m === undefined) lost.push(`${segment} (no points ${from} and ${to} in metres)`);
    else if (!(length_m >= least && length_m <= most))
      lost.push(`${segment} (${from} to ${to} are ${length_m.toFixed(3)} m apart)`);
    else found[segment] = Number(length_m.toFixed(4));
  }
  const measured = Object.entries(found).map(([name, length]) => `${name.replace('_', ' ')} ${length.toFixed(3)} m`);
  if (measured.length > 0)
    notes.push(`${id}: the generic leg has segments measured in quiet standing: ${measured.join(', ')}.`);
  if (lost.length > 0) notes.push(`${id}: taken from the height, for want of measurement: ${lost.join(', ')}.`);
  return found;
}

function calcDistance_m(recording: Recording, from: string, to: string): number | undefined {
  const axes = ['x', 'y', 'z'].map((axis) =>
    [`${from}.${axis}`, `${to}.${axis}`].map((name) => findChannel(recording, name)),
  );
  if (axes.some(([a, b]) => a?.unit !== 'm' || b?.unit !== 'm')) return undefined;
  const frames = axes[0][0]!.values.length;
  const distances = Array.from({ length: frames }, (_, i) =>
    Math.hypot(...axes.map(([a, b]) => a!.values[i] - b!.values[i])),
  )
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  return distances[distances.length >> 1];
}
