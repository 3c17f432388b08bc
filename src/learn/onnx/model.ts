import { ProtobufWriter, readFields } from './protobuf.js';

/** Real number type of a model. Models in double precision exist for proofs of gradients; training runs in single. */
export type RealType = 'float32' | 'float64';

export type OnnxAttribute = number | string | readonly number[];

export interface OnnxNode {
  readonly type: string;
  /** Value names; an empty name leaves an optional input out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Whole numbers become INT (or INTS) attributes, text becomes STRING. */
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
const OPERATOR_SET = 17;
const FLOAT = 1;
const INT64 = 7;
const DOUBLE = 11;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_STRING = 3;
const ATTRIBUTE_INTS = 7;
const METADATA = 14;

/** ONNX's number for a model's real type, as the `Cast` operator's `to` wants it. */
export const elementType = (type: RealType): number => (type === 'float32' ? FLOAT : DOUBLE);

/** Writes a model as the bytes of an `.onnx` file. */
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
  for (const [key, value] of Object.entries(model.metadata)) {
    file.message(METADATA, new ProtobufWriter().text(1, key).text(2, value));
  }
  return file.finish().slice();
}

/** Reads the text pairs (`metadata_props`) out of the bytes of an `.onnx` file. */
export function readOnnxMetadata(onnx: Uint8Array): Record<string, string> {
  const metadata: Record<string, string> = {};
  for (const { field, bytes } of readFields(onnx)) {
    if (field !== METADATA || !bytes) continue;
    const pair = [...readFields(bytes)];
    const text = (number: number) => new TextDecoder().decode(pair.find((part) => part.field === number)?.bytes);
    metadata[text(1)] = text(2);
  }
  return metadata;
}

function writeNode(node: OnnxNode): ProtobufWriter {
  const message = new ProtobufWriter();
  for (const input of node.inputs) message.text(1, input);
  for (const output of node.outputs) message.text(2, output);
  message.text(4, node.type);
  for (const [name, value] of Object.entries(node.attributes)) {
    const attribute = new ProtobufWriter().text(1, name);
    if (typeof value === 'number') attribute.integer(3, value).integer(20, ATTRIBUTE_INT);
    else if (typeof value === 'string') attribute.text(4, value).integer(20, ATTRIBUTE_STRING);
    else {
      for (const item of value) attribute.integer(8, item);
      attribute.integer(20, ATTRIBUTE_INTS);
    }
    message.message(5, attribute);
  }
  return message;
}

function writeTensor({ name, shape, data }: OnnxInitialiser): ProtobufWriter {
  const message = new ProtobufWriter();
  for (const size of shape) message.integer(1, size);
  message.integer(2, data instanceof Float32Array ? FLOAT : data instanceof Float64Array ? DOUBLE : INT64);
  message.text(8, name);
  return message.bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
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
