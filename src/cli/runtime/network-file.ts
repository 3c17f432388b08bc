import { GenuError } from '../../data/index.js';
import {
  findNetwork,
  importNetworkOnnx,
  isCausal,
  LearnError,
  type NetworkConfig,
  readDescription,
  readOnnx,
} from '../../learn/index.js';

/**
 * What an `.onnx` file says of the network in it.
 * @throws GenuError where it is damaged, or was not written by genu: then with the operators and inputs it has
 */
export function describeNetworkFile(bytes: Uint8Array, file: string) {
  const { config, weights, metadata } = readNetwork(bytes, file);
  const description = readDescription(metadata, config);
  const show = (channels: readonly { name: string; unit: string }[]) =>
    channels.map(({ name, unit }) => `${name} (${unit})`);
  const { title, references } = findNetwork(config.kind);
  const streaming = metadata['genu.streaming'] !== undefined;
  return {
    facts: {
      network: `${title} (${config.kind})`,
      references,
      head: config.head,
      frame_by_frame: streaming ? 'yes: its states are carried by the host' : sayRealTime(config),
      features: streaming
        ? `[1, ${config.inputs.length}]: one frame, ${config.inputs.length} channels`
        : `[batch, ${config.window}, ${config.inputs.length}]: ${config.window} frames, ${config.inputs.length} channels`,
      inputs: description ? show(description.inputs) : config.inputs,
      outputs: description ? show(description.outputs) : config.outputs,
      ...(description && {
        positive: description.positive,
        rate_Hz: description.rate_Hz,
        window_s: description.window_s,
      }),
      weights: Object.values(weights).reduce((sum, values) => sum + values.length, 0),
      ...(config.quantiles.length > 0 && { quantiles: config.quantiles }),
    },
    notes: description ? [] : ['The file names no units: it was exported by an older version of genu.'],
    warnings: [],
  };
}

function sayRealTime(config: NetworkConfig): string {
  if (!isCausal(config)) return 'no: it looks ahead within its window';
  return config.head === 'sequence' ? 'possible: genu export --streaming' : 'no: its head speaks of whole windows';
}

function readNetwork(bytes: Uint8Array, file: string) {
  try {
    return importNetworkOnnx(bytes);
  } catch (error) {
    if (!(error instanceof LearnError)) throw error;
    throw new GenuError(`${error.message}${sayForeign(bytes)}`, { where: file });
  }
}

/** What can be told of a network that is none of genu's; nothing of a damaged file. */
function sayForeign(bytes: Uint8Array): string {
  try {
    const { metadata, nodes, inputs, outputs } = readOnnx(bytes);
    if (metadata['genu.network'] !== undefined) return '';
    const counts = new Map<string, number>();
    for (const { type, domain } of nodes) {
      const name = domain === '' ? type : `${domain}.${type}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    const operators = [...counts].map(([name, count]) => (count > 1 ? `${count} ${name}` : name));
    const values = (list: typeof inputs) =>
      list.map(({ name, shape }) => `${name} [${shape?.map((size) => size || '?').join(', ') ?? '?'}]`).join(', ');
    return ` It has the operators ${operators.join(', ')}; inputs ${values(inputs)}; outputs ${values(outputs)}.`;
  } catch {
    return '';
  }
}
