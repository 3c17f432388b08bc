import type { Body } from '../../body/index.js';
import { GenuError } from '../../data/index.js';
import { readStorage } from '../../io/index.js';
import { readBytes } from './files.js';

/** The coordinates of a model over time. */
export interface Motion {
  readonly times_s: Float64Array;
  /** rad or m. */
  readonly coordinates: ReadonlyMap<string, Float64Array>;
  readonly notes: readonly string[];
}

/**
 * Reads a motion for a model, which knows which coordinates are angles.
 * @throws GenuError when no column is a coordinate of the model
 */
export function readMotion(path: string, body: Body): Motion {
  const recording = readStorage(readBytes(path), {
    file: path,
    translational: (name) => body.coordinates.get(name)?.motion === 'translational',
  });
  const channels = recording.channels.filter((channel) => body.coordinates.has(channel.name));
  if (channels.length === 0) {
    throw new GenuError('no column is a coordinate of the model.', {
      where: path,
      mend: `The model has ${[...body.coordinates.keys()].slice(0, 12).join(', ')}…; the file has ${recording.channels
        .slice(0, 12)
        .map((c) => c.name)
        .join(', ')}….`,
    });
  }
  // The values of coupled coordinates are never used, and OpenSim leaves them in degrees where it turns the others into radians.
  const angles = channels.filter(
    ({ name }) => body.coordinates.get(name)!.motion !== 'translational' && !body.couplerOf.has(name),
  );
  const turning = angles.find((channel) => channel.values.some((v) => Math.abs(v) > 4 * Math.PI));
  if (turning) {
    throw new GenuError(`"${turning.name}" has values beyond two turns when read as radians: these are degrees.`, {
      where: path,
      mend: 'Write inDegrees=yes into its header.',
    });
  }
  const silent = angles.some((channel) => channel.unit === '?');
  const ignored = recording.channels.length - channels.length;
  return {
    times_s: channels[0].clock.times_s,
    coordinates: new Map(channels.map((channel) => [channel.name, channel.values])),
    notes: [
      ...recording.notes,
      ...(silent ? [`${path} does not say whether its angles are degrees or radians; they are read as radians.`] : []),
      ...(ignored > 0 ? [`${ignored} columns of ${path} are no coordinates of the model and play no part.`] : []),
    ],
  };
}
