import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { XMLValidator } from 'fast-xml-parser';
import { chromium } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { makeCohortData } from './cohort.fixture.js';
import { writeReport, writeReportAndFigures } from './write-report.js';

const large = makeCohortData(24, 6);
const small = makeCohortData(7, 3, { simulated: false, clinical: true });
const { html, figures } = writeReportAndFigures(large);
const measured = writeReport(small);

describe('the report for many participants', () => {
  it('is well-formed, whole and of a size one can send', () => {
    for (const page of [html, measured]) {
      expect(XMLValidator.validate(page)).toBe(true);
      expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/);
      expect(page.replaceAll('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(
        /https?:|url\(|@import|\ssrc=|<script/,
      );
    }
    expect(html.length).toBeLessThan(6_000_000);
  });

  it('numbers its figures, each an SVG document within its frame', () => {
    expect(figures.filter(({ number }) => !number.startsWith('S')).map(({ number }) => number)).toEqual(
      Array.from({ length: 12 }, (_, i) => String(i + 1)),
    );
    for (const { svg } of figures) {
      const [, width, height] = svg.match(/viewBox="0 0 (\d+) (\d+)"/)!.map(Number);
      for (const [, key, value] of svg.matchAll(/ (x|x1|x2|cx|y|y1|y2|cy)="(-?[\d.]+)"/g)) {
        expect(Number(value)).toBeGreaterThanOrEqual(0);
        expect(Number(value)).toBeLessThanOrEqual(key.includes('x') ? width : height);
      }
    }
  });

  it('prints the paper’s two figures beside ours, and what forbids to rank them', () => {
    expect(html).toContain('within subject, ≤ 0.16 N·m/kg there');
    expect(html).toContain('with transfer, ≤ 0.14 N·m/kg there');
    expect(html).toContain('ours are simulated, and say nothing of people');
    expect(measured).not.toContain('simulated');
    for (const page of [html, measured]) expect(page).toContain('In any case data, activities, participants');
    const without = writeReport({ ...small, errors: small.errors.filter(({ protocol }) => protocol === 'between') });
    expect(without).not.toContain('Xie et al. (2025)');
  });

  it('says how much data is needed, of how many, and what that does not show', () => {
    expect(html).toMatch(/How much data do I need\?<\/h3><p>\d+ s of the new person/);
    expect(html).toContain('This rests on n = 24 simulated participants');
    expect(measured).toContain('This rests on n = 7 participants');
    expect(measured).toContain('of 7 the interval of such a choice is rough');
    expect(measured).toContain('7 would hold none of them with a chance of 21');
  });

  it('marks toe-off and both sides where they are known', () => {
    expect(measured).toContain('walk, left');
    expect(measured).toContain('>toe-off<');
    expect(html).not.toContain('>toe-off<');
    expect(measured).toContain('torque, %BW·ht');
  });

  it('stands participants and errors that are missing', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 7 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(),
        (people, share, seed) => {
          let state = seed;
          const draw = () => {
            state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
            return state / 4294967296;
          };
          const names = small.participants.slice(0, people).map(({ name }) => name);
          const has = ({ participant }: { readonly participant?: string | null | undefined }) =>
            !participant || names.includes(participant);
          const page = writeReport({
            ...small,
            participants: small.participants.slice(0, people),
            errors: small.errors
              .filter(has)
              .filter(() => draw() > share / 3)
              .map((row) => (draw() < share ? { ...row, rmse_Nm_per_kg: null, r2: null } : row)),
            cycles: small.cycles.filter(has),
            peaks: small.peaks!.filter(has),
            coverage: small.coverage!.filter(has).map((row) => (draw() < share ? { ...row, inside: null } : row)),
            traces: [],
            chains: [],
          });
          expect(XMLValidator.validate(page)).toBe(true);
          expect(page).not.toMatch(/NaN|undefined|Infinity/);
        },
      ),
      { numRuns: 8 },
    );
  });
});

const executablePath = [
  process.env.GENU_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path));
if (!executablePath)
  console.warn('No Chromium was found, so the report is not opened in a browser. GENU_CHROMIUM names one.');

describe.skipIf(!executablePath)('in Chromium', () => {
  it('asks nothing, reports no error, and is no wider than its page', async () => {
    const browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] });
    try {
      const page = await browser.newPage({ viewport: { width: 900, height: 1000 } });
      const said: string[] = [];
      page.on('pageerror', (error) => said.push(String(error)));
      page.on('console', (message) => said.push(message.text()));
      page.on('request', (request) => said.push(request.url()));
      await page.setContent(measured);
      expect(said).toEqual([]);
      const seen = await page.evaluate(`({
        wide: document.documentElement.scrollWidth <= 900,
        figures: document.querySelectorAll('figure svg').length,
        flat: [...document.querySelectorAll('figure svg')].filter((svg) => !svg.closest('details') && svg.getBoundingClientRect().height < 60).length,
      })`);
      expect(seen).toEqual({ wide: true, figures: writeReportAndFigures(small).figures.length, flat: 0 });
    } finally {
      await browser.close();
    }
  });
});
