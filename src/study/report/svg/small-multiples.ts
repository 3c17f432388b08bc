import { figureWidth, writeSvg } from './document.js';
import { drawLegend, type Key } from './legend.js';
import { drawPanel, type Panel } from './line-chart.js';
import { findExtent } from './scale.js';

/** The panels with one domain of y, for panels that are to be compared. */
export function shareY(panels: readonly Panel[]): Panel[] {
  const domain = findExtent(panels.map((panel) => panel.y.domain));
  return panels.map((panel) => ({ ...panel, y: { ...panel.y, domain } }));
}

/**
 * Panels in a grid with one legend above them: a whole SVG document.
 * The y label stands at the first column, the x label under the last panel of each column.
 */
export function drawSmallMultiples(
  panels: readonly Panel[],
  plan: {
    readonly title: string;
    readonly description: string;
    readonly columns: number;
    readonly panelHeight: number;
    readonly legend: readonly Key[];
  },
): string {
  const columns = Math.max(1, Math.min(plan.columns, panels.length));
  // A lone panel need not be as wide as the page.
  const width = (columns === 1 && plan.columns > 1 ? 0.62 : 1) * figureWidth;
  const cell = width / columns;
  const legend = drawLegend(plan.legend, 48, 0, width - 56);
  const top = legend.height + 4;
  const drawn = panels.map((panel, i) => {
    const box = {
      x: (i % columns) * cell,
      y: top + Math.floor(i / columns) * plan.panelHeight,
      width: cell,
      height: plan.panelHeight,
    };
    return drawPanel(panel, box, { x: i + columns >= panels.length, y: i % columns === 0 });
  });
  const height = top + Math.ceil(panels.length / columns) * plan.panelHeight;
  return writeSvg(plan.title, plan.description, width, height, legend.svg + drawn.join(''));
}
