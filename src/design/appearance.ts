// How each state of a primitive is shown: its colour with letter, pattern and words, and the names of the funnel's steps.

import type { Colour, Letter, PrimitiveState, StepId } from './document.ts';

export interface Appearance {
  readonly colour: Colour;
  readonly letter: Letter;
  /** Of the badge, of the card behind its text, and of the letter: "#rrggbb". */
  readonly fill: string;
  readonly tint: string;
  readonly ink: string;
  /** Path of the pattern's white strokes in a tile of 8 by 8. */
  readonly pattern: string;
  readonly strokeWidth: number;
  /** What the colour says of a primitive. */
  readonly meaning: string;
}

/** In the order of a legend: what the scope is made of first. */
export const APPEARANCES: readonly Appearance[] = [
  {
    colour: 'green',
    letter: 'G',
    fill: '#2f9e51',
    tint: '#eef9f1',
    ink: '#1b6b35',
    pattern: 'M-2 2L2 -2M0 8L8 0M6 10L10 6',
    strokeWidth: 1.6,
    meaning: 'necessary, fixed, visible',
  },
  {
    colour: 'dark_green',
    letter: 'D',
    fill: '#14532d',
    tint: '#e6f1ea',
    ink: '#14532d',
    pattern: 'M0 0L8 8M8 0L0 8',
    strokeWidth: 1.1,
    meaning: 'necessary, attacker-controlled, visible',
  },
  {
    colour: 'purple',
    letter: 'P',
    fill: '#7c3aed',
    tint: '#f4f0fe',
    ink: '#5b21b6',
    pattern: 'M2 2h.01M6 6h.01',
    strokeWidth: 2.6,
    meaning: 'necessary, seen by no data source: a gap',
  },
  {
    colour: 'amber',
    letter: 'A',
    fill: '#d97706',
    tint: '#fff6e6',
    ink: '#92400e',
    pattern: 'M0 2H8M0 6H8',
    strokeWidth: 1.4,
    meaning: 'visible, but over budget or not measured',
  },
  {
    colour: 'grey',
    letter: 'O',
    fill: '#6b7280',
    tint: '#f4f5f6',
    ink: '#4b5563',
    pattern: 'M4 0V8',
    strokeWidth: 1.6,
    meaning: 'optional: not in every procedure',
  },
  {
    colour: 'red',
    letter: 'R',
    fill: '#c81e1e',
    tint: '#fdeeee',
    ink: '#9b1c1c',
    pattern: 'M0 6L4 2L8 6',
    strokeWidth: 1.8,
    meaning: 'refuted: a session labelled attack shows none',
  },
];

export function appearanceOf({ colour }: Pick<PrimitiveState, 'colour'>): Appearance {
  const found = APPEARANCES.find((one) => one.colour === colour);
  if (!found) throw new Error(`no appearance for ${colour}`);
  return found;
}

/** What a step asks, in few words. */
export const STEP_TITLES: Readonly<Record<StepId, string>> = {
  A: 'All primitives',
  B: 'Necessary',
  C: 'Fixed or attacker-controlled',
  D: 'Visible',
  E: 'Within budget',
  F: 'Initial detection scope',
};

/** What stands over the primitives that leave at a step. */
export const LEAVE_TITLES: Readonly<Record<StepId, string>> = {
  A: 'Left out',
  B: 'Optional or refuted',
  C: 'Left out',
  D: 'Gaps: no data source shows them',
  E: 'Over budget, or not measured',
  F: 'Left out',
};
