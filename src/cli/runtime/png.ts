import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Rasterise } from '../../study/index.js';

/** Pixels per px of a figure: 1600 for the width of a page, 240 dots per inch in a column of 17 cm. */
const zoom = 2;

/** Narrow enough for the widths that figures reckon with, and with every sign they use. */
const face = 'DejaVu Sans Condensed';
const fontFiles = ['DejaVuSansCondensed.ttf', 'DejaVuSansCondensed-Bold.ttf'];

/**
 * What turns figures into PNG images: resvg (WebAssembly) with fonts of its own, so that they look alike on any machine.
 * Undefined where the optional packages are not installed.
 */
export async function findRasterise(): Promise<Rasterise | undefined> {
  const require = createRequire(import.meta.url);
  try {
    const { initWasm, Resvg } = await import('@resvg/resvg-wasm');
    const fontBuffers = fontFiles.map((file) => readFileSync(require.resolve(`dejavu-fonts-ttf/ttf/${file}`)));
    await start(() => initWasm(readFileSync(require.resolve('@resvg/resvg-wasm/index_bg.wasm'))));
    return (svg) => {
      const image = new Resvg(svg, {
        background: '#ffffff',
        fitTo: { mode: 'zoom', value: zoom },
        font: { fontBuffers, defaultFontFamily: face, sansSerifFamily: face },
      });
      const rendered = image.render();
      const png = rendered.asPng();
      rendered.free();
      image.free();
      return png;
    };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** One sentence for where there are no PNG images. */
export const noPng =
  'no PNG images of the figures: the optional packages @resvg/resvg-wasm and dejavu-fonts-ttf are not installed; the SVG files are complete.';

let started: Promise<void> | undefined;

/** WebAssembly can be started only once in a process. */
function start(init: () => Promise<void>): Promise<void> {
  started ??= init();
  return started;
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND' || code === 'ENOENT';
}
