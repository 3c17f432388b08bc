import { afterEach, describe, expect, it, vi } from 'vitest';
import { hasFusedKernels } from '../../learn/index.js';
import { chooseKernels, makeExecutor } from './executors.js';

afterEach(() => vi.unstubAllEnvs());

describe('GENU_WASM', () => {
  it('chooses the kernels, under names that a cache keeps apart', async () => {
    vi.stubEnv('GENU_WASM', 'plain');
    expect((await makeExecutor('wasm')).name).toBe('wasm');
    vi.stubEnv('GENU_WASM', '');
    const own = await makeExecutor('wasm');
    // Every Node that genu supports has them; some behind a flag that is set on the way.
    expect(hasFusedKernels()).toBe(true);
    expect(own.name).toBe('wasm-fused');
    expect(own.description).toContain('fused');
  });

  it('refuses a name that is none', () => {
    vi.stubEnv('GENU_WASM', 'quick');
    expect(chooseKernels).toThrow(/GENU_WASM.*there are no kernels "quick"[\s\S]*plain and fused/);
  });
});
