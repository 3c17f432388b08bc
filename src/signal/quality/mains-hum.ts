import { calcBandPower, type Spectrum } from './spectrum.js';
import { calcQuantile } from './spread.js';

/** Interference from the mains in a signal. */
export interface MainsHum {
  readonly mains_Hz: 50 | 60;
  /** Share of the power between 10 and 450 Hz that stands out in lines at the mains frequency and its harmonics. */
  readonly share: number;
  /** Frequencies at which a line stands out. */
  readonly lines_Hz: readonly number[];
}

/** Half the width of a line: a Hann window spreads one over ±2 bins, and grids wander by ±0.2 Hz. */
const HALF_LINE_Hz = 1.2;
/** A line is compared with the spectrum this far to each side. */
const BESIDE_Hz = 8;
/** A line has this many times the density beside it. Of a periodogram averaged 8 times, 99.9 % of the peaks stay below 3. */
const STANDS_OUT = 6;
const BAND_Hz = [10, 450] as const;

/**
 * Looks for mains hum: lines at 50 or 60 Hz and their harmonics, whose density is far above the one beside them.
 * @returns the mains frequency with more power in its lines; undefined where no line stands out
 */
export function findMainsHum(spectrum: Spectrum): MainsHum | undefined {
  const found = ([50, 60] as const).map((mains_Hz) => findLines(spectrum, mains_Hz));
  const [best] = found.sort((a, b) => b.share - a.share);
  return best.lines_Hz.length > 0 ? best : undefined;
}

function findLines(spectrum: Spectrum, mains_Hz: 50 | 60): MainsHum {
  const { step_Hz, density } = spectrum;
  const highest_Hz = Math.min(BAND_Hz[1], step_Hz * (density.length - 1) - BESIDE_Hz);
  const total = calcBandPower(spectrum, BAND_Hz[0], BAND_Hz[1]);
  const lines_Hz: number[] = [];
  let power = 0;
  for (let line_Hz = mains_Hz; line_Hz <= highest_Hz; line_Hz += mains_Hz) {
    const beside: number[] = [];
    let peak = 0;
    for (let k = Math.ceil((line_Hz - BESIDE_Hz) / step_Hz); k * step_Hz <= line_Hz + BESIDE_Hz; k++) {
      if (Math.abs(k * step_Hz - line_Hz) > 2 * HALF_LINE_Hz) beside.push(density[k]);
      else if (Math.abs(k * step_Hz - line_Hz) <= HALF_LINE_Hz) peak = Math.max(peak, density[k]);
    }
    const floor = calcQuantile(beside, 0.5);
    if (!(peak > STANDS_OUT * floor)) continue;
    lines_Hz.push(line_Hz);
    const width_Hz = 2 * HALF_LINE_Hz;
    power += Math.max(0, calcBandPower(spectrum, line_Hz - HALF_LINE_Hz, line_Hz + HALF_LINE_Hz) - floor * width_Hz);
  }
  return { mains_Hz, share: total > 0 ? power / total : 0, lines_Hz };
}
