/** Anchors of a scale from pale to dark that grows evenly darker, so that it reads in grey and with any colour vision: `YlGnBu` of Harrower & Brewer 2003, doi 10.1179/000870403235002042. */
const anchors = ['#ffffd9', '#edf8b1', '#c7e9b4', '#7fcdbb', '#41b6c4', '#1d91c0', '#225ea8', '#253494', '#081d58'];

/** The colour at `share` (0 pale, 1 dark; held to that), and black or white for the text on it. */
export function pickShade(share: number): { readonly fill: string; readonly text: string } {
  const place = Math.min(1, Math.max(0, share)) * (anchors.length - 1);
  const below = Math.min(anchors.length - 2, Math.floor(place));
  const mixed = [1, 3, 5].map((at) => {
    const [from, to] = [anchors[below], anchors[below + 1]].map((colour) =>
      Number.parseInt(colour.slice(at, at + 2), 16),
    );
    return Math.round(from + (place - below) * (to - from));
  });
  const fill = `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
  return { fill, text: calcContrast(mixed, 0) >= calcContrast(mixed, 1) ? '#000000' : '#ffffff' };
}

/** Contrast ratio with grey of that luminance (WCAG 2.1). */
function calcContrast(rgb: readonly number[], luminance: number): number {
  const linear = rgb.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const own = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  return (Math.max(own, luminance) + 0.05) / (Math.min(own, luminance) + 0.05);
}
