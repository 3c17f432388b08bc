import type { KernelName } from './plain.generated.js';
import type { Region } from './region.js';

/** A call of a kernel: regions stand for their addresses. */
export interface Call {
  readonly kernel: KernelName;
  readonly args: readonly (number | Region)[];
}

/** What the planner knows of the graph around an operator. */
export interface MemoryRules {
  /** Whether nothing but this operator's output needs what lies where `input` lies. */
  mayOverwrite(output: Region, input: Region): boolean;
  /** Whether a region may be made a part of another. */
  mayMove(region: Region): boolean;
  isConstant(region: Region): boolean;
  /** Marks room that keeps its numbers between runs. */
  keep(region: Region): void;
}

export interface GemmOptions {
  readonly bias?: Region | undefined;
  readonly accumulate?: boolean;
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

export interface TapOptions {
  readonly taps: number;
  readonly tapRows: number;
  readonly firstTap: number;
  readonly bias?: Region | undefined;
  readonly accumulate?: boolean;
}

/** A right side of products [inner, columns], in panels of `PANEL` columns. */
export interface Packed {
  readonly region: Region;
  readonly inner: number;
  readonly columns: number;
}

export type UnaryName =
  | 'negate'
  | 'absolute'
  | 'sign'
  | 'square'
  | 'squareRoot'
  | 'reciprocal'
  | 'relu'
  | 'exponential'
  | 'logarithm'
  | 'tanh'
  | 'sigmoid';

export type BinaryName =
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'maximum'
  | 'minimum'
  | 'gate'
  | 'multiplyAdd'
  | 'tanhGradient'
  | 'sigmoidGradient'
  | 'reciprocalGradient';
