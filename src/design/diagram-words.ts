// The funnel's picture in words, for who cannot see it and for what appears over a node.

import { appearanceOf, STEP_TITLES } from './appearance.ts';
import type { PrimitiveState } from './document.ts';
import { type Funnel, leavesAt, stepFigures } from './figures.ts';
import { shownText } from './shown-text.ts';

export function titleOf({ id, name, technique }: Funnel): string {
  const own = shownText(name ?? id, 300);
  return `Detection funnel: ${own}${technique === null ? '' : ` (${shownText(technique, 40)})`}`;
}

/** The whole picture in words, for who cannot see it. */
export function descriptionOf(funnel: Funnel): string {
  const steps = stepFigures(funnel).map(({ id, about }) => `Step ${id}, ${STEP_TITLES[id].toLowerCase()}: ${about}.`);
  const nodes = funnel.primitives.map((one) => `${nodeWords(funnel, one)}.`);
  return [...steps, ...nodes, emptyWords(funnel)].filter((text) => text !== '').join(' ');
}

export function nodeWords(funnel: Funnel, primitive: PrimitiveState): string {
  const { meaning, letter } = appearanceOf(primitive);
  const leaves = leavesAt(funnel, primitive.id);
  const name = primitive.name === null ? '' : ` (${shownText(primitive.name, 300)})`;
  const where = leaves ? `; leaves at step ${leaves.step}: ${shownText(leaves.reason, 300)}` : '';
  return `${shownText(primitive.id, 100)}${name}: ${letter}, ${meaning}${where}`;
}

function emptyWords({ empty }: Funnel): string {
  return empty
    ? `The scope is empty: step ${empty.step}, ${shownText(empty.why, 400)}. ${changeWords(empty.change)}`
    : '';
}

export function changeWords(change: string): string {
  return `Smallest change: ${shownText(change, 400)}`;
}
