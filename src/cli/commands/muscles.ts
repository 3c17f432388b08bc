import { join } from 'node:path';
import type { Command } from 'commander';
import { buildBody, calcCoordinateSpeeds, calcMuscleGeometry } from '../../body/index.js';
import { GenuError } from '../../data/index.js';
import { readOsim, writeStorage } from '../../io/index.js';
import { readBytes, writeAtomic } from '../runtime/files.js';
import { readMotion } from '../runtime/motion.js';

interface MusclesOptions {
  readonly model: string;
  readonly motion: string;
  readonly coordinate: string;
  readonly out: string;
  readonly json?: boolean;
}

export function addMusclesCommand(program: Command): void {
  program
    .command('muscles')
    .description('Muscle-tendon lengths, lengthening speeds and moment arms of a model over a motion.')
    .requiredOption('--model <file>', 'OpenSim model (.osim)')
    .requiredOption('--motion <file>', 'joint angles over time (.sto, .mot)')
    .requiredOption('--coordinate <name>', 'coordinate that moment arms are taken about, e.g. knee_angle_r')
    .requiredOption('--out <dir>', 'folder for lengths.sto (m), speeds.sto (m/s) and moment_arms_<coordinate>.sto (m)')
    .option('--json', 'print what was written as one JSON object')
    .addHelpText(
      'after',
      `
The motion is taken as it is, unfiltered; speeds come from the quintic spline through its samples. Coordinates that the motion
does not have keep the model's default value, and that is said.

Example:
  genu muscles --model subject01.osim --motion walk.mot --coordinate knee_angle_r --out muscles`,
    )
    .action((options: MusclesOptions) => {
      const { files, muscles, frames, notes } = writeMuscles(options);
      for (const note of notes) process.stderr.write(`note: ${note}\n`);
      process.stdout.write(
        options.json
          ? `${JSON.stringify({ files, muscles, frames, notes })}\n`
          : `${muscles.length} muscles, ${frames} frames:\n${files.join('\n')}\n`,
      );
    });
}

function writeMuscles(options: MusclesOptions) {
  const body = buildBody(readOsim(readBytes(options.model), { file: options.model }));
  if (!body.coordinates.has(options.coordinate)) {
    throw new GenuError(`the model has no coordinate "${options.coordinate}".`, {
      where: options.model,
      mend: `It has: ${[...body.coordinates.keys()].join(', ')}.`,
    });
  }
  const motion = readMotion(options.motion, body);
  const speeds = new Map(
    [...motion.coordinates].map(([name, values]) => [name, calcCoordinateSpeeds(motion.times_s, values)]),
  );
  const geometry = calcMuscleGeometry(body, { coordinates: motion.coordinates, speeds, about: [options.coordinate] });
  const write = (name: string, title: string, columns: readonly Float64Array[]) => {
    const file = join(options.out, name);
    const labelled = columns.map((values, m) => ({ label: geometry.muscles[m], values }));
    writeAtomic(file, writeStorage({ name: title, inDegrees: false, times_s: motion.times_s, columns: labelled }));
    return file;
  };
  const files = [
    write('lengths.sto', 'Muscle-tendon lengths (m)', geometry.lengths_m),
    write('speeds.sto', 'Muscle-tendon lengthening speeds (m/s)', geometry.speeds_m_per_s!),
    write(
      `moment_arms_${options.coordinate}.sto`,
      `Moment arms about ${options.coordinate} (m)`,
      geometry.momentArms_m[options.coordinate],
    ),
  ];
  return {
    files,
    muscles: geometry.muscles,
    frames: motion.times_s.length,
    notes: [...motion.notes, ...geometry.notes],
  };
}
