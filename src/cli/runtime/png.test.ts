import { expect, it } from 'vitest';
import { findRasterise, noPng } from './png.js';

const rasterise = await findRasterise();
if (rasterise === undefined) console.warn(`Not tested, for there are ${noPng}`);

const draw = (content: string) =>
  rasterise!(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 30" width="120" height="30">${content}</svg>`);

it.skipIf(rasterise === undefined)('draws a figure twice as large, the same each time, with text that is seen', () => {
  const text = '<text x="4" y="20" font-family="system-ui, sans-serif">R² −0.5 ≤ N·m</text>';
  const png = draw(text);
  expect([...png.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
  const view = new DataView(png.buffer, png.byteOffset);
  expect([view.getUint32(16), view.getUint32(20)]).toEqual([240, 60]);
  expect(draw(text)).toEqual(png);
  // Glyphs cost bytes: without a font this would be an empty white image.
  expect(png.length).toBeGreaterThan(3 * draw('').length);
});
