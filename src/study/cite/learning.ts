import { isNetworkKind } from '../../estimator/index.js';
import { findNetwork, findStrategy } from '../../learn/index.js';
import { sayNetwork } from '../methods.js';
import { joinWords } from '../report/format.js';
import type { ModelKind, Study } from '../schema.js';
import { cite } from './text.js';

const percent = (share: number) => `${Math.round(100 * share)} %`;

/** What each model is, in a paragraph. */
export function writeModels(study: Study): string {
  const { window, models } = study;
  const has = (kind: ModelKind) => models.includes(kind);
  const networks = models.filter(isNetworkKind);
  const kind = findNetwork(study.network.kind);
  const span = `${window.past_s} s before${window.future_s > 0 ? ` to ${window.future_s} s after` : ''} the predicted frame`;
  const sentences = [
    'Two baselines were always fitted: the mean training torque of the activity, and ridge regression',
    `${cite('HoerlKennard1970')} on the envelopes${study.motion.coordinates.length > 0 ? ', angles and velocities' : ''} at lags of 50 ms over the window, with the penalty chosen on the validation frames.`,
    has('svr')
      ? `Support-vector regression ${cite('Drucker1997', 'SmolaScholkopf2004')} with a radial basis function saw the same inputs; C, gamma and epsilon were chosen on the validation frames.`
      : '',
    has('forest')
      ? `A random forest ${cite('Breiman2001')} saw the same inputs; leaf size and share of features were chosen on the validation frames.`
      : '',
    has('quadratic') || has('blend')
      ? 'A second ridge also saw the squares and products of angles and angular velocities at the frame.'
      : '',
    networks.length === 0
      ? ''
      : `${sayOrigin(study)} ${sayNetwork(study)}${kind.references.length > 0 ? ` ${cite(...kind.references)}` : ''}. It saw a window of ${span}, sampled every ${window.step_s} s.`,
    has('network') || has('blend') ? 'One network saw envelopes and kinematics only.' : '',
    has('hybrid') ? 'The hybrid network saw the calibrated muscle forces, divided by body mass, as well.' : '',
    has('residual_ridge')
      ? 'A residual network with the inputs of the hybrid predicted what ridge leaves of the torque, trained on residuals of ridges not fitted to the frames in question.'
      : '',
    has('residual_nms')
      ? 'A residual network with the inputs of the hybrid predicted what the calibrated solver leaves of the torque.'
      : '',
    has('blend') ? 'The blend is the mean of both ridges and of the network without muscle forces.' : '',
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

/** What the network has of the published one, of which only the kinds of layers are known. */
function sayOrigin({ network }: Study): string {
  return network.kind === 'cnn-gru-attention'
    ? `The network followed the CNN-GRU-attention idea of Xie et al. ${cite('Xie2025')}; its layers and sizes are ours:`
    : `In place of the CNN-GRU-attention network of Xie et al. ${cite('Xie2025')} the network was`;
}

/** How networks were trained, in a paragraph; undefined where there is none. */
export function writeTraining(study: Study): string | undefined {
  const { training: t, split, seed } = study;
  if (!study.models.some(isNetworkKind)) return undefined;
  const augmentations = [
    t.emg_gain_jitter > 0 ? `random gains on each EMG channel (SD ${t.emg_gain_jitter})` : '',
    t.emg_noise > 0 ? `white noise on the EMG (${t.emg_noise} SD)` : '',
    t.emg_dropout > 0 ? `loss of EMG channels (probability ${t.emg_dropout})` : '',
    t.emg_shift > 0 ? `mixing of EMG channels as by shifted electrodes (up to ${t.emg_shift})` : '',
    t.time_warp > 0 ? `warping of time (SD ${t.time_warp}) ${cite('Um2017')}` : '',
  ].filter((one) => one !== '');
  const schedule = t.schedule === 'cosine' ? ` with a cosine schedule ${cite('LoshchilovHutter2017')}` : '';
  const clip = t.clip_norm === null ? '' : `, gradients clipped to a norm of ${t.clip_norm} ${cite('Pascanu2013')}`;
  return [
    `Networks were trained on windows every ${t.stride_s} s by Adam ${cite('KingmaBa2015')} with decoupled weight decay (${t.weight_decay}) ${cite('LoshchilovHutter2019')}, a learning rate of ${t.learning_rate}${schedule}, mini-batches of ${t.batch}${clip}, for at most ${t.epochs} epochs, stopped after ${t.patience} without a better loss on the last ${percent(split.validation)} of each training part.`,
    t.weight_averaging > 0
      ? `A running average of the weights (decay ${t.weight_averaging}) was validated and kept.`
      : '',
    t.balance_activities ? 'Activities were weighted by the inverse variance of their torque.' : '',
    augmentations.length > 0 ? `Windows were augmented by ${joinWords(augmentations)}.` : 'No augmentation was used.',
    t.ensemble > 1
      ? `Predictions are the mean of ${t.ensemble} networks ${cite('Lakshminarayanan2017')} with the seeds ${seed} to ${seed + t.ensemble - 1}.`
      : '',
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

/** How networks were adapted to a new participant, in a paragraph; undefined where they were not. */
export function writeAdaptation(study: Study): string | undefined {
  const { transfer, protocols } = study;
  if (!protocols.includes('transfer')) return undefined;
  const policies = transfer.policies.map((name) => {
    const { title, references } = findStrategy(name);
    return references.length > 0 ? `${title} ${cite(...references)}` : title;
  });
  return `To adapt to a new participant, ${joinWords(transfer.seconds.map(String))} s of each activity were taken from the start of that participant’s training parts, the last ${percent(transfer.validation)} of them to stop the adaptation. Compared were: ${joinWords(policies)}. An adaptation took at most ${transfer.steps} steps with mini-batches of ${transfer.batch} and a learning rate of ${transfer.learning_rate} (training from scratch: that of the training). Ridge was fitted to the other participants, and to these seconds alone.`;
}
