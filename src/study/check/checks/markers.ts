import { findGaps } from '../../../data/index.js';
import { findMarkerJumps, type MarkerJump, type MarkerTrack } from '../../../signal/index.js';
import type { Draft, TrialCheck } from '../draft.js';
import { listSome, placeOf, print } from '../draft.js';
import type { CheckedFile } from '../evidence.js';
import { findLegQuantity } from '../names.js';

/** A gap longer than this is more than a spline bridges, s. */
const LONG_GAP_s = 0.1;

/** Markers of the body, without the points that a model calculated. */
interface Markers {
  readonly file: CheckedFile;
  readonly tracks: readonly MarkerTrack[];
  readonly times_s: Float64Array;
  readonly rate_Hz: number;
}

/** Markers: gaps within the movement, sudden jumps, and two markers that change places. */
export const checkMarkers: TrialCheck = ({ trial }) =>
  trial.files.flatMap((file) => {
    const markers = listMarkers(file);
    if (!markers) return [];
    return [...checkGaps(markers, placeOf(trial, file)), ...checkJumps(markers, placeOf(trial, file))];
  });

function listMarkers(file: CheckedFile): Markers | undefined {
  const channels = (file.recording?.channels ?? []).filter(({ kind, unit }) => kind === 'marker' && unit === 'm');
  const byName = new Map(channels.map((channel) => [channel.name, channel]));
  const tracks = channels.flatMap(({ name }): MarkerTrack[] => {
    const stem = /^(.*)\.x$/.exec(name)?.[1];
    // A star marks what the capture program gave no name.
    if (stem === undefined || stem.startsWith('*') || findLegQuantity(name)) return [];
    const axes = ['x', 'y', 'z'].map((axis) => byName.get(`${stem}.${axis}`)?.values);
    return axes.every((axis) => axis !== undefined)
      ? [{ name: stem, axes: axes as unknown as MarkerTrack['axes'] }]
      : [];
  });
  const [first] = channels;
  if (!first || tracks.length === 0 || first.clock.rate_Hz === undefined) return undefined;
  return {
    file,
    tracks: tracks.filter((track) => !isVirtual(track, tracks)),
    times_s: first.clock.times_s,
    rate_Hz: first.clock.rate_Hz,
  };
}

/** Gait models store axes of their segments (RFEO, RFEA, RFEL, RFEP; RHLX0 to RHLX3) and the centre of mass like markers: they jump when a marker does. */
function isVirtual({ name }: MarkerTrack, tracks: readonly MarkerTrack[]): boolean {
  if (/^CentreOfMass/.test(name)) return true;
  const set = /^(.+)[0-3]$/.exec(name)?.[1];
  if (set && [0, 1, 2, 3].every((number) => tracks.some((track) => track.name === `${set}${number}`))) return true;
  if (!/^[A-Z]{3}[OALP]$/.test(name)) return false;
  const stem = name.slice(0, 3);
  return ['O', 'A', 'L', 'P'].every((letter) => tracks.some((track) => track.name === stem + letter));
}

function checkGaps({ tracks, rate_Hz, times_s }: Markers, where: Draft['where']): Draft[] {
  const gaps = tracks.flatMap(({ name, axes }) => {
    // A marker that comes and goes with the measuring volume is no gap, nor is one that was never seen.
    const inside = findGaps(axes[0]).filter(({ start, end }) => start > 0 && end < axes[0].length);
    const longest = inside.reduce((most, { start, end }) => Math.max(most, (end - start) / rate_Hz), 0);
    return longest > LONG_GAP_s ? [{ name, longest, axes, gap: inside[0] }] : [];
  });
  if (gaps.length === 0) return [];
  const worst = gaps.reduce((most, gap) => (gap.longest > most.longest ? gap : most));
  return [
    {
      id: 'marker-gap',
      severity: 'warning',
      where,
      what: `${gaps.length} ${gaps.length === 1 ? 'marker has' : 'markers have'} gaps of more than ${LONG_GAP_s} s: ${listSome(gaps.sort((a, b) => b.longest - a.longest).map(({ name, longest }) => `${name} (${print(longest)} s)`))}.`,
      cause: 'The marker was hidden from the cameras.',
      mend: 'Angles and moments that hang on them are guesses there. Fill short gaps in the capture program, cut long ones.',
      picture: () => ({
        title: `${worst.name}: gaps`,
        x: 'time (s)',
        y: 'm',
        lines: [{ label: `${worst.name}.x`, x: times_s, y: worst.axes[0], tone: 'bad' }],
      }),
    },
  ];
}

function checkJumps({ tracks, rate_Hz, times_s }: Markers, where: Draft['where']): Draft[] {
  const jumps = findMarkerJumps(tracks, Math.max(1, 100 / rate_Hz));
  const swaps = jumps.filter(({ exchanged_with }) => exchanged_with !== undefined);
  const alone = jumps.filter(({ exchanged_with }) => exchanged_with === undefined);
  const draw = ({ name, frame, exchanged_with }: MarkerJump) => {
    const [from, to] = [Math.max(0, frame - 40), Math.min(times_s.length, frame + 40)];
    const lines = tracks
      .filter((track) => track.name === name || track.name === exchanged_with)
      .map((track, i) => ({
        label: `${track.name} (height)`,
        x: times_s.subarray(from, to),
        y: track.axes[2].subarray(from, to),
        tone: i === 0 ? ('bad' as const) : ('good' as const),
      }));
    return {
      title: `${name} at frame ${frame}`,
      x: 'time (s)',
      y: 'm',
      lines,
      marks: [{ x: times_s[frame], label: '' }],
    };
  };
  const found: Draft[] = [];
  if (swaps.length > 0) {
    const pairs = [...new Set(swaps.map(({ name, exchanged_with }) => [name, exchanged_with!].sort().join(' and ')))];
    found.push({
      id: 'marker-swap',
      severity: 'error',
      where,
      what: `Markers change places: ${listSome(pairs)}, first at ${print(times_s[swaps[0].frame])} s.`,
      cause:
        'The capture program gave the labels to the wrong markers after they came near to each other or were hidden.',
      mend: 'Correct the labels in the capture program, and calculate angles and moments again.',
      picture: () => draw(swaps[0]),
    });
  }
  if (alone.length > 0) {
    const worst = alone.reduce((most, jump) => (jump.distance_m > most.distance_m ? jump : most));
    const names = [...new Set(alone.map(({ name }) => name))];
    found.push({
      id: 'marker-jump',
      severity: 'warning',
      where,
      what: `${names.length} ${names.length === 1 ? 'marker jumps' : 'markers jump'}, by up to ${print(100 * worst.distance_m)} cm from one frame to the next (${worst.name} at ${print(times_s[worst.frame])} s): ${listSome(names)}.`,
      cause: 'A ghost marker, a wrong label for a few frames, or the ends of a filled gap.',
      mend: 'Look at these frames in the capture program.',
      picture: () => draw(worst),
    });
  }
  return found;
}
