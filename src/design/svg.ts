// Elements of an SVG picture as text: attributes and content escaped, text measured without a font and broken into lines.

import { escapedXml } from './shown-text.ts';

export type Attributes = Readonly<Record<string, string | number>>;

/** An element; `children` are markup already. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? rounded(value) : escapedXml(value)}"`)
    .join('');
  return children.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${children.join('')}</${name}>`;
}

function rounded(value: number): string {
  return String(Math.round(value * 100) / 100);
}

export interface Font {
  /** Units of the picture. */
  readonly size: number;
  readonly bold?: true;
  readonly fill: string;
  readonly anchor?: 'middle' | 'end';
}

/** A line of text; `text` is shown text. */
export function textLine(x: number, y: number, text: string, { size, bold, fill, anchor }: Font): string {
  return element(
    'text',
    {
      x,
      y,
      'font-size': size,
      ...(bold ? { 'font-weight': 700 } : {}),
      fill,
      ...(anchor ? { 'text-anchor': anchor } : {}),
    },
    escapedXml(text),
  );
}

const NARROW = /[ilj|!.,:;'()[\]{}\\/tfrI -]/;
const WIDE = /[mwMW@%…—]/;
/** East Asian writing and pictures: a full em. */
const FULL = /[ᄀ-ᅟ⺀-꓏가-힣豈-﫿︰-﹏＀-｠￠-￦]|\p{Extended_Pictographic}/u;

/** Width in units, rather too much than too little: no font is at hand. */
export function textWidth(text: string, { size, bold }: Pick<Font, 'size' | 'bold'>): number {
  let ems = 0;
  for (const char of text) ems += emsOf(char);
  return ems * size * (bold ? 1.08 : 1);
}

function emsOf(char: string): number {
  if (FULL.test(char)) return 1.05;
  if (WIDE.test(char)) return 0.95;
  if (NARROW.test(char)) return 0.4;
  return /[A-Z0-9_]/.test(char) ? 0.69 : 0.61;
}

/** At most `most` lines of at most `width`; what does not fit ends with an ellipsis. At spaces where it can be, else behind a separator, else anywhere. */
export function wrapped(
  text: string,
  width: number,
  most: number,
  font: Pick<Font, 'size' | 'bold'>,
): readonly string[] {
  const lines: string[] = [];
  let rest = text.trim();
  while (rest !== '' && lines.length < most) {
    const fits = fittingLength(rest, width, font);
    if (fits >= rest.length) return [...lines, rest];
    if (lines.length === most - 1) {
      const short = fittingLength(rest, width - textWidth('…', font), font);
      return [...lines, `${rest.slice(0, short).trimEnd()}…`];
    }
    const at = breakWithin(rest, fits);
    lines.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).trimStart();
  }
  return lines;
}

/** In units of UTF-16, never within a character; at least one. */
function fittingLength(text: string, width: number, font: Pick<Font, 'size' | 'bold'>): number {
  const scale = font.size * (font.bold ? 1.08 : 1);
  let [units, used] = [0, 0];
  for (const char of text) {
    used += emsOf(char) * scale;
    if (used > width && units > 0) return units;
    units += char.length;
  }
  return units;
}

function breakWithin(text: string, fits: number): number {
  const space = text.lastIndexOf(' ', fits);
  if (space > fits / 3) return space;
  const head = text.slice(0, fits);
  const separator = Math.max(...['\\', '/', '-', '_', '.', ','].map((one) => head.lastIndexOf(one)));
  return separator > fits / 3 ? separator + 1 : fits;
}
