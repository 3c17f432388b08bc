import { LearnError } from '../errors.js';
import { ProtobufMessage, readText } from './message.js';
import { attributeTypes, elementTypes, type OnnxAttribute } from './model.js';

/** A node of a file. Nodes of ONNX's own operators have the empty domain. */
export interface OnnxFileNode {
  readonly type: string;
  readonly domain: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Whole numbers beyond 2^53 are rounded. Tensors, graphs and types are not read: only their kind is told. */
  readonly attributes: Readonly<Record<string, OnnxAttribute | { readonly unread: number }>>;
}

export interface OnnxFileValue {
  readonly name: string;
  /** ONNX's number of the element type; 0 where the value is no tensor. */
  readonly elementType: number;
  /** A text is a named size, the empty text an unknown one; undefined where even the rank is open. */
  readonly shape: readonly (number | string)[] | undefined;
}

export interface OnnxFileTensor {
  readonly name: string;
  readonly elementType: number;
  readonly shape: readonly number[];
  /** Undefined where the elements are of another type than these or lie in another file. */
  readonly data: Float32Array | Float64Array | BigInt64Array | Int32Array | undefined;
}

/** What genu reads of an `.onnx` file. */
export interface OnnxFile {
  readonly irVersion: number;
  readonly producer: string;
  /** Operator set versions by domain; ONNX's own operators have the empty domain. */
  readonly operatorSets: ReadonlyMap<string, number>;
  readonly nodes: readonly OnnxFileNode[];
  readonly inputs: readonly OnnxFileValue[];
  readonly outputs: readonly OnnxFileValue[];
  readonly initialisers: readonly OnnxFileTensor[];
  readonly metadata: Readonly<Record<string, string>>;
  /** The bytes of all that is in the graph, for its checksum. */
  readonly graph: Uint8Array;
}

/** The newest file version whose layout genu knows (ONNX 1.23). */
const NEWEST_IR_VERSION = 14;
const EXTERNAL = 1;
const MEND = 'The file is damaged or not an ONNX file: copy it again, or export it again.';

/**
 * Reads an `.onnx` file of any tool. Field numbers: onnx.proto of ONNX 1.23. Memory and time grow with the length of the
 * file only, whatever sizes it claims.
 * @throws LearnError that names the part of the file where the bytes are damaged, or a version newer than genu knows
 */
export function readOnnx(bytes: Uint8Array): OnnxFile {
  return within('ONNX file', () => {
    const file = new ProtobufMessage(bytes);
    const irVersion = file.integer(1);
    if (irVersion === undefined || irVersion < 1) throw new RangeError('There is no file version (ir_version).');
    if (irVersion > NEWEST_IR_VERSION) {
      throw new LearnError(`has file version (ir_version) ${irVersion}; genu knows those up to ${NEWEST_IR_VERSION}.`, {
        where: 'ONNX file',
        mend: 'Export it for an older version of ONNX.',
      });
    }
    const graph = within('ONNX file, graph', () => file.message(7));
    if (!graph) throw new RangeError('There is no graph.');
    const list = <T>(field: number, part: string, read: (message: ProtobufMessage) => T): T[] =>
      within(`ONNX file, ${part}s`, () => graph.payloads(field)).map((payload, position) =>
        within(`ONNX file, ${part} ${position}`, () => read(new ProtobufMessage(payload))),
      );
    return {
      irVersion,
      producer: file.text(2),
      operatorSets: within('ONNX file, operator sets', () => readOperatorSets(file)),
      nodes: list(1, 'node', readNode),
      initialisers: list(5, 'initialiser', readTensor),
      inputs: list(11, 'input', readValue),
      outputs: list(12, 'output', readValue),
      graph: file.payloads(7)[0],
      metadata: within('ONNX file, metadata', () =>
        Object.fromEntries(file.messages(14).map((pair) => [pair.text(1), pair.text(2)])),
      ),
    };
  });
}

