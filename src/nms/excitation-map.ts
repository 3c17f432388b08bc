import { GenuError, listNearest } from '../data/index.js';
import { listSubstitutes, readMuscleName } from './knee-muscles.js';

/** A muscle's excitation is the weighted sum of channels; no channels: nothing drives it and its excitation is zero. */
export interface ExcitationEntry {
  readonly muscle: string;
  readonly from: readonly { readonly channel: string; readonly weight: number }[];
}

export interface ExcitationMap {
  /** Channels that may be used, in the order that `mixExcitationsInto` takes their samples. */
  readonly channels: readonly string[];
  /** One per muscle, in the muscles' order. */
  readonly entries: readonly ExcitationEntry[];
  /** One sentence per muscle without an electrode of its own. */
  readonly notes: readonly string[];
}

/**
 * Says which EMG channels drive which muscles: its own electrode where there is one, else the substitutes of CEINMS-RT and Lloyd & Besier 2003 (see
 * `knee-muscles.ts`), else nothing. A muscle that nothing drives stays in the model at zero excitation: its passive force remains.
 * @param muscles names; those with a side are driven by channels of that side, or of no side
 * @param channels names of EMG envelopes
 * @param overrides entries to take as they are, by the muscle's full name; an empty `from` leaves the muscle undriven
 * @throws GenuError when an override names an unknown muscle or channel or a weight that is not a number, or when two channels match one muscle equally
 */
export function buildExcitationMap(
  muscles: readonly string[],
  channels: readonly string[],
  overrides: readonly ExcitationEntry[] = [],
): ExcitationMap {
  for (const override of overrides) checkOverride(override, muscles, channels);
  const notes: string[] = [];
  const entries = muscles.map((muscle): ExcitationEntry => {
    const override = overrides.find((entry) => entry.muscle === muscle);
    if (override) return override;
    const { base, side } = readMuscleName(muscle);
    const own = channels.includes(muscle) ? muscle : findChannelOf(base, side, channels, muscle);
    if (own !== undefined) return { muscle, from: [{ channel: own, weight: 1 }] };
    for (const bases of listSubstitutes(base)) {
      const found = bases.map((name) => findChannelOf(name, side, channels, muscle));
      const names = found.filter((channel) => channel !== undefined);
      if (names.length < bases.length) continue;
      const what = names.length > 1 ? `the mean of ${names.join(' and ')}` : names[0];
      notes.push(`${muscle} has no electrode of its own and is driven by ${what}.`);
      return { muscle, from: names.map((channel) => ({ channel, weight: 1 / names.length })) };
    }
    notes.push(`${muscle} has no electrode and no substitute; nothing drives it, so it gives passive force only.`);
    return { muscle, from: [] };
  });
  return { channels: [...channels], entries, notes };
}

/**
 * Excitations of all muscles from one sample of every channel.
 * @param out one number per entry of the map
 * @param samples one number per channel of the map; NaN makes the muscles it drives NaN
 */
export function mixExcitationsInto(out: Float64Array, map: ExcitationMap, samples: ArrayLike<number>): void {
  map.entries.forEach((entry, m) => {
    let sum = 0;
    for (const { channel, weight } of entry.from) sum += weight * samples[map.channels.indexOf(channel)];
    out[m] = sum;
  });
}

/**
 * Excitations of all muscles over a trial; the same numbers as `mixExcitationsInto` sample by sample.
 * @param channels envelopes on one clock, holding at least those that the map uses
 * @returns one array per entry of the map
 * @throws GenuError when a channel is missing or lengths differ
 */
export function calcExcitations(
  map: ExcitationMap,
  channels: readonly { readonly name: string; readonly values: Float64Array }[],
): Float64Array[] {
  const count = channels[0]?.values.length ?? 0;
  for (const { name, values } of channels)
    if (values.length !== count)
      throw new GenuError(`channel ${name} has ${values.length} samples where ${channels[0].name} has ${count}.`, {
        mend: 'Bring all channels onto one clock first.',
      });
  const byName = new Map(channels.map((channel) => [channel.name, channel.values]));
  return map.entries.map((entry) => {
    const out = new Float64Array(count);
    for (const { channel, weight } of entry.from) {
      const values = byName.get(channel);
      if (!values)
        throw new GenuError(`${entry.muscle} is driven by channel "${channel}", which is not there.`, {
          mend: `There are: ${listNearest(channel, [...byName.keys()])}.`,
        });
      for (let i = 0; i < count; i++) out[i] += weight * values[i];
    }
    return out;
  });
}

function findChannelOf(
  base: string,
  side: string | undefined,
  channels: readonly string[],
  muscle: string,
): string | undefined {
  const matches = channels
    .map((name) => ({ name, ...readMuscleName(name) }))
    .filter((c) => c.base === base && (c.side === side || c.side === undefined || side === undefined));
  const exact = matches.filter((c) => c.side === side);
  const best = exact.length > 0 ? exact : matches;
  if (best.length > 1)
    throw new GenuError(`channels ${best.map((c) => c.name).join(' and ')} could both drive it.`, {
      where: `muscle ${muscle}`,
      mend: 'Say which one in an override.',
    });
  return best[0]?.name;
}

function checkOverride(override: ExcitationEntry, muscles: readonly string[], channels: readonly string[]): void {
  const where = `excitation override of ${override.muscle}`;
  if (!muscles.includes(override.muscle))
    throw new GenuError('there is no such muscle.', {
      where,
      mend: `It has: ${listNearest(override.muscle, muscles)}.`,
    });
  for (const { channel, weight } of override.from) {
    if (!channels.includes(channel))
      throw new GenuError(`there is no channel "${channel}".`, {
        where,
        mend: `It has: ${listNearest(channel, channels)}.`,
      });
    if (!Number.isFinite(weight))
      throw new GenuError(`the weight of "${channel}" is ${weight}, not a number.`, { where });
  }
}
