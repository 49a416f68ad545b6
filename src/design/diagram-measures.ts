// Measures, colours and fonts of the funnel's picture, in its units.

import type { Font } from './svg.ts';

export const WIDTH = 1200;
export const MARGIN = 28;
export const BETWEEN = 40;
/** The funnel's axis and how wide it is where nothing and where all is kept. */
export const AXIS = 238;
export const NARROWEST = 196;
export const WIDEST = 420;
/** Share of the width that a step loses whatever it keeps, so that a funnel looks like one. */
export const TAPER = 0.3;
export const PANEL = 500;
export const PANEL_WIDTH = WIDTH - MARGIN - PANEL;
export const CARDS = 2;
export const GAP = 12;
export const CARD_WIDTH = (PANEL_WIDTH - (CARDS + 1) * GAP) / CARDS;
export const BADGE = 42;
export const BAND = 104;
export const CHIP = 11;
export const HEADER = 96;
export const FONTS = "'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif";

export const INK = '#1f2933';
export const WEAK = '#52606d';
/** Of the scope's own frame and arrow. */
export const SCOPE = '#1b6b35';
export const LINE = '#cbd2d9';
export const BANDS = ['#dfe8f1', '#d3dfeb', '#c6d5e4', '#b9cbdd', '#acc1d6', '#9fb7cf'];

export const NAME: Font = { size: 13.5, bold: true, fill: INK };
export const REASON: Font = { size: 11.5, fill: WEAK };
export const HEADING: Font = { size: 12, bold: true, fill: WEAK };
