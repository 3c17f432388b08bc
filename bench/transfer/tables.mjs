// docs/transfer.md.

/** 97.5 % quantiles of Student's t for 1 to 9 degrees of freedom (Abramowitz and Stegun 1964, table 26.10). */
const quantiles = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262];

const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;

/** Mean and half-width of its 95 % confidence interval; of a single value there is none. */
function summarise(values) {
  const n = values.length;
  const centre = mean(values);
  if (n < 2) return { mean: centre, half: null };
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (n - 1));
  return { mean: centre, half: ((quantiles[n - 2] ?? 1.96) * deviation) / Math.sqrt(n) };
}

const show = ({ mean: centre, half }, sign = '') =>
  `${centre >= 0 ? sign : '−'}${Math.abs(centre).toFixed(3)}${half === null ? '' : ` ± ${half.toFixed(3)}`}`;
const line = (cells) => `| ${cells.join(' | ')} |`;
const table = (heads, rows) => [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');

/** One value per participant (the mean over seeds), in the order of the participants. */
const listPeople = (rows, strategy, seconds, pick) =>
  [...new Set(rows.map(({ participant }) => participant))].map((id) =>
    mean(
      rows
        .filter((row) => row.participant === id && row.strategy === strategy && row.adaptation_s === seconds)
        .map(pick),
    ),
  );

/** What the tables show, in sentences made of their figures. */
function describeSeen({ adaptation_s }, strategies, reference, people) {
  const networks = strategies.filter((strategy) => !strategy.startsWith('ridge'));
  return adaptation_s.map((seconds) => {
    const centre = (strategy) => mean(people(strategy, seconds));
    const [best] = [...networks].sort((a, b) => centre(a) - centre(b));
    const tell = (isSuch) => {
      const found = networks.filter((strategy) => {
        if (strategy === reference) return false;
        const base = people(reference, seconds);
        const { mean: change, half } = summarise(people(strategy, seconds).map((value, k) => value - base[k]));
        return half !== null && isSuch(change, half);
      });
      return found.length > 0 ? found.map((name) => `\`${name}\``).join(', ') : 'none';
    };
    return `- With ${seconds} s of each activity the least mean error of a network is that of \`${best}\`, ${centre(best).toFixed(3)} N·m/kg; ridge on the same seconds has ${centre('ridge-of-target').toFixed(3)}, ridge on the sources ${centre('ridge-of-sources').toFixed(3)}. Better than \`${reference}\` beyond the interval: ${tell((change, half) => change < -half)}; worse: ${tell((change, half) => change > half)}.`;
  });
}

export function writeTransfer({ plan, seeds, executor, rows, notes, cpu_s }) {
  const { adaptation_s, participants, duration_s, adaptation, epochs } = plan;
  const strategies = [...new Set(rows.map(({ strategy }) => strategy))];
  const rmse = ({ rmse_Nm_per_kg }) => rmse_Nm_per_kg;
  const people = (strategy, seconds, pick = rmse) => listPeople(rows, strategy, seconds, pick);
  const heads = (what) => adaptation_s.map((seconds) => `${what} ${seconds} s`);
  const errors = strategies.map((strategy) => [
    strategy,
    ...adaptation_s.map((seconds) => show(summarise(people(strategy, seconds)))),
    ...adaptation_s.map((seconds) => mean(people(strategy, seconds, ({ r2 }) => r2)).toFixed(3)),
    String(rows.find((row) => row.strategy === strategy).trained_weights),
    mean(rows.filter((row) => row.strategy === strategy).map((row) => row.cpu_s)).toFixed(1),
  ]);
  const reference = strategies.includes('none') ? 'none' : strategies[0];
  const differences = strategies
    .filter((strategy) => strategy !== reference)
    .map((strategy) => [
      strategy,
      ...adaptation_s.flatMap((seconds) => {
        const [own, base] = [people(strategy, seconds), people(reference, seconds)];
        const change = own.map((value, k) => value - base[k]);
        return [show(summarise(change), '+'), `${change.filter((value) => value < 0).length} of ${change.length}`];
      }),
    ]);
  return `# Transfer to a new participant

Made by \`node bench/transfer.mjs\`: ${participants} **simulated** participants of genu's own (\`src/virtual\`, not measured people), each left out in turn, with ${seeds === 1 ? 'one seed' : `${seeds} seeds`} and ${executor}; ${Math.round(cpu_s / 60)} minutes of the processor.

A network (the default kind at half its usual width, with EMG, angles and angular velocities as inputs) is pre-trained on the training parts of the others (the first 70 % of trials of ${duration_s} s, one per activity; at most ${epochs} epochs, stopped by their validation shares). Each strategy then starts from it and has the first ${adaptation_s.join(', ')} seconds (the columns) of each activity of the one left out, of which the last quarter is for early stopping. All strategies take ${adaptation.steps} steps at most, with the same batches; the learning rate is ${adaptation.learning_rate}, for \`from-scratch\` that of the pre-training. These were set by the time that the bench may take, not by a search, and no strategy has one of its own.
Errors are of the last 30 % of the trials of the one left out, all activities together. EMG is divided by its greatest envelope in what is learned from: of the one left out in those seconds alone, for every strategy, so that \`none\` too differs between the columns. No maximal effort is used.

**RMSE in N·m/kg**, mean over participants ± half-width of its 95 % confidence interval (Student's t; seeds are averaged first); R²; numbers trained; seconds of the processor for one adaptation, pre-training apart.

${table(['strategy', ...heads('RMSE'), ...heads('R²'), 'trained', 's'], errors)}

## Compared with \`${reference}\`

Difference of RMSE for the same participants, N·m/kg (below 0 is better), and how many of them got better.

${table(['strategy', ...adaptation_s.flatMap((seconds) => [`${seconds} s`, 'better'])], differences)}

## What was seen

${describeSeen(plan, strategies, reference, people).join('\n')}

## What cannot be concluded

- Nothing about people. Simulated participants differ in strength, habit, electrodes and noise as their generator was told to, and their torque is a muscle model's; which strategy suits measured participants has to be seen on measured participants.
- No ranking of strategies that lie within each other's intervals: ${participants} participants are few, and the intervals are not corrected for the number of comparisons.
- Nothing about other settings. One learning rate, one number of steps and one strength of each strategy were tried; \`coral\` goes on training on the sources' windows, so that part of what it gains may be the longer pre-training.
- Nothing about new days, electrodes placed anew or activities that were not adapted with: adaptation and test are of the same trials.
${notes.length > 0 ? `\n## Notes\n\n${notes.map((note) => `- ${note}`).join('\n')}\n` : ''}`;
}