/** Runs a reader, and says of damaged bytes in which part of the file they are. */
function within<T>(part: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new LearnError(error.message, { where: part, mend: MEND });
  }
}

const readDomain = (message: ProtobufMessage, field: number): string => {
  const domain = message.text(field);
  return domain === 'ai.onnx' ? '' : domain;
};

function readOperatorSets(file: ProtobufMessage): Map<string, number> {
  return new Map(file.messages(8).map((set) => [readDomain(set, 1), set.integer(2) ?? 0]));
}

function readNode(node: ProtobufMessage): OnnxFileNode {
  return {
    type: node.text(4),
    domain: readDomain(node, 7),
    name: node.text(3),
    inputs: node.texts(1),
    outputs: node.texts(2),
    attributes: Object.fromEntries(
      node.messages(5).map((attribute) => [attribute.text(1), readAttribute(attribute)] as const),
    ),
  };
}

function readAttribute(attribute: ProtobufMessage): OnnxAttribute | { unread: number } {
  const type = attribute.integer(20) ?? 0;
  switch (type) {
    case attributeTypes.float:
      return { float: attribute.floats(2).at(-1) ?? 0 };
    case attributeTypes.int:
      return attribute.integer(3) ?? 0;
    case attributeTypes.string:
      return readText(attribute.payloads(4).at(-1) ?? new Uint8Array());
    case attributeTypes.floats:
      return { floats: [...attribute.floats(7)] };
    case attributeTypes.ints:
      return attribute.integers(8).map(Number);
    case attributeTypes.strings:
      return { strings: attribute.texts(9) };
    default:
      return { unread: type };
  }
}

function readValue(value: ProtobufMessage): OnnxFileValue {
  const tensor = value.message(2)?.message(1);
  const dimensions = tensor?.message(2)?.messages(1);
  return {
    name: value.text(1),
    elementType: tensor?.integer(1) ?? 0,
    shape: dimensions?.map((size) => (size.has(1) ? readSize(size.integers(1).at(-1)!) : size.text(2))),
  };
}

function readSize(size: bigint): number {
  if (size < 0n || size > BigInt(Number.MAX_SAFE_INTEGER)) throw new RangeError(`A size of ${size} is not possible.`);
  return Number(size);
}

function readTensor(tensor: ProtobufMessage): OnnxFileTensor {
  const name = tensor.text(8);
  const elementType = tensor.integer(2) ?? 0;
  const shape = tensor.integers(1).map(readSize);
  const data = tensor.integer(14) === EXTERNAL ? undefined : readElements(tensor, elementType);
  const wanted = shape.reduce((product, size) => product * size, 1);
  if (data && data.length !== wanted) {
    throw new RangeError(
      `${name || 'It'} has ${data.length} numbers; its shape [${shape.join(', ')}] wants ${wanted}.`,
    );
  }
  return { name, elementType, shape, data };
}

/** The numbers of a tensor, from the raw bytes (little-endian, as every host of JavaScript) or the list of its type. */
function readElements(tensor: ProtobufMessage, elementType: number): OnnxFileTensor['data'] {
  const raw = tensor.payloads(9).at(-1);
  switch (elementType) {
    case elementTypes.float32:
      return raw ? new Float32Array(copy(raw, 4)) : tensor.floats(4);
    case elementTypes.float64:
      return raw ? new Float64Array(copy(raw, 8)) : tensor.doubles(10);
    case elementTypes.int64:
      return raw ? new BigInt64Array(copy(raw, 8)) : BigInt64Array.from(tensor.integers(7));
    case elementTypes.int32:
      return raw ? new Int32Array(copy(raw, 4)) : Int32Array.from(tensor.integers(5), Number);
    default:
      return undefined;
  }
}

/** `slice` would do, were it not for Node's Buffer, whose slices are views. */
function copy(raw: Uint8Array, size: number): ArrayBuffer {
  if (raw.length % size !== 0) throw new RangeError('The raw numbers end inside a number.');
  return new Uint8Array(raw).buffer;
}
