import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Store } from './environment.js';

/**
 * A hash of plain data: the same content gives the same hash, typed arrays by their bytes.
 * Object keys are taken in sorted order; undefined fields do not count.
 */
export function hashValue(value: unknown): string {
  const hash = sha256.create();
  const text = new TextEncoder();
  const add = (part: unknown): void => {
    if (ArrayBuffer.isView(part)) {
      hash.update(text.encode(`${part.constructor.name}${part.byteLength}:`));
      hash.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
    } else if (Array.isArray(part)) {
      hash.update(text.encode(`[${part.length}:`));
      for (const item of part) add(item);
    } else if (part instanceof Map) add([...part]);
    else if (typeof part === 'object' && part !== null) {
      const entries = Object.entries(part).filter(([, item]) => item !== undefined);
      hash.update(text.encode(`{${entries.length}:`));
      for (const [key, item] of entries.sort(([a], [b]) => (a < b ? -1 : 1))) {
        hash.update(text.encode(`${key.length}:${key}`));
        add(item);
      }
    } else hash.update(text.encode(`${typeof part} ${String(part)};`));
  };
  add(value);
  return bytesToHex(hash.digest());
}

/** JSON that keeps typed arrays and numbers as they are, for finished tasks. */
export function encodeResult(value: unknown): Uint8Array {
  const json = JSON.stringify(value, (_, part) => {
    if (ArrayBuffer.isView(part) && !(part instanceof DataView)) {
      return {
        $array: part.constructor.name,
        base64: toBase64(new Uint8Array(part.buffer, part.byteOffset, part.byteLength)),
      };
    }
    if (typeof part === 'number' && !Number.isFinite(part)) return { $number: String(part) };
    return part;
  });
  return new TextEncoder().encode(json);
}

const arrays = { Float64Array, Float32Array, Int32Array, Uint8Array } as const;

/** The inverse of `encodeResult`. */
export function decodeResult<T>(bytes: Uint8Array): T {
  return JSON.parse(new TextDecoder().decode(bytes), (_, part) => {
    if (typeof part?.$number === 'string') return Number(part.$number);
    if (typeof part?.$array !== 'string') return part;
    const raw = Uint8Array.from(atob(part.base64), (c) => c.charCodeAt(0));
    return new arrays[part.$array as keyof typeof arrays](raw.buffer);
  }) as T;
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text);
}

/** Does each piece of work once: what a store holds under its hash is not done again, and equal work under way is shared. */
export class Tasks {
  private readonly underWay = new Map<string, Promise<unknown>>();
  /** Pieces of work done, and found done. */
  done = 0;
  found = 0;

  constructor(
    private readonly store: Store,
    private readonly code_key: string,
  ) {}

  /** The result of `work`, from the store where its inputs have not changed. @param work is told the key of its result */
  run<T>(kind: string, inputs: unknown, work: (key: string) => Promise<T>): Promise<T> {
    const key = `${kind}-${hashValue([this.code_key, inputs]).slice(0, 32)}.json`;
    const running = this.underWay.get(key);
    if (running) return running as Promise<T>;
    const promise = (async () => {
      const known = this.store.get(key);
      if (known) {
        // A result that cannot be read back (a disk error, an older form) is worked out again.
        try {
          const result = decodeResult<T>(known);
          this.found++;
          return result;
        } catch {}
      }
      const result = await work(key);
      this.store.put(key, encodeResult(result));
      this.done++;
      return result;
    })();
    this.underWay.set(key, promise);
    return promise;
  }
}
