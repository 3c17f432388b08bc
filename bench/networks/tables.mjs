// Figures over seeds, and docs/networks.md.

/** 97.5 % quantiles of Student's t for 1 to 9 degrees of freedom (Abramowitz and Stegun 1964, table 26.10). */
const quantiles = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262];

/** Mean and half-width of its 95 % confidence interval; of a single value there is none. */
export function summarise(values) {
  const n = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  if (n < 2) return { mean, half: null };
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1));
  return { mean, half: ((quantiles[n - 2] ?? 1.96) * deviation) / Math.sqrt(n) };
}

const show = ({ mean, half }, digits) => `${mean.toFixed(digits)}${half === null ? '' : ` ± ${half.toFixed(digits)}`}`;
const line = (cells) => `| ${cells.join(' | ')} |`;
const table = (heads, rows) => [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');

/** Which kinds cannot be told from the best by validation, and what that says of the default, which comes first. */
function sayDefault(rows, best) {
  const { mean, half } = best.validation_Nm_per_kg;
  const isLevel = ({ model, validation_Nm_per_kg: own }) => model === 'hybrid' && own.mean - own.half <= mean + half;
  const level = rows.filter((row) => row !== best && isLevel(row));
  const names = level.map(({ name }) => name).join(', ');
  const [standard] = rows;
  const verdict =
    standard === best
      ? 'It is the default.'
      : level.includes(standard)
        ? `The default stays ${standard.name}: it cannot be told from the best, and its attention shows where it looks.`
        : `The default, ${standard.name}, is not among them.`;
  return `By validation the least is ${best.name}; by their intervals ${names ? `${names} cannot be told from it` : 'no other comes near'}. ${verdict}`;
}

export function writeNetworks({ study, trials, seeds, epochs, executor, rows, baselines, best, simulated }) {
  const activities = Object.keys(baselines[0].errors);
  const heads = (measure) => activities.map((activity) => `${measure} ${activity}`);
  const results = rows.map((row) => [
    `${row.name}${row === best ? ' ★' : ''}`,
    String(row.weights),
    show(row.validation_Nm_per_kg, 4),
    ...activities.map((activity) => show(row.errors[activity].r2, 3)),
    ...activities.map((activity) => show(row.errors[activity].rmse_Nm_per_kg, 3)),
    row.cpu_s.mean.toFixed(0),
  ]);
  const references = baselines.map(({ name, errors }) => [
    name,
    '–',
    '–',
    ...activities.map((activity) => errors[activity].r2.toFixed(3)),
    ...activities.map((activity) => errors[activity].rmse_Nm_per_kg.toFixed(3)),
    '–',
  ]);
  const searches = rows.map(({ name, candidate, search }) => [
    name,
    candidate.learning_rate.toPrecision(2),
    candidate.dropout.toFixed(2),
    candidate.weight_decay.toPrecision(2),
    String(candidate.width),
    ...[search.own, search.best, search.median, search.worst].map((value) => value?.toFixed(4) ?? '–'),
    String(search.failed),
  ]);
  return `# The networks compared

Made by \`node bench/networks.mjs\` on the study \`${study}\`${simulated ? ' (simulated participants, not measured people)' : ''}, with ${executor}.

Every kind of network sees the same windows, of the same split, with the inputs of the hybrid (EMG, angles, angular velocities, muscle forces); the default kind also the plain network's inputs (\`network\`) and the residuals of ridge and of the solver. Every one had the same search: the study's own settings and ${trials - 1} random ones, the same for all, of learning rate (0.0005 to 0.01), dropout (0 to 0.4), weight decay (10⁻⁵ to 0.1) and width (0.5 to 2 times the layers of the kind), each trained for at most ${epochs} epochs with one seed. The setting with the least validation loss was then trained with ${seeds} other seeds. Test data played no part in any choice; they were looked at once, for this table.

**Validation** is the root of the mean squared error on the validation windows (the last part of each training part), weighted by activity as the loss is, in N·m/kg; ★ has the least of those with the inputs of the hybrid. R² and RMSE (N·m/kg) are of the test frames that the study compares. ± is the half-width of the 95 % confidence interval of the mean over seeds (Student's t): it tells how much the seed matters, not how the figures would differ for another person. Ridge and the solver are the study's own and have no seed. Seconds are of the processor, for one training.

${table(['network', 'weights', 'validation', ...heads('R²'), ...heads('RMSE'), 's'], [...results, ...references])}

${sayDefault(rows, best)}

## What was tried

The chosen settings, and the validation errors of all trials of the search: with the study's own settings, the best, the median and the worst. A search always finds something that suits its validation data: compare the best here with the validation error of other seeds above.

${table(['network', 'learning rate', 'dropout', 'weight decay', 'width', 'own settings', 'best', 'median', 'worst', 'failed'], searches)}
`;
}
