import type { Kernels } from './kernels.js';
import type { PlannedCall } from './planner.js';

/**
 * Makes a list of calls one WebAssembly function, so that a run costs one call from JavaScript instead of one for each
 * kernel: for graphs of small kernels. The module imports the kernels and its one function calls them in turn with
 * their numbers; `binary` is theirs, and says what they take. Encoding: WebAssembly Core Specification 2.0, chapter 5.
 */
export async function makeDriver(
  calls: readonly PlannedCall[],
  kernels: Kernels,
  binary: Uint8Array,
): Promise<() => void> {
  const signatures = readSignatures(binary);
  const names = [...new Set(calls.map(({ kernel }) => kernel))];
  const body = calls.flatMap(({ kernel, args }) => {
    const types = signatures.get(kernel)!;
    const constants = args.flatMap((arg, k) =>
      types[k] === F32 ? [0x43, ...floatBytes(arg)] : [0x41, ...signed(Math.trunc(arg))],
    );
    return [...constants, 0x10, ...unsigned(names.indexOf(kernel))];
  });
  const list = (items: readonly (readonly number[])[]) => [...unsigned(items.length), ...items.flat()];
  const section = (id: number, content: readonly number[]) => [id, ...unsigned(content.length), ...content];
  const types = names.map((name) => [FUNCTION, ...list(signatures.get(name)!.map((type) => [type])), 0]);
  const code = [0, ...body, 0x0b];
  const module = Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list([...types, [FUNCTION, 0, 0]])),
    ...section(2, list(names.map((name, type) => [...text('k'), ...text(name), 0, ...unsigned(type)]))),
    ...section(3, list([unsigned(names.length)])),
    ...section(7, list([[...text('run'), 0, ...unsigned(names.length)]])),
    ...section(10, list([[...unsigned(code.length), ...code]])),
  ]);
  const { instance } = await WebAssembly.instantiate(module, { k: kernels });
  return instance.exports.run as () => void;
}

const FUNCTION = 0x60;
const F32 = 0x7d;

/** The types of the parameters of each exported function. */
function readSignatures(binary: Uint8Array): Map<string, readonly number[]> {
  let at = 8;
  const read = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = binary[at++];
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const take = (count: number) => {
    at += count;
    return binary.subarray(at - count, at);
  };
  const each = <T>(make: () => T): T[] => Array.from({ length: read() }, make);
  let types: number[][] = [];
  let functions: number[] = [];
  const found = new Map<string, readonly number[]>();
  while (at < binary.length) {
    const id = read();
    const end = read() + at;
    if (id === 1) {
      types = each(() => {
        at++;
        const parameters = [...take(read())];
        take(read());
        return parameters;
      });
    } else if (id === 3) functions = each(read);
    else if (id === 7) {
      for (let left = read(); left > 0; left--) {
        const name = new TextDecoder().decode(take(read()));
        const isFunction = read() === 0;
        const index = read();
        if (isFunction) found.set(name, types[functions[index]]);
      }
    }
    at = end;
  }
  return found;
}

function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (; value > 0x7f; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  return [...bytes, value];
}

function signed(value: number): number[] {
  const bytes: number[] = [];
  for (; value < -64 || value > 63; value >>= 7) bytes.push((value & 0x7f) | 0x80);
  return [...bytes, value & 0x7f];
}

const floatBytes = (value: number) => new Uint8Array(new Float32Array([value]).buffer);

const text = (value: string): number[] => {
  const bytes = [...new TextEncoder().encode(value)];
  return [...unsigned(bytes.length), ...bytes];
};
