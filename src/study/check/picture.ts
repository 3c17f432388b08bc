import { element, textElement } from '../report/markup.js';
import type { Look } from '../report/models.js';
import { estimateWidth, writeSvg } from '../report/svg/document.js';
import { drawPanel, margin, titleSize } from '../report/svg/line-chart.js';
import { findExtent } from '../report/svg/scale.js';

/** A line of a picture. */
export interface PictureLine {
  readonly label: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly tone?: 'bad' | 'good' | 'plain' | 'pale';
}

/** What a picture of a finding shows. */
export interface Picture {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly lines: readonly PictureLine[];
  /** Horizontal lines that the signal is held against. */
  readonly rules?: readonly { readonly y: number; readonly label: string }[];
  /** Vertical ones. */
  readonly marks?: readonly { readonly x: number; readonly label: string }[];
  /** Stretches of x that the finding is about. */
  readonly strips?: readonly { readonly start: number; readonly end: number }[];
  /** Same scale along both axes, for a view from above. */
  readonly plan?: boolean;
}

const size = { width: 520, height: 190, plan: 300 };

/** Colours of Okabe and Ito (2008), Color Universal Design; dashes tell lines apart in grey. */
const looks: Readonly<Record<NonNullable<PictureLine['tone']>, Omit<Look, 'label'>>> = {
  bad: { colour: '#D55E00', width: 1.3, dash: undefined, marker: 'circle' },
  good: { colour: '#0072B2', width: 1.3, dash: '5 2', marker: 'circle' },
  plain: { colour: '#1a1a1a', width: 1.1, dash: undefined, marker: 'circle' },
  pale: { colour: '#8c8c8c', width: 1, dash: '2 2', marker: 'circle' },
};

/** Draws a small figure of the very thing that was found. @returns a whole SVG document; undefined where there is nothing to draw */
export function drawPicture(picture: Picture): string | undefined {
  const finite = (values: ArrayLike<number>) => Array.from(values, (value) => (Number.isFinite(value) ? value : null));
  const lines = picture.lines.map(({ x, y, ...line }) => ({ ...line, x: finite(x), y: finite(y) }));
  const isThere = ({ x, y }: (typeof lines)[number]) => y.some((value, i) => value !== null && x[i] !== null);
  if (!lines.some(isThere)) return undefined;
  const rules = picture.rules ?? [];
  const height = picture.plan ? size.plan : size.height;
  const domain = picture.plan
    ? makePlan(findExtent(lines.map(({ x }) => x)), findExtent(lines.map(({ y }) => y)))
    : {
        x: findExtent(lines.map(({ x }) => x)),
        y: findExtent(
          lines.map(({ y }) => y),
          rules.map((rule) => rule.y),
        ),
      };
  // Where there are keys, the title stands above them, and they in the panel's line for it.
  const keyed = lines.length > 1;
  const top = keyed ? 15 : 0;
  const panel = drawPanel(
    {
      title: keyed ? '' : picture.title,
      x: { label: picture.x, domain: domain.x },
      y: { label: picture.y, domain: domain.y },
      rules,
      marks: picture.marks ?? [],
      strips: (picture.strips ?? []).map((strip) => ({ ...strip, colour: '#D55E00' })),
      lines: lines.map(({ x, y, label, tone = 'plain' }) => ({ x, y, look: { label, ...looks[tone] } })),
    },
    { x: 0, y: top, width: size.width, height },
    { x: true, y: true },
  );
  const head = keyed
    ? textElement('text', picture.title, { x: margin.left, y: 13, 'font-weight': 600, 'font-size': titleSize }) +
      drawKeys(lines, top + 9)
    : '';
  return writeSvg(picture.title, lines.map(({ label }) => label).join(', '), size.width, height + top, head + panel);
}

type Extent = readonly [number, number];

/** Domains with the same number of metres per pixel. */
function makePlan(x: Extent, y: Extent): { x: Extent; y: Extent } {
  const [width, height] = [size.width - 62, size.plan - 56];
  const scale = 1.1 * Math.max((x[1] - x[0]) / width, (y[1] - y[0]) / height, 1e-3);
  const around = ([low, high]: Extent, pixels: number): Extent => [
    (low + high - scale * pixels) / 2,
    (low + high + scale * pixels) / 2,
  ];
  return { x: around(x, width), y: around(y, height) };
}

function drawKeys(lines: readonly Pick<PictureLine, 'label' | 'tone'>[], y: number): string {
  let x = margin.left;
  return lines
    .map(({ label, tone = 'plain' }) => {
      const { colour, dash } = looks[tone];
      const key =
        element('line', {
          x1: x,
          x2: x + 18,
          y1: y,
          y2: y,
          stroke: colour,
          'stroke-width': 2,
          'stroke-dasharray': dash,
        }) + textElement('text', label, { x: x + 23, y: y + 3.5, 'font-size': 10 });
      x += 23 + estimateWidth(label, 10) + 14;
      return key;
    })
    .join('');
}
