// The rows of learn.mjs and learn-growth.mjs as Markdown tables.

const digits = (value, count = 3) =>
  Math.abs(value) >= 10 ** count ? value.toFixed(0) : String(Number(value.toPrecision(count)));
const show = (value) => (value === null || value === undefined ? '–' : digits(value));
const percent = (share) => (share === null || share === undefined ? '–' : `${(100 * share).toFixed(0)} %`);

function table(heads, lines) {
  const rule = heads.map((_, k) => (k === 0 ? '---' : '---:'));
  return [heads, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

export function writeLearnTables({ rows, ratios }) {
  const networks = [...new Set(rows.filter(({ what }) => what !== 'peak_GFLOP_per_s').map(({ model }) => model))];
  const name = ({ engine, version, mode, setting }) =>
    `${engine}${version ? ` ${version}` : ''}${mode ? ` (${mode})` : ''}, ${setting}`;
  const of = (model, what) => rows.filter((row) => row.model === model && row.what === what);
  const training = networks.map((model) => [
    `Network \`${model}\`, batches of 128. Low and high are of the rounds; the shares are of what a second of processor time does in a large product of matrices.`,
    table(
      ['training', 'windows/s', 'low – high', 'per s of processor time', 'of the peak', 'of the peak of 128 bits'],
      of(model, 'training_windows_per_s').map((row) => [
        name(row),
        show(row.median),
        row.median === null ? row.note : `${show(row.low)} – ${show(row.high)}`,
        show(row.per_processor_s),
        percent(row.share_of_peak),
        percent(row.share_of_wasm_peak),
      ]),
    ),
  ]);
  const inference = table(
    ['inference, one core', 'network', 'median, µs', 'low – high', 'processor time, µs'],
    networks.flatMap((model) =>
      ['window_us', 'stream_us_p50', 'stream_us_p99'].flatMap((what) =>
        of(model, what).map((row) => [
          `${row.engine}, ${QUANTITIES[what]}`,
          model,
          show(row.median),
          row.median === null ? row.note : `${show(row.low)} – ${show(row.high)}`,
          show(row.processor_us),
        ]),
      ),
    ),
  );
  const peaks = rows.filter(({ what }) => what === 'peak_GFLOP_per_s');
  const peak = peaks.map((row) => `${row.engine} ${row.median === null ? row.note : `${show(row.high)} GFLOP/s`}`);
  const ratio = table(
    ['ratio or time, network `engine`', 'value'],
    Object.entries(ratios).map(([key, value]) => [key, show(value)]),
  );
  return [
    ...training.flat(),
    inference,
    `Product of two matrices of 1024 × 1024, one core, by processor time, best round: ${peak.join('; ')}.`,
    ratio,
  ].join('\n\n');
}

const QUANTITIES = {
  window_us: 'one window',
  stream_us_p50: 'streamed frame, median',
  stream_us_p99: 'streamed frame, 99 % of them',
};
const AXES = { window: 'window, frames', batch: 'batch, windows', gru_units: 'GRU units', parameters: 'parameters' };

export function writeGrowthTable({ rows }) {
  const engines = [...new Set(rows.map(({ engine }) => engine))];
  const points = [...new Map(rows.map((row) => [`${row.vary} ${row.value}`, row])).values()];
  const lines = points.map(({ vary, value, parameters }) => {
    const of = (engine, key) =>
      rows.find((row) => row.engine === engine && row.vary === vary && row.value === value)?.[key];
    return [
      AXES[vary],
      ...[value, parameters].map((number) => String(number ?? '–')),
      ...engines.flatMap((engine) =>
        ['windows_per_s', 'per_processor_s', 'build_ms', 'compile_ms'].map((key) => show(of(engine, key))),
      ),
    ];
  });
  const heads = engines.flatMap((engine) => [
    `${engine}, windows/s`,
    'per s of processor time',
    'graph, ms',
    'made ready, ms',
  ]);
  return `Around the network \`engine\` in batches of 128, one core. The graph and what an engine makes of it are in processor time.\n\n${table(['varied', 'value', 'parameters', ...heads], lines)}`;
}
