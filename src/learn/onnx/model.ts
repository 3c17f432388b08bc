import { CHECKSUM, findChecksum } from './checksum.js';
import { ProtobufMessage } from './message.js';
import { ProtobufWriter, readFields } from './protobuf.js';

/** Real number type of a model. Models in double precision exist for proofs of gradients; training runs in single. */
export type RealType = 'float32' | 'float64';

/** Whole numbers are INT, lists of them INTS, text is STRING; the others say what they are. */
export type OnnxAttribute =
  | number
  | string
  | readonly number[]
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly strings: readonly string[] };

export interface OnnxNode {
  readonly type: string;
  /** Value names; an empty name leaves an optional input out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

export interface OnnxValue {
  readonly name: string;
  /** A text is a named size that is known only when the model runs. */
  readonly shape: readonly (number | string)[];
}

export interface OnnxInitialiser {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | BigInt64Array;
}

export interface OnnxModel {
  readonly nodes: readonly OnnxNode[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly initialisers: readonly OnnxInitialiser[];
  readonly realType: RealType;
  readonly metadata: Readonly<Record<string, string>>;
}

// Field and type numbers: onnx.proto3 of ONNX 1.16 (intermediate representation 8, operator set 17).
const IR_VERSION = 8;
/** The version of ONNX's own operators that genu writes. */
export const OPERATOR_SET = 17;
/** `TensorProto.DataType` */
export const elementTypes = { float32: 1, int32: 6, int64: 7, float64: 11 } as const;
/** `AttributeProto.AttributeType` */
export const attributeTypes = { float: 1, int: 2, string: 3, floats: 6, ints: 7, strings: 8 } as const;
const METADATA = 14;

/** ONNX's number for a model's real type, as the `Cast` operator's `to` wants it. */
export const elementType = (type: RealType): number => elementTypes[type];

/** Writes a model as the bytes of an `.onnx` file, with a checksum among its metadata. */
export function writeOnnx(model: OnnxModel): Uint8Array {
  const graph = new ProtobufWriter();
  for (const node of model.nodes) graph.message(1, writeNode(node));
  graph.text(2, 'genu');
  for (const initialiser of model.initialisers) graph.message(5, writeTensor(initialiser));
  for (const input of model.inputs) graph.message(11, writeValue(input, model.realType));
  for (const output of model.outputs) graph.message(12, writeValue(output, model.realType));
  const file = new ProtobufWriter()
    .integer(1, IR_VERSION)
    .text(2, 'genu')
    .message(7, graph)
    .message(8, new ProtobufWriter().text(1, '').integer(2, OPERATOR_SET));
  const { [CHECKSUM]: _, ...metadata } = model.metadata;
  const pairs = { ...metadata, [CHECKSUM]: findChecksum(graph.finish(), metadata) };
  for (const [key, value] of Object.entries(pairs)) {
    file.message(METADATA, new ProtobufWriter().text(1, key).text(2, value));
  }
  return file.finish().slice();
}

/**
 * Reads the text pairs (`metadata_props`) out of the bytes of an `.onnx` file, and looks at nothing else.
 * @throws RangeError where the bytes are damaged
 */
export function readOnnxMetadata(onnx: Uint8Array): Record<string, string> {
  const pairs: [string, string][] = [];
  for (const { field, bytes } of readFields(onnx)) {
    if (field !== METADATA || !bytes) continue;
    const pair = new ProtobufMessage(bytes);
    pairs.push([pair.text(1), pair.text(2)]);
  }
  return Object.fromEntries(pairs);
}

function writeNode(node: OnnxNode): ProtobufWriter {
  const message = new ProtobufWriter();
  for (const input of node.inputs) message.text(1, input);
  for (const output of node.outputs) message.text(2, output);
  message.text(4, node.type);
  for (const [name, value] of Object.entries(node.attributes)) {
    message.message(5, writeAttribute(name, value));
  }
  return message;
}

function writeAttribute(name: string, value: OnnxAttribute): ProtobufWriter {
  const { float, int, string, floats, ints, strings } = attributeTypes;
  const attribute = new ProtobufWriter().text(1, name);
  if (typeof value === 'number') return attribute.integer(3, value).integer(20, int);
  if (typeof value === 'string') return attribute.text(4, value).integer(20, string);
  if ('float' in value) return attribute.float(2, value.float).integer(20, float);
  if ('floats' in value) {
    for (const item of value.floats) attribute.float(7, item);
    return attribute.integer(20, floats);
  }
  if ('strings' in value) {
    for (const item of value.strings) attribute.text(9, item);
    return attribute.integer(20, strings);
  }
  for (const item of value) attribute.integer(8, item);
  return attribute.integer(20, ints);
}

function writeTensor({ name, shape, data }: OnnxInitialiser): ProtobufWriter {
  const message = new ProtobufWriter();
  for (const size of shape) message.integer(1, size);
  message.integer(2, findElementType(data));
  message.text(8, name);
  return message.bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function findElementType(data: OnnxInitialiser['data']): number {
  if (data instanceof Float32Array) return elementTypes.float32;
  return data instanceof Float64Array ? elementTypes.float64 : elementTypes.int64;
}

function writeValue({ name, shape }: OnnxValue, realType: RealType): ProtobufWriter {
  const dimensions = new ProtobufWriter();
  for (const size of shape) {
    dimensions.message(
      1,
      typeof size === 'number' ? new ProtobufWriter().integer(1, size) : new ProtobufWriter().text(2, size),
    );
  }
  const tensor = new ProtobufWriter().integer(1, elementType(realType)).message(2, dimensions);
  return new ProtobufWriter().text(1, name).message(2, new ProtobufWriter().message(1, tensor));
}
