// The funnel as a picture (SVG): steps A to F as narrowing bands with their counts, and each primitive once, beside the step at which it leaves or stays.

import { APPEARANCES, type Appearance, appearanceOf, STEP_TITLES } from './appearance.ts';
import {
  AXIS,
  BAND,
  BANDS,
  BETWEEN,
  CHIP,
  FONTS,
  HEADER,
  INK,
  LINE,
  MARGIN,
  NARROWEST,
  PANEL,
  REASON,
  SCOPE,
  TAPER,
  WEAK,
  WIDEST,
  WIDTH,
} from './diagram-measures.ts';
import { panelOf } from './diagram-panel.ts';
import { descriptionOf, titleOf } from './diagram-words.ts';
import type { PrimitiveState, StepId } from './document.ts';
import { countedBy, type Funnel, leavesAt, type StepFigures, scopeCount, stepFigures } from './figures.ts';
import { escapedXml, shownText } from './shown-text.ts';
import { element, type Font, textLine, textWidth, wrapped } from './svg.ts';

/** One picture of all funnels, one below the other; the same funnels give the same bytes. Ends with a newline. */
export function funnelDiagram(funnels: readonly Funnel[]): string {
  const drawn = funnels.map((funnel, index) => drawnFunnel(funnel, `funnel${index + 1}`));
  const height = drawn.reduce((sum, one) => sum + one.height, 0) + BETWEEN * Math.max(0, drawn.length - 1);
  let top = 0;
  const placed = drawn.map((one) => {
    const at = top;
    top += one.height + BETWEEN;
    return element('g', { transform: `translate(0 ${at})`, 'data-dossier': one.id }, one.markup);
  });
  const title = funnels.map((funnel) => titleOf(funnel)).join('; ');
  return `${element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${WIDTH} ${height}`,
      width: WIDTH,
      height,
      role: 'img',
      'aria-labelledby': 'funnel-title funnel-desc',
      'font-family': FONTS,
      style: 'max-width:100%;height:auto;print-color-adjust:exact;-webkit-print-color-adjust:exact',
    },
    `\n${element('title', { id: 'funnel-title' }, escapedXml(shownText(title, 1000)))}`,
    `\n${element('desc', { id: 'funnel-desc' }, escapedXml(funnels.map(descriptionOf).join(' ')))}`,
    `\n${element('defs', {}, ...APPEARANCES.map(patternOf))}`,
    `\n${element('rect', { width: WIDTH, height, fill: '#ffffff' })}`,
    ...placed.map((one) => `\n${one}`),
    '\n',
  )}\n`;
}

function patternOf({ colour, fill, pattern, strokeWidth }: Appearance): string {
  return element(
    'pattern',
    { id: `fill-${colour}`, width: 8, height: 8, patternUnits: 'userSpaceOnUse' },
    element('rect', { width: 8, height: 8, fill }),
    element('path', {
      d: pattern,
      stroke: '#ffffff',
      'stroke-opacity': 0.75,
      'stroke-width': strokeWidth,
      'stroke-linecap': 'round',
      fill: 'none',
    }),
  );
}

interface Drawn {
  readonly id: string;
  readonly height: number;
  readonly markup: string;
}

function drawnFunnel(funnel: Funnel, prefix: string): Drawn {
  const figures = stepFigures(funnel);
  const nodes = new Map<StepId, PrimitiveState[]>();
  const last = figures.at(-1)?.id ?? 'A';
  for (const primitive of funnel.primitives) {
    const step = leavesAt(funnel, primitive.id)?.step ?? last;
    nodes.set(step, [...(nodes.get(step) ?? []), primitive]);
  }
  const parts: string[] = [headerOf(funnel)];
  let top = HEADER;
  let above = WIDEST;
  for (const [index, step] of figures.entries()) {
    const own = nodes.get(step.id) ?? [];
    const panel = panelOf(funnel, step, own, step.id === last, top);
    const below = widthAfter(funnel, index, figures.length, step.kept.length);
    const chips = chipsOf(funnel, step.kept, below);
    const height = Math.max(BAND + chips.height, panel.height);
    parts.push(bandOf({ step, index, top, height, above, below, chips }), panel.markup(height));
    if (panel.height > 0)
      parts.push(connector(top + height / 2, (above + below) / 2, step.id === 'F' && funnel.scope.length > 0));
    above = below;
    top += height + 8;
  }
  parts.push(legendOf(top + 14));
  return {
    id: shownText(funnel.id, 200),
    height: top + 96,
    markup: element('g', { id: prefix }, ...parts.map((one) => `\n${one}`), '\n'),
  };
}

function headerOf(funnel: Funnel): string {
  const name =
    wrapped(shownText(funnel.name ?? funnel.id, 400), WIDTH - 2 * MARGIN - 250, 1, { size: 22, bold: true })[0] ?? '';
  const facts = [
    funnel.technique === null
      ? []
      : [`ATT&CK ${funnel.technique}${funnel.attack_version === null ? '' : ` (version ${funnel.attack_version})`}`],
    [`dossier ${funnel.id}`, `environment ${funnel.environment}`, countedOn(funnel)],
  ].flat();
  const line = wrapped(shownText(facts.join('  ·  '), 600), WIDTH - 2 * MARGIN - 250, 1, REASON)[0] ?? '';
  const count = scopeCount(funnel);
  return element(
    'g',
    {},
    textLine(MARGIN, 44, name, { size: 22, bold: true, fill: INK }),
    textLine(MARGIN, 68, line, { size: 12.5, fill: WEAK }),
    textLine(WIDTH - MARGIN, 46, count, { size: 30, bold: true, fill: INK, anchor: 'end' }),
    textLine(WIDTH - MARGIN, 68, 'primitives in the detection scope', { size: 12.5, fill: WEAK, anchor: 'end' }),
    element('path', { d: `M${MARGIN} 82H${WIDTH - MARGIN}`, stroke: LINE }),
  );
}

function countedOn(funnel: Funnel): string {
  const { window } = funnel;
  const days = window ? `, ${window.from.slice(0, 10)} to ${window.to.slice(0, 10)}` : '';
  return `${countedBy(funnel)}${days}`;
}

/** How wide the funnel is below a step. */
function widthAfter({ primitives }: Funnel, index: number, steps: number, kept: number): number {
  const share = primitives.length === 0 ? 0 : Math.min(1, kept / primitives.length);
  return NARROWEST + (WIDEST - NARROWEST) * (TAPER * (1 - (index + 1) / steps) + (1 - TAPER) * share);
}

interface Band {
  readonly step: StepFigures;
  readonly index: number;
  readonly top: number;
  readonly height: number;
  readonly above: number;
  readonly below: number;
  readonly chips: Chips;
}

function bandOf({ step, index, top, height, above, below, chips }: Band): string {
  const bottom = top + height;
  const corners = [
    [AXIS - above / 2, top],
    [AXIS + above / 2, top],
    [AXIS + below / 2, bottom],
    [AXIS - below / 2, bottom],
  ];
  const d = `M${corners.map(([x, y]) => `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`).join('L')}Z`;
  const start = top + (height - (BAND + chips.height - 22)) / 2;
  return element(
    'g',
    { 'data-step': step.id, 'data-count': step.count },
    element('path', { d, fill: BANDS[index], stroke: '#ffffff', 'stroke-width': 1.5 }),
    stepTitle(step.id, start + 14),
    textLine(AXIS, start + 50, step.count, { size: 30, bold: true, fill: INK, anchor: 'middle' }),
    textLine(AXIS, start + 70, step.label, { size: 11.5, fill: INK, anchor: 'middle' }),
    chips.markup(start + 82),
  );
}

/** The step's letter in a disc, and what it asks, over one or two lines' width about the axis. */
function stepTitle(id: StepId, y: number): string {
  const font: Font = { size: 12.5, bold: true, fill: INK };
  const title = STEP_TITLES[id];
  const start = AXIS - (textWidth(title, font) + 26) / 2;
  return [
    element('circle', { cx: start + 9, cy: y - 4.5, r: 10, fill: INK }),
    textLine(start + 9, y, id, { size: 12, bold: true, fill: '#ffffff', anchor: 'middle' }),
    textLine(start + 26, y, title, font),
  ].join('');
}

interface Chips {
  readonly height: number;
  readonly markup: (top: number) => string;
}

/** A small square for each primitive that a step keeps, in the colour that it has in the end. */
function chipsOf({ primitives }: Funnel, kept: readonly string[], width: number): Chips {
  const ids = new Set(kept);
  const shown = primitives.filter(({ id }) => ids.has(id));
  const most = Math.max(1, Math.floor((width - 24) / (CHIP + 4)));
  const rows = Math.ceil(shown.length / most);
  const height = rows * (CHIP + 4);
  return {
    height,
    markup: (top) =>
      shown
        .map((primitive, at) => {
          const row = Math.floor(at / most);
          const inRow = Math.min(most, shown.length - row * most);
          const x = AXIS - (inRow * (CHIP + 4) - 4) / 2 + (at % most) * (CHIP + 4);
          return element('rect', {
            x,
            y: top + row * (CHIP + 4),
            width: CHIP,
            height: CHIP,
            rx: 2,
            fill: `url(#fill-${appearanceOf(primitive).colour})`,
          });
        })
        .join(''),
  };
}

