import { LearnError } from '../errors.js';

/**
 * What an exported network says of itself beside its layers, as text pairs of the file (`metadata_props`), so that any
 * program that runs the file knows what goes in and comes out:
 *
 * | key              | value                                                                                     |
 * |------------------|-------------------------------------------------------------------------------------------|
 * | `genu.network`   | JSON: the configuration; written by `writeForwardOnnx` itself                             |
 * | `genu.inputs`    | JSON: `[{ "name", "unit" }]` of each input channel, in the order of the features          |
 * | `genu.outputs`   | JSON: `[{ "name", "unit" }]` of each output                                               |
 * | `genu.positive`  | the direction in which the outputs count as positive, e.g. `extension`                    |
 * | `genu.rate_Hz`   | frames per second that the inputs must have                                               |
 * | `genu.window_s`  | length of a window: its frames divided by the rate                                        |
 * | `genu.crc32c`    | checksum of the graph and of the entries above; written by `writeOnnx` itself              |
 */
export interface NetworkDescription {
  readonly inputs: readonly DescribedChannel[];
  readonly outputs: readonly DescribedChannel[];
  readonly positive: string;
  readonly rate_Hz: number;
  readonly window_s: number;
}

/** A channel and its unit, in the notation of the recordings: `V`, `rad`, `N.m/kg`, `1` for a bare number. */
export interface DescribedChannel {
  readonly name: string;
  readonly unit: string;
}

/** What the network itself fixes of its description. */
interface Sizes {
  readonly inputs: readonly string[];
  readonly outputs: number;
  readonly window: number;
}

const KEYS = ['genu.inputs', 'genu.outputs', 'genu.positive', 'genu.rate_Hz', 'genu.window_s'] as const;
const MEND = 'Export the network again with genu.';

/** @throws LearnError where the description does not fit the network */
export function writeDescription(description: NetworkDescription, network: Sizes): Record<string, string> {
  checkDescription(description, network);
  const { inputs, outputs, positive, rate_Hz, window_s } = description;
  const list = (channels: readonly DescribedChannel[]) =>
    JSON.stringify(channels.map(({ name, unit }) => ({ name, unit })));
  return {
    'genu.inputs': list(inputs),
    'genu.outputs': list(outputs),
    'genu.positive': positive,
    'genu.rate_Hz': String(rate_Hz),
    'genu.window_s': String(window_s),
  };
}

/**
 * The description kept in a file's metadata; undefined where the file has none of its entries.
 * @throws LearnError that names the entry which is missing, cannot be read or does not fit the network
 */
export function readDescription(
  metadata: Readonly<Record<string, string>>,
  network: Sizes,
): NetworkDescription | undefined {
  const missing = KEYS.filter((key) => metadata[key] === undefined);
  if (missing.length === KEYS.length) return undefined;
  if (missing.length > 0) refuse(missing[0], 'is missing, though others are there.');
  const description = {
    inputs: readChannels(metadata, 'genu.inputs'),
    outputs: readChannels(metadata, 'genu.outputs'),
    positive: metadata['genu.positive'],
    rate_Hz: Number(metadata['genu.rate_Hz']),
    window_s: Number(metadata['genu.window_s']),
  };
  checkDescription(description, network);
  return description;
}

function readChannels(metadata: Readonly<Record<string, string>>, key: string): DescribedChannel[] {
  let list: unknown;
  try {
    list = JSON.parse(metadata[key]);
  } catch {
    refuse(key, 'is no JSON.');
  }
  const isChannel = (channel: unknown): channel is DescribedChannel => {
    const { name, unit } = (channel ?? {}) as Partial<DescribedChannel>;
    return typeof name === 'string' && typeof unit === 'string';
  };
  if (!Array.isArray(list) || !list.every(isChannel)) refuse(key, 'is no list of names with units.');
  return list.map(({ name, unit }) => ({ name, unit }));
}

function checkDescription(description: NetworkDescription, network: Sizes): void {
  const { inputs, outputs, positive, rate_Hz, window_s } = description;
  for (const [key, channels] of [
    ['genu.inputs', inputs],
    ['genu.outputs', outputs],
  ] as const) {
    const bare = channels.find(({ name, unit }) => name === '' || unit === '');
    if (bare) refuse(key, `has no name or no unit for ${JSON.stringify(bare)}; a bare number has unit 1.`);
  }
  const names = inputs.map(({ name }) => name);
  const stray = names.findIndex((name, k) => name !== network.inputs[k]);
  if (names.length !== network.inputs.length || stray >= 0) {
    refuse('genu.inputs', `is ${JSON.stringify(names)}; the network's inputs are ${JSON.stringify(network.inputs)}.`);
  }
  if (outputs.length !== network.outputs) {
    refuse('genu.outputs', `names ${outputs.length} outputs; the network has ${network.outputs}.`);
  }
  if (positive === '') refuse('genu.positive', 'names no direction.');
  if (!(rate_Hz > 0 && Number.isFinite(rate_Hz))) refuse('genu.rate_Hz', `must be above 0, is ${rate_Hz}.`);
  if (!(Math.abs(window_s * rate_Hz - network.window) < 0.01)) {
    refuse(
      'genu.window_s',
      `is ${window_s}; ${network.window} frames at ${rate_Hz} Hz are ${network.window / rate_Hz}.`,
    );
  }
}

function refuse(key: string, what: string): never {
  throw new LearnError(what, { where: `network file, entry ${key}`, mend: MEND });
}
