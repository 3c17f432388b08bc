// Small line figures as SVG text: panels in a grid, logarithmic axes, one legend.

const PANEL = { width: 225, height: 170, left: 50, right: 12, top: 26, bottom: 40 };
const LEGEND_HEIGHT = 30;
const COLOURS = ['#0b6fa4', '#c8501e', '#3a7d44', '#7a4fa3'];
const INK = '#222';
const QUIET = '#ddd';

/**
 * @param panels rows of panels { title, x, y, xTicks, lines: [{ name, points: [[x, y], …] }] }; x and y are axis labels,
 *   all numbers greater than zero
 * @param alt what the figure shows, for those who do not see it
 */
export function writeFigure(panels, alt) {
  const width = Math.max(...panels.map((row) => row.length)) * PANEL.width;
  const height = panels.length * PANEL.height + LEGEND_HEIGHT;
  const names = [...new Set(panels.flat().flatMap(({ lines }) => lines.map(({ name }) => name)))];
  const colours = new Map(names.map((name, k) => [name, COLOURS[k % COLOURS.length]]));
  const drawn = panels.flatMap((row, r) =>
    row.map((panel, c) => group(c * PANEL.width, LEGEND_HEIGHT + r * PANEL.height, drawPanel(panel, colours))),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="sans-serif" font-size="10" fill="${INK}">
<title>${escapeText(alt)}</title>
<rect width="${width}" height="${height}" fill="#fff"/>
${drawLegend(colours)}
${drawn.join('\n')}
</svg>
`;
}

function drawPanel({ title, x, y, xTicks, lines }, colours) {
  const points = lines.flatMap((line) => line.points);
  const [left, right] = [PANEL.left, PANEL.width - PANEL.right];
  const [top, bottom] = [PANEL.top, PANEL.height - PANEL.bottom];
  const values = points.map(([, value]) => value);
  const yTicks = chooseTicks(Math.min(...values), Math.max(...values));
  const toX = makeScale(xTicks[0], xTicks.at(-1), left + 6, right - 6);
  const toY = makeScale(yTicks[0], yTicks.at(-1), bottom, top);
  const parts = [text((left + right) / 2, top - 10, title, 'middle', ' font-weight="bold"')];
  for (const tick of yTicks) {
    parts.push(line(left, toY(tick), right, toY(tick), QUIET), text(left - 5, toY(tick) + 3.5, shorten(tick), 'end'));
  }
  for (const tick of xTicks) {
    parts.push(
      line(toX(tick), bottom, toX(tick), bottom + 4, INK),
      text(toX(tick), bottom + 15, shorten(tick), 'middle'),
    );
  }
  parts.push(line(left, bottom, right, bottom, INK), text((left + right) / 2, bottom + 30, x, 'middle'));
  const middle = (top + bottom) / 2;
  parts.push(text(11, middle, y, 'middle', ` transform="rotate(-90 11 ${middle})"`));
  for (const { name, points } of lines) {
    const colour = colours.get(name);
    const path = points.map(([a, b]) => `${round(toX(a))},${round(toY(b))}`);
    parts.push(`<polyline points="${path.join(' ')}" fill="none" stroke="${colour}" stroke-width="1.6"/>`);
    for (const at of path) {
      const [cx, cy] = at.split(',');
      parts.push(`<circle cx="${cx}" cy="${cy}" r="2.4" fill="${colour}"/>`);
    }
  }
  return parts.join('\n');
}

function drawLegend(colours) {
  let at = PANEL.left;
  const parts = [...colours].map(([name, colour]) => {
    const part = `<line x1="${at}" y1="15" x2="${at + 18}" y2="15" stroke="${colour}" stroke-width="2"/>${text(at + 24, 18.5, name, 'start', ' font-size="11"')}`;
    at += 50 + 6.5 * name.length;
    return part;
  });
  return parts.join('\n');
}

/** 1, 2 and 5 times the powers of ten around the range; only the powers where it is wide. */
function chooseTicks(low, high) {
  const [from, to] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const steps = high / low > 100 ? [1] : [1, 2, 5];
  const all = [];
  for (let power = from; power <= to; power++) all.push(...steps.map((step) => step * 10 ** power));
  const first = all.findLastIndex((tick) => tick <= low * 1.001);
  const last = all.findIndex((tick) => tick >= high * 0.999);
  return all.slice(Math.max(0, first), last + 1);
}

function makeScale(low, high, from, to) {
  const span = Math.log(high / low) || 1;
  return (value) => from + ((to - from) * Math.log(value / low)) / span;
}

const round = (value) => Number(value.toFixed(1));
const shorten = (value) =>
  value >= 1000 ? `${Number((value / 1000).toPrecision(2))}k` : String(Number(value.toPrecision(3)));
const escapeText = (words) => words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const group = (x, y, content) => `<g transform="translate(${x} ${y})">\n${content}\n</g>`;
const line = (x1, y1, x2, y2, colour) =>
  `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${colour}"/>`;
const text = (x, y, words, anchor, more = '') =>
  `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}"${more}>${escapeText(words)}</text>`;
