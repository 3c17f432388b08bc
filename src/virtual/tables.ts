import type { ChannelKind } from '../data/index.js';
import type { VirtualTrial } from './types.js';

/** Columns on one clock, as a laboratory's file holds them. */
export interface TrialTable {
  /** File name without its ending. */
  readonly name: 'emg' | 'motion' | 'moments';
  readonly times_s: Float64Array;
  readonly columns: readonly { readonly name: string; readonly values: Float64Array }[];
  /** True when the angles are in degrees; all else is SI. */
  readonly in_degrees: boolean;
}

const tables: readonly (readonly [TrialTable['name'], ChannelKind, number])[] = [
  ['emg', 'emg', 1],
  ['motion', 'coordinate', 180 / Math.PI],
  ['moments', 'generalised_force', 1],
];

/**
 * The recording of a trial as the three tables a laboratory would export: raw EMG in V, angles in degrees (OpenSim's habit), moments in N·m.
 * The truth is not among them.
 */
export function makeTrialTables({ recording }: VirtualTrial): TrialTable[] {
  return tables.map(([name, kind, factor]) => {
    const channels = recording.channels.filter((channel) => channel.kind === kind);
    return {
      name,
      times_s: channels[0].clock.times_s,
      columns: channels.map((channel) => ({ name: channel.name, values: channel.values.map((v) => v * factor) })),
      in_degrees: name === 'motion',
    };
  });
}
