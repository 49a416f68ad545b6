// What became of a primitive in the funnel, and the colour and letter that it is drawn with.

import type { Colour, Letter, State } from '../document.ts';
import type { Control } from '../technique.ts';

export const LETTERS: Readonly<Record<Colour, Letter>> = {
  red: 'R',
  grey: 'O',
  purple: 'P',
  amber: 'A',
  green: 'G',
  dark_green: 'D',
};

const COLOURS: Readonly<Record<Exclude<State, 'scope'>, Colour>> = {
  refuted: 'red',
  optional: 'grey',
  gap: 'purple',
  over_budget: 'amber',
  unknown: 'amber',
};

export function colourOf(state: State, control: Control): Colour {
  if (state !== 'scope') return COLOURS[state];
  return control === 'fixed' ? 'green' : 'dark_green';
}
