import { findGaps } from '../../../data/index.js';
import {
  calcBandPower,
  calcQuantile,
  calcSpectrum,
  calcSpread,
  findMainsHum,
  findRail,
  type Spectrum,
} from '../../../signal/index.js';
import type { CheckContext, Draft, TrialCheck } from '../draft.js';
import { listSome, makeMendable, placeOf, print, printPercent } from '../draft.js';
import type { EmgSignal, TrialView } from '../view.js';
import { findBareLegs } from './emg-side.js';

/** EMG touches the end of a recorder's range in few samples; an open input stays there. */
const SATURATED = 0.01;
const BADLY = 0.05;
const UNUSED_RAIL = 0.002;
/** Share of power above 250 Hz: white noise recorded at 1 to 2 kHz has half of it there, surface EMG of a muscle less than a fifth. */
const NOISE = 0.35;
const FAST_Hz = 250;
/** Share of power that stands out at the mains frequency; a band-pass leaves it in, and the envelope never comes down to rest. */
const HUM = 0.1;
const MUCH_HUM = 0.5;
/** An offset of this many standard deviations; a band-pass takes it away, a rectifier without one does not. */
const OFFSET = 1;
/** Between the electrodes on the skin there are millivolts at most: more was amplified, or the unit is wrong. */
const SKIN_V = 0.02;
/** Electrode and amplifier make 1 to 5 µV of noise: a signal whose largest values are less is in another unit. */
const FAINT_V = 1e-6;
/** An envelope divided by a maximum may pass 1 by rounding. */
const ROUNDING = 0.01;
/** Part of the channel that may be missing without a word. */
const FEW_GAPS = 0.001;

/** Each EMG channel by itself: saturated, dead, noise, hum, offset, in which form and unit. */
export const checkEmgSignals: TrialCheck = (view, context) => {
  // In quiet standing muscles rest, and nothing is learned from it.
  if (view.trial.use === 'static') return [];
  // Of a leg without electrodes one sentence is said, by the check that looks for them.
  const bare = findBareLegs(view);
  const channels = view.emg.filter(
    (signal) =>
      (signal.used || signal.group !== undefined) &&
      !(signal.side && bare.has(signal.side) && !isStudied(signal, context)),
  );
  const unused = context.study ? [] : view.emg.filter(({ group }) => group === undefined);
  return [
    ...channels.flatMap((signal) => checkChannel(view, signal, context)),
    ...checkUnused(view, unused),
    ...checkUnits(view, channels, context),
    ...checkAboveOne(view, channels, context),
  ];
};

const isStudied = (signal: EmgSignal, { study }: CheckContext) => study !== undefined && signal.used;

