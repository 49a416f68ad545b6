// The panel beside a step of the funnel's picture: a card for each primitive that leaves there, or stays at the end.

import { appearanceOf, LEAVE_TITLES, STEP_TITLES } from './appearance.ts';
import {
  BADGE,
  CARD_WIDTH,
  CARDS,
  GAP,
  HEADING,
  INK,
  LINE,
  NAME,
  PANEL,
  PANEL_WIDTH,
  REASON,
  SCOPE,
  WEAK,
} from './diagram-measures.ts';
import { changeWords, nodeWords } from './diagram-words.ts';
import type { PrimitiveState, StepId } from './document.ts';
import { type Funnel, hitsWords, leavesAt, type StepFigures, scopeCount } from './figures.ts';
import { counted, enumerated, escapedXml, shownText } from './shown-text.ts';
import { element, textLine, wrapped } from './svg.ts';

export interface Panel {
  readonly height: number;
  readonly markup: (height: number) => string;
}

/** Beside a step: the primitives that leave there; beside the last one, those that stay. */
export function panelOf(
  funnel: Funnel,
  step: StepFigures,
  own: readonly PrimitiveState[],
  isLast: boolean,
  top: number,
): Panel {
  const leaving = own.filter(({ id }) => leavesAt(funnel, id) !== null).length;
  const isScope = step.id === 'F' && funnel.scope.length > 0;
  const empty = isLast ? emptyLines(funnel) : [];
  if (own.length === 0 && empty.length === 0) {
    const said = quietWords(step.id);
    return {
      height: 0,
      markup: (height) =>
        said === '' ? '' : textLine(PANEL + GAP, top + height / 2 + 4, said, { size: 12, fill: WEAK }),
    };
  }
  const cards = own.map((primitive) => cardOf(funnel, primitive));
  const rows: (typeof cards)[] = [];
  for (let at = 0; at < cards.length; at += CARDS) rows.push(cards.slice(at, at + CARDS));
  const heights = rows.map((row) => Math.max(...row.map(({ height }) => height)));
  const content = heights.reduce((sum, one) => sum + one + GAP, 0);
  const heading = headingOf(step.id, isLast, leaving, own.length, scopeCount(funnel));
  const height = 34 + empty.length * 17 + (empty.length > 0 ? 8 : 0) + content;
  return {
    height,
    markup: (whole) => {
      let y = top + (whole - height) / 2;
      const parts = [
        element('rect', {
          x: PANEL,
          y,
          width: PANEL_WIDTH,
          height,
          rx: 8,
          fill: '#ffffff',
          stroke: isScope ? SCOPE : LINE,
          'stroke-width': isScope ? 2 : 1,
        }),
        textLine(PANEL + GAP, y + 22, heading, isScope ? { ...HEADING, size: 13.5, fill: SCOPE } : HEADING),
        textLine(PANEL + PANEL_WIDTH - GAP, y + 22, movedWords(leaving, own.length - leaving), {
          ...REASON,
          anchor: 'end',
        }),
      ];
      y += 34;
      for (const line of empty) {
        parts.push(textLine(PANEL + GAP, y + 12, line, { size: 12.5, fill: INK }));
        y += 17;
      }
      if (empty.length > 0) y += 8;
      for (const [index, row] of rows.entries()) {
        for (const [column, card] of row.entries())
          parts.push(card.markup(PANEL + GAP + column * (CARD_WIDTH + GAP), y, heights[index]));
        y += heights[index] + GAP;
      }
      return element('g', {}, ...parts);
    },
  };
}

function headingOf(id: StepId, isLast: boolean, leaving: number, all: number, scope: string): string {
  if (id === 'F') return `${STEP_TITLES.F}: ${scope}${all === leaving ? ', empty' : ''}`;
  if (!isLast || leaving === all) return LEAVE_TITLES[id];
  return leaving === 0 ? `Left after step ${id}` : `${LEAVE_TITLES[id]}; and what is left`;
}

function movedWords(leaving: number, staying: number): string {
  const words = leaving === 0 ? [] : [counted(leaving, 'leaves here', 'leave here')];
  return [...words, ...(staying === 0 ? [] : [counted(staying, 'stays', 'stay')])].join(', ');
}

function quietWords(id: StepId): string {
  if (id === 'A') return 'Everything that the dossier says an attacker does';
  if (id === 'C') return 'A label, no filter: nothing leaves here';
  return 'Nothing leaves here';
}

function emptyLines({ empty }: Funnel): readonly string[] {
  if (!empty) return [];
  const font = { size: 12.5 };
  const width = PANEL_WIDTH - 2 * GAP;
  return [
    ...wrapped(`Step ${empty.step} emptied it: ${shownText(empty.why, 600)}`, width, 3, font),
    ...wrapped(changeWords(empty.change), width, 3, font),
  ];
}

interface Card {
  readonly height: number;
  readonly markup: (x: number, y: number, height: number) => string;
}

function cardOf(funnel: Funnel, primitive: PrimitiveState): Card {
  const look = appearanceOf(primitive);
  const width = CARD_WIDTH - BADGE - 20;
  const own = primitive.name === null ? primitive.id : `${primitive.id} · ${primitive.name}`;
  const name = wrapped(shownText(own, 400), width, 2, NAME);
  const reason = wrapped(shownText(detailOf(funnel, primitive), 400), width, 2, REASON);
  return {
    height: 18 + name.length * 17 + reason.length * 15,
    markup: (x, y, height) => {
      const textTop = y + (height - name.length * 17 - reason.length * 15) / 2;
      const middle = y + height / 2;
      return element(
        'g',
        {
          'data-primitive': shownText(primitive.id),
          'data-state': primitive.state,
          'data-colour': primitive.colour,
          'data-letter': primitive.letter,
        },
        element('title', {}, escapedXml(nodeWords(funnel, primitive))),
        element('rect', {
          x,
          y,
          width: CARD_WIDTH,
          height,
          rx: 6,
          fill: look.tint,
          stroke: look.fill,
          'stroke-width': 1.2,
        }),
        element('path', {
          d: `M${x + 6} ${y}H${x + BADGE}V${y + height}H${x + 6}a6 6 0 0 1 -6 -6V${y + 6}a6 6 0 0 1 6 -6Z`,
          fill: `url(#fill-${look.colour})`,
        }),
        element('circle', { cx: x + BADGE / 2, cy: middle, r: 13, fill: '#ffffff' }),
        textLine(x + BADGE / 2, middle + 5.5, look.letter, { size: 16, bold: true, fill: look.ink, anchor: 'middle' }),
        ...name.map((line, at) => textLine(x + BADGE + 10, textTop + 13 + at * 17, line, NAME)),
        ...reason.map((line, at) => textLine(x + BADGE + 10, textTop + name.length * 17 + 11 + at * 15, line, REASON)),
      );
    },
  };
}

/** The line below a primitive's name: why it leaves, or what shows it and how often. */
function detailOf(funnel: Funnel, primitive: PrimitiveState): string {
  const leaves = leavesAt(funnel, primitive.id);
  const control = primitive.control === 'fixed' ? 'fixed' : 'attacker-controlled';
  if (leaves) return `${control} · ${leaves.reason}`;
  const seen = funnel.scope.filter((entry) => entry.primitive === primitive.id);
  const by = seen.map(({ observable, level, column, hits_per_day }) => {
    const score = level === null ? '' : ` (${level}${column ?? ''})`;
    return `${observable}${score}, ${hitsWords(funnel, observable, hits_per_day)}`;
  });
  return by.length === 0 ? control : `${control} · seen by ${enumerated(by)}`;
}
