import { type Clock, calcMeanRate_Hz, findTimeSpan } from '../../../data/index.js';
import { calcQuantile } from '../../../signal/index.js';
import type { Draft, TrialCheck } from '../draft.js';
import { placeOf, print } from '../draft.js';

/** A step between stamps this many times the usual one is a jump, not jitter. */
const JUMP = 1.5;
/** Files of one trial that share less than this part of the longest one hardly belong together. */
const LITTLE_SHARED = 0.5;

/** Time stamps: even, without jumps, and shared by all files of the trial. */
export const checkTime: TrialCheck = ({ trial }) => {
  const found: Draft[] = [];
  const read = trial.files.filter(({ recording }) => recording && recording.channels.length > 0);
  for (const file of read) {
    const clocks = new Set(file.recording!.channels.map(({ clock }) => clock));
    for (const clock of clocks) {
      if (clock.rate_Hz !== undefined || clock.times_s.length < 3) continue;
      const [first] = file.recording!.channels.filter((channel) => channel.clock === clock);
      found.push(sayUneven(clock, placeOf(trial, file, clocks.size > 1 ? first.name : undefined)));
    }
  }
  if (read.length < 2) return found;
  const spans = read.map(({ recording }) => findTimeSpan(recording!));
  const [start, end] = [Math.max(...spans.map(([s]) => s)), Math.min(...spans.map(([, e]) => e))];
  const longest = Math.max(...spans.map(([s, e]) => e - s));
  const list = read.map(({ file }, i) => `${file} ${print(spans[i][0])} to ${print(spans[i][1])} s`).join('; ');
  if (!(end > start)) {
    found.push({
      id: 'time-not-shared',
      severity: 'error',
      where: placeOf(trial, undefined),
      what: `The files of this trial share no time: ${list}.`,
      cause: 'They are of different trials, or each counts time from its own start.',
      mend: 'Export all files of the trial with one time axis.',
    });
  } else if (end - start < LITTLE_SHARED * longest) {
    found.push({
      id: 'time-not-shared',
      severity: 'warning',
      where: placeOf(trial, undefined),
      what: `The files of this trial share ${print(end - start)} s of ${print(longest)} s: ${list}.`,
      cause: 'One of them was cut, or counts time from another start.',
      mend: 'Only the shared time is used. Export the files over the same time if more is wanted.',
    });
  }
  const rates = new Map(
    read.map((file) => [file.file, new Set(file.recording!.channels.flatMap(({ clock }) => clock.rate_Hz ?? []))]),
  );
  const all = new Set([...rates.values()].flatMap((set) => [...set]));
  if (all.size > 1) {
    found.push({
      id: 'rates-differ',
      severity: 'note',
      where: placeOf(trial, undefined),
      what: `Rates differ between files: ${[...rates].map(([file, set]) => `${file} ${[...set].map(print).join(', ')} Hz`).join('; ')}.`,
      cause: 'EMG and force plates are sampled faster than motion.',
      mend: 'Nothing to do: everything is brought to rate_Hz of the study, low-passed before.',
    });
  }
  return found;
};

function sayUneven({ times_s }: Clock, where: Draft['where']): Draft {
  const steps = times_s.slice(1).map((time, i) => time - times_s[i]);
  const usual = calcQuantile(steps, 0.5);
  const at = steps.reduce((widest, step, i) => (step > steps[widest] ? i : widest), 0);
  const jumps = steps.filter((step) => step > JUMP * usual).length;
  const picture = () => ({
    title: 'Step between time stamps',
    x: 'time (s)',
    y: 'step (s)',
    lines: [{ label: 'step', x: times_s.subarray(1), y: steps, tone: 'bad' as const }],
    rules: [{ y: usual, label: 'usual step' }],
  });
  if (jumps > 0) {
    return {
      id: 'time-jump',
      severity: 'warning',
      where,
      what: `Time jumps ${jumps} ${jumps === 1 ? 'time' : 'times'}, by up to ${print(steps[at])} s at ${print(times_s[at])} s; the usual step is ${print(usual)} s.`,
      cause: 'Samples were lost, or two pieces were joined.',
      mend: 'What lies in a jump is drawn as a straight line. Cut the trial there, or take it out.',
      picture,
    };
  }
  return {
    id: 'time-uneven',
    severity: 'note',
    where,
    what: `Time stamps are uneven: steps of ${print(Math.min(...steps))} to ${print(Math.max(...steps))} s, ${print(calcMeanRate_Hz(times_s))} Hz on average.`,
    cause: 'The recorder stamps samples when they arrive.',
    mend: 'Nothing to do: the signal is brought to an even clock.',
    picture,
  };
}
