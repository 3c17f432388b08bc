/**
 * The C3D format as data: everything a file holds, in the file's own numbers and order.
 * Format: Motion Lab Systems, *The C3D File Format: User Guide* (2008 and c3d.org), sections "Header", "Parameter" and "3D Point Data".
 */

/** Byte order and float format: Intel (little endian, IEEE), DEC (little endian, VAX F floats), MIPS (big endian, IEEE). */
export type C3dProcessor = 'intel' | 'dec' | 'mips';

/** How the samples lie in the file: 16-bit integers with scales, or 32-bit floats. */
export type C3dFormat = 'integer' | 'float';

/** An event of the header block. */
export interface C3dHeaderEvent {
  /** Up to four characters. */
  readonly label: string;
  /** Seconds after the first stored frame. */
  readonly time_s: number;
  /** The flag byte: 0 is shown, 1 is hidden. */
  readonly flag: number;
}

/** The words of the header block, as stored. */
export interface C3dHeader {
  /** 512-byte block where the parameters begin, 1-based. */
  readonly parameter_block: number;
  readonly point_count: number;
  /** Analog values per point frame: channels × samples per frame. */
  readonly analog_values_per_frame: number;
  readonly first_frame: number;
  readonly last_frame: number;
  readonly max_gap: number;
  /** Negative for floats. */
  readonly scale: number;
  /** Block where the samples begin, 1-based; 0 where a new file leaves it to the writer. */
  readonly data_block: number;
  readonly analog_samples_per_frame: number;
  readonly rate_Hz: number;
  readonly events: readonly C3dHeaderEvent[];
}

/** Values of a parameter; `char` keeps its bytes, for the format names no encoding. */
export type C3dValues =
  | { readonly type: 'char'; readonly values: Uint8Array }
  | { readonly type: 'byte'; readonly values: Uint8Array }
  | { readonly type: 'int'; readonly values: Int16Array }
  | { readonly type: 'float'; readonly values: Float32Array };

interface C3dRecordBase {
  readonly name: string;
  readonly locked: boolean;
  /** Undefined where the record ends without its description's length byte. Names and descriptions hold one character per byte. */
  readonly description: string | undefined;
  /** Bytes between the record's end and the next record, which the format does not explain. */
  readonly slack?: Uint8Array | undefined;
  /** Whether the record itself says that it is the last one (its link is 0). */
  readonly last?: boolean | undefined;
}

/** A group of parameters. */
export interface C3dGroup extends C3dRecordBase {
  readonly kind: 'group';
  /** 1 to 127. */
  readonly id: number;
}

/** One parameter; `values` has the product of `dimensions` elements, the first dimension running fastest. */
export type C3dParameter = C3dRecordBase &
  C3dValues & {
    readonly kind: 'parameter';
    /** The id of its group. */
    readonly group: number;
    /** Empty for a single value. */
    readonly dimensions: readonly number[];
  };

/** A record of the parameter section. */
export type C3dRecord = C3dGroup | C3dParameter;

/** Bytes that the format leaves undefined; kept so that writing gives back the same file. */
export interface C3dResidue {
  /** The processor whose byte order these bytes have. */
  readonly processor: C3dProcessor;
  readonly header: Uint8Array;
  /** Between header and parameters. */
  readonly before_parameters: Uint8Array;
  /** The four bytes at the head of the parameter section. */
  readonly parameter_head: Uint8Array;
  /** Between the last record and the samples. */
  readonly after_parameters: Uint8Array;
  /** Behind the last frame. */
  readonly after_samples: Uint8Array;
}

/** How the samples are laid out, found from header and parameters together. */
export interface C3dLayout {
  readonly format: C3dFormat;
  readonly point_count: number;
  readonly analog_count: number;
  /** Analog samples per point frame. */
  readonly samples_per_frame: number;
  /** Frame number of the first stored frame in its capture, 1-based. */
  readonly first_frame: number;
  readonly frame_count: number;
}

/** A whole C3D file. */
export interface C3dFile extends C3dLayout {
  readonly processor: C3dProcessor;
  readonly header: C3dHeader;
  /** Groups and parameters in file order. */
  readonly records: readonly C3dRecord[];
  /** Frame by frame, point by point: x, y, z and the fourth word (camera mask and residual), unscaled. */
  readonly points: Float32Array;
  /** Frame by frame, sample by sample, channel by channel, unscaled. */
  readonly analogs: Float32Array;
  /** What a reader had to decide, in plain sentences. */
  readonly notes: readonly string[];
  readonly residue?: C3dResidue | undefined;
}

/** Bytes in a block. */
export const BLOCK_bytes = 512;