function checkChannel(view: TrialView, signal: EmgSignal, context: CheckContext): Draft[] {
  const { channel, file } = signal;
  const { values, clock, name } = channel;
  const where = placeOf(view.trial, file, name);
  const spread = calcSpread(values);
  const picture =
    (title: string, rules: { y: number; label: string }[] = []) =>
    () => ({
      title,
      x: 'time (s)',
      y: channel.unit === 'V' ? 'V' : '',
      lines: [{ label: name, x: clock.times_s, y: values, tone: 'bad' as const }],
      rules,
    });
  if (spread.count === 0 || spread.deviation === 0) {
    return [
      {
        id: 'emg-dead',
        severity: signal.used ? 'error' : 'warning',
        where,
        what:
          spread.count === 0
            ? `${name} has no sample with a value.`
            : `${name} is ${print(spread.mean)} in every sample.`,
        cause: 'The electrode, its cable or its transmitter was off, or the export left the column empty.',
        mend: 'Take the muscle out of emg.channels, for all participants or this trial.',
        picture: picture(`${name}: no signal`),
      },
    ];
  }
  const found: Draft[] = [];
  const missing = findGaps(values).reduce((sum, { start, end }) => sum + end - start, 0);
  if (missing > FEW_GAPS * values.length) {
    found.push({
      id: 'emg-gaps',
      severity: 'warning',
      where,
      what: `${missing} of ${values.length} samples of ${name} are missing.`,
      cause: 'The transmitter lost its connection, or artefacts were cut out.',
      mend: 'Gaps are left out of training and testing.',
      picture: picture(`${name}: gaps`),
    });
  }
  found.push(...checkForm(view, signal, context));
  if (signal.form === 'envelope' || clock.rate_Hz === undefined) return found;
  const rail = findRail(values);
  if (rail && rail.share > SATURATED) {
    found.push({
      id: 'emg-saturated',
      severity: signal.used && rail.share > BADLY ? 'error' : 'warning',
      where,
      what: `${name} stays at ±${print(Math.abs(rail.level))} ${channel.unit} in ${printPercent(rail.share)} of the samples.`,
      cause: 'The input is open (no electrode, or it came off), or the gain is too high for the signal.',
      mend: 'Take the channel out of emg.channels; what was cut off cannot be had back.',
      picture: picture(`${name} stays at the end of its range`),
    });
    return found;
  }
  const spectrum = calcSpectrum(values, clock.rate_Hz);
  if (!spectrum) return found;
  const fast =
    clock.rate_Hz > 2.4 * FAST_Hz
      ? calcBandPower(spectrum, FAST_Hz, clock.rate_Hz) / calcBandPower(spectrum, 10, clock.rate_Hz)
      : 0;
  if (fast > NOISE) {
    found.push({
      id: 'emg-noise',
      severity: 'warning',
      where,
      what: `${name} looks like noise and not like a muscle: ${printPercent(fast)} of its power is above ${FAST_Hz} Hz (standard deviation ${print(1e6 * spread.deviation)} µV).`,
      cause: 'No electrode is on this input, or the muscle did not work.',
      mend: 'Look at a trial in which the muscle has to work; where it looks the same, take the channel out of emg.channels.',
      picture: () => drawSpectrum(`${name}: spectrum`, spectrum),
    });
    return found;
  }
  const hum = findMainsHum(spectrum);
  if (hum && hum.share > HUM) {
    const lines = hum.lines_Hz.slice(0, 5).join(', ');
    found.push({
      id: 'emg-hum',
      severity: hum.share > MUCH_HUM ? 'error' : 'warning',
      where,
      what: `${printPercent(hum.share)} of the power of ${name} is mains hum, in lines at ${lines} Hz.`,
      cause: 'A dry or loose electrode, no reference electrode, or a mains cable beside the wires.',
      mend: 'Filter the lines out before genu reads the file, or raise the band-pass above the first of them; record with a fresh reference electrode.',
      yaml: `emg:\n  bandpass_Hz: [${hum.mains_Hz + 10}, 450]`,
      picture: () => drawSpectrum(`${name}: hum of ${hum.mains_Hz} Hz`, spectrum),
    });
  }
  if (signal.form === 'raw' && Math.abs(spread.mean) > OFFSET * spread.deviation) {
    found.push({
      id: 'emg-offset',
      severity: 'note',
      where,
      what: `${name} swings about ${print(1e6 * spread.mean)} µV and not about zero (standard deviation ${print(1e6 * spread.deviation)} µV).`,
      cause: 'The amplifier has an offset.',
      mend: 'Nothing to do for raw EMG: the band-pass takes it away.',
      picture: picture(`${name}: offset`, [{ y: 0, label: 'zero' }]),
    });
  }
  return found;
}

function checkForm(view: TrialView, signal: EmgSignal, { study }: CheckContext): Draft[] {
  const { channel, file, form } = signal;
  if (form === undefined || !signal.used) return [];
  const declared = study?.emg.kind ?? (channel.kind === 'emg_envelope' ? 'envelope' : 'raw');
  const fits = declared === 'envelope' ? form === 'envelope' : form === 'raw';
  if (fits) return [];
  const seen = { raw: 'raw EMG', rectified: 'rectified EMG', envelope: 'a smoothed envelope' }[form];
  const should = form === 'envelope' ? 'envelope' : 'raw';
  return [
    {
      id: 'emg-form',
      severity: 'error',
      where: placeOf(view.trial, file, channel.name),
      what: `${channel.name} is called ${declared === 'raw' ? 'raw EMG' : 'an envelope'}, but looks like ${seen}.`,
      cause: 'The columns hold another step of the processing than the study or the header says.',
      mend:
        form === 'rectified'
          ? 'Export the signal before rectification: a band-pass of a rectified signal is not the EMG.'
          : `Say what it is${study ? '' : ' in the study'}.`,
      ...(form === 'rectified' ? {} : { yaml: `emg:\n  kind: ${should}` }),
      picture: () => ({
        title: `${channel.name}: ${seen}`,
        x: 'time (s)',
        y: channel.unit === 'V' ? 'V' : '',
        lines: [{ label: channel.name, x: channel.clock.times_s, y: channel.values, tone: 'bad' }],
        rules: [{ y: 0, label: 'zero' }],
      }),
    },
  ];
}

