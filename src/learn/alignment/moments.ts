import { LearnError } from '../errors.js';

/** Mean and covariance of frames that come piece by piece; needs no labels. */
export class FrameMoments {
  readonly mean: Float64Array;
  /** Σ (x − mean)(x − mean)ᵀ, row-major [channels, channels]. */
  readonly scatter: Float64Array;
  frames = 0;

  constructor(readonly channels: number) {
    this.mean = new Float64Array(channels);
    this.scatter = new Float64Array(channels * channels);
  }

  /**
   * Adds frames [frames, channels], one by one (Welford 1962), so that far-off means lose no digits.
   * A frame with a gap (NaN) in any channel is left out.
   * @throws LearnError where the numbers are no multiple of the channels
   */
  add(values: ArrayLike<number>): void {
    const p = this.channels;
    if (values.length % p !== 0) {
      throw new LearnError(`${values.length} numbers are no multiple of ${p} channels.`, { where: 'frames' });
    }
    const off = new Float64Array(p);
    for (let at = 0; at < values.length; at += p) {
      let isWhole = true;
      for (let c = 0; c < p; c++) isWhole &&= Number.isFinite(values[at + c]);
      if (!isWhole) continue;
      this.frames++;
      for (let c = 0; c < p; c++) off[c] = values[at + c] - this.mean[c];
      const share = (this.frames - 1) / this.frames;
      for (let i = 0; i < p; i++) {
        this.mean[i] += off[i] / this.frames;
        for (let j = 0; j < p; j++) this.scatter[i * p + j] += share * off[i] * off[j];
      }
    }
  }

  /** Row-major [channels, channels], divisor n. @throws LearnError where there are no frames */
  calcCovariance(): Float64Array {
    if (this.frames === 0) {
      throw new LearnError('none is free of gaps.', { where: 'frames', mend: 'Give a recording of all channels.' });
    }
    return this.scatter.map((sum) => sum / this.frames);
  }

  /** Deviation of each channel. */
  calcDeviation(): Float64Array {
    const covariance = this.calcCovariance();
    return this.mean.map((_, c) => Math.sqrt(covariance[c * this.channels + c]));
  }
}