/** From the funnel's edge to the panel beside it. */
function connector(y: number, width: number, isScope: boolean): string {
  const [from, to] = [AXIS + width / 2 + 6, PANEL - 4];
  const colour = isScope ? SCOPE : '#829ab1';
  return element(
    'g',
    { fill: colour, stroke: colour, 'stroke-width': isScope ? 2 : 1.4 },
    element('path', {
      d: `M${Math.round(from)} ${Math.round(y)}H${to - 6}`,
      fill: 'none',
      ...(isScope ? {} : { 'stroke-dasharray': '4 3' }),
    }),
    element('path', { d: `M${to} ${Math.round(y)}l-8 -4.5v9Z`, stroke: 'none' }),
  );
}

function legendOf(top: number): string {
  const width = (WIDTH - 2 * MARGIN) / 3;
  return element(
    'g',
    {},
    ...APPEARANCES.map((look, at) => {
      const x = MARGIN + (at % 3) * width;
      const y = top + Math.floor(at / 3) * 32;
      return [
        element('rect', { x, y, width: 48, height: 22, rx: 4, fill: `url(#fill-${look.colour})` }),
        element('circle', { cx: x + 24, cy: y + 11, r: 8.5, fill: '#ffffff' }),
        textLine(x + 24, y + 15, look.letter, { size: 11.5, bold: true, fill: look.ink, anchor: 'middle' }),
        textLine(x + 58, y + 15.5, look.meaning, { size: 12, fill: INK }),
      ].join('');
    }),
  );
}
