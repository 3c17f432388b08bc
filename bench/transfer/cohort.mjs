// The simulated cohort as a study, and the world that a study needs, in memory: nothing is written but the table.
import { makeExecutor, readExecutorChoice } from '../../dist/cli/runtime/executors.js';
import { trainNetwork } from '../../dist/learn/index.js';
import { hashValue, readStudy } from '../../dist/study/index.js';
import { electrodes, makeCohort } from '../../dist/virtual/index.js';

/**
 * The participants of `genu example` with longer trials. The network is half as wide as a study's, so that the bench ends in minutes.
 * @param plan { participants, duration_s, epochs, cohort_seed }
 */
export async function makeCohortStudy({ participants, duration_s, epochs, cohort_seed }) {
  const cohort = makeCohort({ participants, seed: cohort_seed, duration_s });
  const trialsOf = ({ trials }) => trials.filter(({ kind }) => kind === 'motion');
  const study = readStudy(
    {
      study: 'transfer',
      simulated: true,
      emg: { kind: 'raw', channels: Object.fromEntries(electrodes.map((name) => [name, name])) },
      motion: { coordinates: ['hip_flexion_r', 'hip_adduction_r', 'knee_angle_r', 'ankle_angle_r'] },
      torque: { positive: 'extension' },
      files: { emg: '{participant}/{trial}', motion: '{participant}/{trial}', moments: '{participant}/{trial}' },
      participants: cohort.map(({ id, mass_kg, height_m, trials }) => ({
        id,
        mass_kg,
        height_m,
        trials: trialsOf({ trials }).map(({ name }) => ({ id: name, activity: name })),
      })),
      split: { train_first: 0.7 },
      network: { conv_channels: 16, gru_hidden: 24, attention: 16, dense: 16 },
      training: { stride_s: 0.05, epochs },
    },
    'bench/transfer/cohort.mjs',
  );
  const recordings = new Map(
    cohort.flatMap(({ id, trials }) => trialsOf({ trials }).map(({ name, recording }) => [`${id}/${name}`, recording])),
  );
  const models = new Map(cohort.map(({ id, model }) => [id, model]));
  const executor = await makeExecutor(readExecutorChoice(undefined));
  const environment = {
    loadTrial({ emg: file }, id) {
      const recording = recordings.get(file);
      const hashed = { file, sha256: hashValue(recording.channels.map(({ values }) => values)), bytes: 0 };
      return {
        recordings: { id, emg: recording, motion: recording, moments: recording },
        ground: undefined,
        files: [hashed],
        notes: [],
      };
    },
    loadModel: ({ id }) => ({ description: models.get(id), file: undefined }),
    hasFile: (file) => recordings.has(file),
    store: { get: () => undefined, put: () => {} },
    train: (job, onProgress) => trainNetwork({ ...job, executor, onProgress }),
    executor,
    onProgress: () => {},
    code_key: executor.name,
  };
  return { study, environment };
}
