import { findNetwork, makeNetwork } from '../learn/index.js';
import { describeNetwork, listSizes } from './network-config.js';
import type { Study } from './schema.js';
import { makeSpec } from './spec.js';

/** `low-pass filtered at 6 Hz (zero-lag 4th-order Butterworth)`. */
export function sayLowpass(hz: number | null, filters: Study['filters']): string {
  const shape = { 'zero-phase': 'zero-lag 4th-order Butterworth', causal: 'causal 2nd-order Butterworth' };
  return hz === null ? 'not filtered' : `low-pass filtered at ${hz} Hz (${shape[filters]})`;
}

/** What is masked, one phrase for each rule. */
export function listMasks({ mask }: Study): string[] {
  const { stance } = mask;
  const swing = stance?.swing === 'train' ? ' (swing is trained on, not tested)' : '';
  return [
    ...(mask.skip_start_s > 0 ? [`the first ${mask.skip_start_s} s of each trial`] : []),
    ...(stance
      ? [
          `frames without the foot on a force plate (${stance.channel} above ${stance.above}${stance.trim_s > 0 ? `, ± ${stance.trim_s} s at its ends` : ''})${swing}`,
        ]
      : []),
    ...(mask.residual
      ? [`frames whose residual (${mask.residual.channels.join(', ')}) exceeds ${mask.residual.above_N} N`]
      : []),
    ...(mask.cross_steps
      ? [
          `steps on the other belt (both belts above ${mask.cross_steps.above_N} N for longer than a double support, ± ${mask.cross_steps.pad_s} s)`,
        ]
      : []),
  ];
}

/** What was done, in sentences that a methods section can start from. */
export function describeMethods(study: Study): string[] {
  const { emg, motion, torque, window, training, split, calibration } = study;
  const lowpass = (hz: number | null, filters = study.filters) => sayLowpass(hz, filters);
  const masks = listMasks(study);
  const maxima = {
    training: 'divided by the largest envelope in the participant’s training trials',
    maximum_trials: 'divided by the largest envelope in the participant’s maximal-effort trials',
    none: 'taken as they are',
  }[emg.maximum];
  return [
    emg.kind === 'raw'
      ? `EMG: band-pass ${emg.bandpass_Hz.join('–')} Hz, full-wave rectified, ${lowpass(emg.lowpass_Hz)}, ${maxima}.`
      : `EMG: envelopes as recorded, ${maxima}.`,
    ...(emg.inputs ? [`${sayInputs(emg.inputs)}.`] : []),
    `Angles (${motion.coordinates.join(', ')}): ${lowpass(motion.lowpass_Hz)}${motion.speeds ? `, angular velocities ${study.filters === 'causal' ? 'by backward difference' : 'from the derivative of their spline'}` : ''}.`,
    `Label: ${torque.channel}, ${lowpass(torque.lowpass_Hz, 'zero-phase')}, divided by body mass; positive is ${torque.positive}. Everything at ${study.rate_Hz} Hz.`,
    masks.length > 0 ? `Masked, neither trained nor tested on: ${masks.join('; ')}.` : 'No frame is masked.',
    'Each part of the split is cut out before anything is filtered. A window never reaches across a border between training, validation and test.',
    `Muscles: CEINMS activation and Hill muscle with a stiff tendon, driven by the normalised envelopes; muscle-tendon lengths, speeds and moment arms from ${study.model === 'generic' ? 'genu’s generic leg' : study.model}. Strength (by muscle group), tendon slack length, optimal fibre length, activation dynamics and delay are calibrated within bounds by least squares (${calibration.starts} starts) on the training parts.`,
    `Network: ${sayNetwork(study)}; window ${window.past_s} s before to ${window.future_s} s after the frame. Adam with decoupled weight decay, at most ${training.epochs} epochs, early stopping on the last ${Math.round(100 * split.validation)} % of each training part${training.balance_activities ? ', activities weighted by the inverse variance of their label' : ''}${training.ensemble > 1 ? `, mean of ${training.ensemble} networks` : ''}.`,
    'The hybrid network also sees the calibrated muscle forces, per body mass. Ridge sees the inputs of the plain network at lags of 50 ms over the same window; its penalty is chosen on the validation frames. Mean is the training mean of the activity.',
    ...describeOptionalModels(study),
    'Errors are taken over the test frames that every model predicts. Skill is 1 − MSE / MSE of the baseline on the same frames.',
  ];
}

/** How regressions and networks see the envelopes, where not as the muscles do. */
export function sayInputs({ scale, power }: NonNullable<Study['emg']['inputs']>): string {
  const divided =
    scale === 'recording_mean'
      ? 'divided by their mean in that very recording (no label enters)'
      : 'divided by the maximum';
  return `Regressions and networks see the envelopes ${divided}${power === 1 ? '' : `, raised to the power ${power}`}`;
}

/** The network with its sizes. */
export function sayNetwork(study: Study): string {
  const { network } = study;
  const isUsual = network.kind === 'cnn-gru-attention' && network.sizes === undefined;
  if (isUsual) {
    const normalisation = network.normalisation === 'none' ? '' : `, ${network.normalisation} normalisation`;
    return `${network.conv_layers} convolutions (${network.conv_channels} channels, kernel ${network.kernel}${normalisation}), GRU (${network.gru_hidden}), additive attention, dense layer (${network.dense})`;
  }
  const config: Readonly<Record<string, unknown>> = {
    ...makeNetwork(describeNetwork(network, ['input'], makeSpec(study))),
  };
  const sizes = listSizes(network.kind).map((name) => `${name} ${JSON.stringify(config[name])}`);
  return `${findNetwork(network.kind).title} (${sizes.join(', ')})`;
}

function describeOptionalModels({ models }: Study): string[] {
  const said: Partial<Record<Study['models'][number], string>> = {
    svr: 'SVR: support-vector regression (radial basis functions) on the inputs of ridge at the stride of the training windows; C, gamma and epsilon are chosen on the validation frames.',
    forest:
      'Forest: random forest on the inputs of ridge at the stride of the training windows; leaf size and share of features are chosen on the validation frames.',
    quadratic:
      'Ridge + products: ridge that sees, beside the inputs of ridge, the products and squares of angles and angular velocities at the frame.',
    blend: 'Blend: mean of ridge, of ridge + products, and of the network without muscle forces.',
    residual_ridge:
      'Ridge + network: a network with the inputs of the hybrid predicts what ridge leaves. It is trained on residuals of ridges that were not fitted to the frames in question (five contiguous blocks of each part, each predicted from the others without those that share a window with it; the validation frames from the training frames), and corrects the full ridge.',
    residual_nms:
      'NMS + network: a network with the inputs of the hybrid predicts what the calibrated solver leaves. The solver is calibrated on the training parts, validation frames among them.',
  };
  return models.flatMap((model) => said[model] ?? []);
}
