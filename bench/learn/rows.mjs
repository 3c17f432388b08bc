// What was measured as rows, and the ratios between engines.
import { countFlop, models } from './models.mjs';
import { findMedian } from './statistics.mjs';

/** One row for each engine, setting, network and quantity; where there is no figure, `median` is null and `note` says why. */
export function makeRows(timings, streams) {
  const peaks = findPeaks(timings);
  const rows = timings.map((timing) => {
    const { engine, setting, model, about, error } = timing;
    const row = { engine, setting, model, what: QUANTITIES[timing.what].what };
    if (error !== undefined) return { ...row, median: null, note: error };
    const values = timing.answers.map((answers) => QUANTITIES[timing.what].calc(answers, timing));
    const found = { ...row, ...summarise(values), ...QUANTITIES[timing.what].perProcessor(timing) };
    const share = timing.what === 'training' ? calcShares(timing, found.per_processor_s, peaks) : {};
    return { ...found, ...share, version: about.version, mode: about.mode };
  });
  const streamed = streams.flatMap(({ model, error, answers }) =>
    ['p50', 'p99'].map((percentile) => {
      const row = { engine: 'WASM', setting: '1 worker', model, what: `stream_us_${percentile}` };
      if (error !== undefined) return { ...row, median: null, note: error };
      return { ...row, ...summarise(answers.map((answer) => answer[`${percentile}_us`])) };
    }),
  );
  return [...rows, ...streamed];
}

const mean = (numbers) => numbers.reduce((a, b) => a + b, 0) / numbers.length;
const processor_ms = ({ answers }) => findMedian(answers.map((round) => mean(round.map((each) => each.processor_ms))));
const windowsPerS = (answers, { model }) =>
  answers.reduce((sum, { clock_ms }) => sum + (1000 * models[model].batch) / clock_ms, 0);

const QUANTITIES = {
  training: {
    what: 'training_windows_per_s',
    calc: windowsPerS,
    perProcessor: (timing) => ({ per_processor_s: (1000 * models[timing.model].batch) / processor_ms(timing) }),
  },
  window: {
    what: 'window_us',
    calc: ([{ clock_ms }]) => 1000 * clock_ms,
    perProcessor: (timing) => ({ processor_us: 1000 * processor_ms(timing) }),
  },
  product: {
    what: 'peak_GFLOP_per_s',
    calc: ([each], { about }) => about.flop / each.processor_ms / 1e6,
    perProcessor: () => ({}),
  },
};

const summarise = (values) => ({ median: findMedian(values), low: Math.min(...values), high: Math.max(...values) });

/**
 * FLOP of a second of processor time, at best, in a large product of matrices: with native code, and with the 128 bits
 * of WebAssembly.
 */
function findPeaks(timings) {
  const best = (engine) => {
    const timing = timings.find((each) => each.what === 'product' && each.engine === engine);
    if (!timing || timing.error !== undefined) return undefined;
    return Math.max(...timing.answers.map(([each]) => (1000 * timing.about.flop) / each.processor_ms));
  };
  return { native: best('ONNX Runtime'), wasm: best('WASM') };
}

function calcShares({ model, ceiling }, windows_per_processor_s, peaks) {
  const flop_per_s = countFlop(models[model].network).training * windows_per_processor_s;
  return {
    share_of_peak: peaks.native ? flop_per_s / peaks.native : null,
    ...(ceiling === 'wasm' ? { share_of_wasm_peak: peaks.wasm ? flop_per_s / peaks.wasm : null } : {}),
  };
}

/** Ratios are the medians of the rounds' ratios. The network is `engine`; PyTorch counts with the faster of its two ways. */
export function calcRatios(timings, rows) {
  const training = (engine, two) =>
    timings.find(
      (timing) =>
        timing.what === 'training' &&
        timing.model === 'engine' &&
        timing.engine === engine &&
        timing.setting.startsWith(two ? '2' : '1') &&
        timing.error === undefined,
    );
  const rates = (timing) => timing.answers.map((answers) => windowsPerS(answers, timing));
  const torch = (two) => {
    const ways = ['PyTorch eager', 'PyTorch compile'].map((engine) => training(engine, two)).filter(Boolean);
    return ways.toSorted((a, b) => findMedian(rates(b)) - findMedian(rates(a)))[0];
  };
  const divide = (a, b) => {
    if (!a || !b) return null;
    const below = rates(b);
    return findMedian(rates(a).map((rate, round) => rate / below[round]));
  };
  const figure = (engine, what) =>
    rows.find((row) => row.engine === engine && row.model === 'engine' && row.what === what)?.median ?? null;
  return {
    ort_vs_torch_1: divide(training('ONNX Runtime', false), torch(false)),
    ort_vs_torch_2: divide(training('ONNX Runtime', true), torch(true)),
    wasm_vs_torch_1: divide(training('WASM', false), torch(false)),
    wasm_vs_ortweb_1: divide(training('WASM', false), training('onnxruntime-web', false)),
    stream_us_p50: figure('WASM', 'stream_us_p50'),
    stream_us_p99: figure('WASM', 'stream_us_p99'),
    window_us_ort: figure('ONNX Runtime', 'window_us'),
    window_us_wasm: figure('WASM', 'window_us'),
  };
}
