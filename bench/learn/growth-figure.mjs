// The rows of learn-growth.mjs as a figure, all in processor time: above, how fast a network trains; below, how long it
// takes to make it ready.
import { writeFigure } from './svg.mjs';

const AXES = {
  window: 'window, frames',
  batch: 'batch, windows',
  gru_units: 'GRU units',
  parameters: 'parameters, all widths',
};

/** @returns SVG text; an engine without figures has no line */
export function writeGrowthFigure({ rows }) {
  const engines = [...new Set(rows.filter((row) => row.windows_per_s !== null).map(({ engine }) => engine))];
  const draw = (y, title, calc) =>
    Object.entries(AXES).map(([vary, x]) => {
      const some = rows.filter((row) => row.vary === vary && row.windows_per_s !== null);
      const lines = engines.map((name) => ({
        name,
        points: some.filter(({ engine }) => engine === name).map((row) => [row.value, calc(row)]),
      }));
      return { title, x, y, xTicks: [...new Set(some.map(({ value }) => value))].sort((a, b) => a - b), lines };
    });
  return writeFigure(
    [
      draw('windows per s', 'Training speed', ({ per_processor_s }) => per_processor_s),
      draw('s', 'Time until ready', ({ build_ms, compile_ms }) => (build_ms + compile_ms) / 1000),
    ],
    'Training speed and the time until a network is ready to train, against the window, the batch, the GRU units and the number of parameters, on one core, in processor time.',
  );
}