/** Channels that name no muscle. */
function checkUnused(view: TrialView, signals: readonly EmgSignal[]): Draft[] {
  const railed = signals.flatMap(({ channel, file }) => {
    const rail = findRail(channel.values);
    return rail && rail.share > UNUSED_RAIL ? [{ channel, file, ...rail }] : [];
  });
  if (railed.length === 0) return [];
  const { channel, file, level } = railed.reduce((most, one) => (one.share > most.share ? one : most));
  return [
    {
      id: 'emg-unused',
      severity: 'note',
      where: placeOf(view.trial, file),
      what: `${railed.length} ${railed.length === 1 ? 'channel that names' : 'channels that name'} no muscle of knee or ankle saturate at ±${print(Math.abs(level))} ${channel.unit}: ${listSome(railed.map((one) => one.channel.name))}.`,
      cause: 'Nothing is connected to these inputs.',
      mend: 'Do not name them under emg.channels.',
      picture: () => ({
        title: `${channel.name}: nothing connected`,
        x: 'time (s)',
        y: channel.unit === 'V' ? 'V' : '',
        lines: [{ label: channel.name, x: channel.clock.times_s, y: channel.values, tone: 'bad' }],
      }),
    },
  ];
}

function checkUnits(view: TrialView, signals: readonly EmgSignal[], { study }: CheckContext): Draft[] {
  const volts = signals.filter(({ channel, form }) => channel.unit === 'V' && form === 'raw');
  if (volts.length === 0) return [];
  const peaks = volts.map(({ channel }) => calcQuantile(channel.values.map(Math.abs), 0.999));
  const peak = calcQuantile(peaks, 0.5);
  if (peak >= FAINT_V && peak <= SKIN_V) return [];
  const names = listSome(volts.map(({ channel }) => channel.name));
  const normalised = study !== undefined && study.emg.maximum !== 'none';
  const guess = peak > SKIN_V ? (peak < 20 ? 'amplified (gain 100 to 2000) or in mV' : 'in µV') : 'in another unit';
  return [
    makeMendable(
      {
        id: 'emg-unit',
        severity: peak > SKIN_V && peak < 20 ? 'note' : 'warning',
        where: placeOf(view.trial, volts[0].file),
        what: `The EMG is called V, but reaches ${print(peak)} V (median of ${names}): on the skin it is millivolts at most.`,
        cause: `The numbers are ${guess}; the file does not say so.`,
        mend: 'Divide EMG by its maximum, and the unit does not matter.',
        yaml: 'emg:\n  maximum: training',
        picture: () => ({
          title: `${volts[0].channel.name}, called V`,
          x: 'time (s)',
          y: 'V',
          lines: [
            {
              label: volts[0].channel.name,
              x: volts[0].channel.clock.times_s,
              y: volts[0].channel.values,
              tone: 'bad',
            },
          ],
          rules: [{ y: SKIN_V, label: `${1000 * SKIN_V} mV` }],
        }),
      },
      normalised ? `emg.maximum: ${study.emg.maximum}` : undefined,
    ),
  ];
}

/** Envelopes that were divided by a maximum and pass it. */
function checkAboveOne(view: TrialView, signals: readonly EmgSignal[], { study }: CheckContext): Draft[] {
  const normalised = signals.filter(({ form, channel }) => form === 'envelope' && channel.unit === '1');
  const declared = signals.filter(({ form }) => form === 'envelope' && study?.emg.maximum === 'none');
  return [...new Set([...normalised, ...declared])].flatMap((signal): Draft[] => {
    const { max } = calcSpread(signal.channel.values);
    if (!(max > 1 + ROUNDING)) return [];
    const { name, clock, values } = signal.channel;
    return [
      makeMendable(
        {
          id: 'emg-above-one',
          severity: 'warning',
          where: placeOf(view.trial, signal.file, name),
          what: `The envelope of ${name} reaches ${print(max)}, above the maximum of 1 that it was divided by.`,
          cause: 'The maximum came from another trial in which the muscle worked less, or from another unit.',
          mend: 'Let the envelopes be divided by their own maximum in the training trials.',
          yaml: 'emg:\n  maximum: training',
          picture: () => ({
            title: `${name} passes its maximum`,
            x: 'time (s)',
            y: 'share of maximum',
            lines: [{ label: name, x: clock.times_s, y: values, tone: 'bad' }],
            rules: [{ y: 1, label: 'maximum' }],
          }),
        },
        study && study.emg.maximum !== 'none' ? `emg.maximum: ${study.emg.maximum}` : undefined,
      ),
    ];
  });
}

function drawSpectrum(title: string, { step_Hz, density }: Spectrum) {
  const shown = density.subarray(0, Math.ceil(500 / step_Hz));
  const largest = shown.reduce((most, power) => Math.max(most, power), 0);
  return {
    title,
    x: 'frequency (Hz)',
    y: 'dB',
    lines: [
      {
        label: 'power density, 0 dB: largest',
        x: shown.map((_, k) => k * step_Hz),
        y: shown.map((power) => Math.max(-60, 10 * Math.log10(power / largest))),
        tone: 'bad' as const,
      },
    ],
  };
}
