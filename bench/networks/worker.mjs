// A process that trains networks one after the other: { id, entrant, candidate, seed, epochs, test } in, { id, result } out.

import { listWeights, loadForward, predictWindows, trainNetwork } from '../../dist/learn/index.js';
import { calcMetrics, prepareNetworkData } from '../../dist/study/index.js';
import { makeStudyEnvironment } from './environment.mjs';
import { makeEntrantNetwork } from './plan.mjs';

const { study, environment } = await makeStudyEnvironment(JSON.parse(process.argv[2]));
const people = await prepareNetworkData(study, environment);
process.on('message', async ({ id, ...job }) => {
  try {
    process.send({ id, result: await run(job) });
  } catch (error) {
    process.send({ id, result: { failure: error.message } });
  }
});
process.send({ ready: true });

async function run({ entrant, candidate, seed, epochs, test }) {
  const started = process.cpuUsage();
  const trained = [];
  const { training } = study;
  for (const { spec, kinds } of people) {
    const { inputs, train, validation } = kinds[entrant.model];
    trained.push(
      await trainNetwork({
        network: makeEntrantNetwork(study, spec, entrant, candidate, inputs),
        data: { train, validation },
        options: {
          batch: training.batch,
          epochs,
          patience: training.patience,
          learningRate: candidate.learning_rate,
          schedule: training.schedule,
          weightDecay: candidate.weight_decay,
          clip: training.clip_norm ?? Number.POSITIVE_INFINITY,
          averaging: training.weight_averaging,
          seed,
        },
        executor: environment.executor,
      }),
    );
  }
  const { user, system } = process.cpuUsage(started);
  // Losses are of standardised labels; in N·m/kg those of torques and of residuals can be compared.
  const losses = trained.map(
    ({ history, bestEpoch, scaling }) => history[bestEpoch - 1].validation_loss * scaling.outputs.deviation[0] ** 2,
  );
  return {
    validation_Nm_per_kg: Math.sqrt(losses.reduce((a, b) => a + b, 0) / losses.length),
    best_epochs: trained.map(({ bestEpoch }) => bestEpoch),
    weights: listWeights(trained[0].config).reduce(
      (sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1),
      0,
    ),
    cpu_s: (user + system) / 1e6,
    ...(test ? { errors: await measure(entrant.model, trained) } : {}),
  };
}

/** Errors on the test frames that a study compares, by activity and over all. */
async function measure(model, trained) {
  const comparisons = [];
  for (const [k, { kinds, mass_kg }] of people.entries()) {
    const network = await loadForward(environment.executor, trained[k].forwardOnnx);
    for (const { activity, windows, measured, base_Nm_per_kg, compared } of kinds[model].test) {
      const { outputs } = await predictWindows(network, windows);
      comparisons.push({
        activity,
        mass_kg,
        measured: measured.map((value, i) => (compared[i] ? value : Number.NaN)),
        predicted: base_Nm_per_kg.map((base, i) => base + outputs[i]),
      });
    }
    await network.program.release();
  }
  return summarise(comparisons);
}

function summarise(comparisons) {
  const activities = [...new Set(comparisons.map(({ activity }) => activity)), 'all'];
  return Object.fromEntries(
    activities.map((activity) => {
      const { r2, rmse_Nm_per_kg } = calcMetrics(
        comparisons.filter((one) => activity === 'all' || one.activity === activity),
      );
      return [activity, { r2, rmse_Nm_per_kg }];
    }),
  );
}
