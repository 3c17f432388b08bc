import { LearnError } from '../errors.js';
import { Graph } from '../graph/graph.js';
import { type NetworkWeights, Scope } from '../layers/scope.js';
import { type NetworkScaling, writeForwardOnnx } from '../networks/forward.js';
import { countPredictions, type NetworkConfig } from '../networks/network.js';
import { buildNetwork, makeNetwork } from '../networks/registry.js';
import { CHECKSUM, findChecksum } from './checksum.js';
import { OPERATOR_SET } from './model.js';
import { type OnnxFile, readOnnx } from './read.js';

export interface ImportedNetwork {
  readonly config: NetworkConfig;
  /** Weights and statistics by name. */
  readonly weights: NetworkWeights;
  readonly scaling: NetworkScaling;
  /** All text pairs of the file. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** No size of a network comes near; it keeps what a hostile configuration can ask for within bounds. */
const LARGEST_SIZE = 2 ** 20;
const FILE = 'network file';
const EXPORT_AGAIN = 'Export the network again with genu.';

/**
 * Reads a network that `writeForwardOnnx` wrote back into its parts; writing these again gives the same bytes.
 * @throws LearnError where the file is damaged, no ONNX file, of a newer version, of another tool, or was changed after
 * genu wrote it; the message names the part
 */
export function importNetworkOnnx(bytes: Uint8Array): ImportedNetwork {
  const file = readOnnx(bytes);
  const text = file.metadata['genu.network'];
  if (text === undefined) {
    const producer = file.producer || 'another tool';
    throw new LearnError(`has no entry genu.network among its metadata (it was made by ${producer}).`, {
      where: FILE,
      mend: 'Only networks that genu exported can be imported: their layers are rebuilt from that entry. Train one with genu, or run this file with ONNX Runtime.',
    });
  }
  checkOperators(file);
  const config = follow(() => readConfig(text));
  const weights = follow(() => findWeights(file, config));
  const network = { config, weights, scaling: findScaling(file, config) };
  if (file.metadata[CHECKSUM] !== findChecksum(file.graph, file.metadata)) refuseChanged(file, network);
  return { ...network, metadata: file.metadata };
}

/** Refuses operators of other tools, and versions of ONNX's own that genu does not know. */
function checkOperators({ operatorSets, nodes }: OnnxFile): void {
  const version = operatorSets.get('') ?? 0;
  if (version > OPERATOR_SET) {
    throw new LearnError(`uses operator set ${version}; this version of genu writes and reads ${OPERATOR_SET}.`, {
      where: FILE,
      mend: 'Use the version of genu that wrote it, or a newer one.',
    });
  }
  const position = nodes.findIndex(({ domain }) => domain !== '');
  if (position >= 0) refuseOperator(nodes[position], position);
}

function refuseOperator({ type, domain }: OnnxFile['nodes'][number], position: number): never {
  const place = domain === '' ? '' : ` of domain ${domain}`;
  throw new LearnError(`operator ${type}${place}, node ${position}, is none that genu writes for this network.`, {
    where: FILE,
    mend: `Another tool has changed the file. ${EXPORT_AGAIN}`,
  });
}

const CONFIG_PLACE = { where: `${FILE}, entry genu.network`, mend: EXPORT_AGAIN };

/** Follows a configuration of a file, which may be JSON of another form than a configuration's, or no JSON. */
function follow<T>(build: () => T): T {
  try {
    return build();
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError || error instanceof RangeError)) throw error;
    throw new LearnError(`does not describe a network: ${error.message}.`, CONFIG_PLACE);
  }
}

function readConfig(text: string): NetworkConfig {
  const given = JSON.parse(text, (key, value) => {
    if (typeof value !== 'number' || Math.abs(value) <= LARGEST_SIZE) return value;
    throw new LearnError(`${key} is ${value}, more than ${LARGEST_SIZE}.`, CONFIG_PLACE);
  });
  const { inputs } = given;
  if (!Array.isArray(inputs) || !inputs.every((name) => typeof name === 'string')) {
    throw new LearnError('inputs must be a list of names.', CONFIG_PLACE);
  }
  return makeNetwork(given);
}

/** The weights that the network's layers ask for: the file decides how far a configuration is followed. */
function findWeights(file: OnnxFile, config: NetworkConfig): NetworkWeights {
  const found = new Map<string, Float32Array>();
  const tensors = nameTensors(file);
  const graph = new Graph();
  const scope = new Scope(graph, {
    training: false,
    find: ({ name, shape }) => {
      found.set(name, takeNumbers(tensors, `weight ${name}`, name, shape));
      return graph.input(name, shape);
    },
  });
  buildNetwork(scope, graph.input('features', [config.window, 'batch', config.inputs.length]), config);
  return Object.fromEntries(found);
}

function findScaling(file: OnnxFile, config: NetworkConfig): NetworkScaling {
  const tensors = nameTensors(file);
  const predictions = countPredictions(config);
  const take = (name: string, size: number) => takeNumbers(tensors, name, name, [size]);
  const both = (part: string, size: number) => ({
    mean: take(`scaling.${part}.mean`, size),
    deviation: take(`scaling.${part}.deviation`, size),
  });
  const outputs = both('outputs', predictions);
  // The quantiles of an output share its scaling.
  const first = (values: Float32Array) => values.filter((_, k) => k % (predictions / config.outputs) === 0);
  return {
    inputs: both('inputs', config.inputs.length),
    outputs: { mean: first(outputs.mean), deviation: first(outputs.deviation) },
  };
}

type Tensors = ReadonlyMap<string, OnnxFile['initialisers'][number]>;

const nameTensors = (file: OnnxFile): Tensors => new Map(file.initialisers.map((tensor) => [tensor.name, tensor]));

function takeNumbers(tensors: Tensors, where: string, name: string, shape: readonly number[]): Float32Array {
  const place = {
    where: `${FILE}, ${where}`,
    mend: `It was changed, or is of a version of genu that kept no names. ${EXPORT_AGAIN}`,
  };
  const tensor = tensors.get(name);
  if (!tensor) throw new LearnError('is missing.', place);
  if (tensor.shape.join() !== shape.join()) {
    throw new LearnError(`has shape [${tensor.shape.join(', ')}]; the network wants [${shape.join(', ')}].`, place);
  }
  if (!(tensor.data instanceof Float32Array)) {
    throw new LearnError(`is not in single precision inside the file (element type ${tensor.elementType}).`, place);
  }
  const position = tensor.data.findIndex((value) => !Number.isFinite(value));
  if (position >= 0) throw new LearnError(`has ${tensor.data[position]} as number ${position}.`, place);
  return tensor.data;
}

/** The checksum is not the file's: says what was changed, where that can be told. */
function refuseChanged(file: OnnxFile, { config, weights, scaling }: Omit<ImportedNetwork, 'metadata'>): never {
  const written = readOnnx(writeForwardOnnx(config, weights, scaling));
  const known = new Set(written.nodes.map(({ type }) => type));
  const position = file.nodes.findIndex(({ type }) => !known.has(type));
  if (position >= 0) refuseOperator(file.nodes[position], position);
  throw new LearnError('does not fit its checksum: it is damaged, or was changed after genu wrote it.', {
    where: FILE,
    mend: `Copy it again from where it is whole. ${EXPORT_AGAIN}`,
  });
}
