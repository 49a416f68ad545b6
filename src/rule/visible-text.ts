// Text out of a hostile file, made safe to show: nothing invisible, no second line, no other reading direction.
import { UnsupportedError } from '../errors.ts';

/** Control, format (bidirectional marks, zero width), private, surrogate and separator characters, and noncharacters that YAML forbids. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\uFDD0-\uFDEF\uFFFE\uFFFF]/u;
const HIDDEN_ALL = new RegExp(HIDDEN, 'gu');
const LONE_SURROGATE = /\p{Cs}/u;
const LONGEST_SHOWN = 1000;

/** Whether the text holds a character that a reader would not see, or that would end a line. */
export function hasHidden(text: string): boolean {
  return HIDDEN.test(text);
}

/** Whether the text holds half a UTF-16 pair, which no UTF-8 text can carry. */
export function hasLoneSurrogate(text: string): boolean {
  return LONE_SURROGATE.test(text);
}

/** Replaces every hidden character by `write(code point)`. */
export function replaceHidden(text: string, write: (codePoint: number) => string): string {
  return text.replace(HIDDEN_ALL, (character) => write(character.codePointAt(0) ?? 0));
}

/** One line for a comment or a note: hidden characters as \u{hex}, very long text cut with the count of what is missing. */
export function visibleText(text: string): string {
  const characters = [...text];
  const cut = characters.length - LONGEST_SHOWN;
  const shown = cut > 0 ? `${characters.slice(0, LONGEST_SHOWN).join('')} (and ${cut} more characters)` : text;
  return replaceHidden(shown, (codePoint) => `\\u{${codePoint.toString(16)}}`);
}

/** Refuses text that cannot stand in a UTF-8 file. */
export function refuseLoneSurrogate(text: string, language: string): void {
  if (hasLoneSurrogate(text)) {
    throw new UnsupportedError(`${language} cannot write half a UTF-16 pair, as in ${visibleText(text)}`);
  }
}

/** JSON whose hidden characters are escapes: what JSON leaves as it is and a reader would not see. Line ends between its parts stay out of it. */
export function escapedJson(line: string): string {
  refuseLoneSurrogate(line, 'JSON');
  return replaceHidden(line, (codePoint) =>
    [...String.fromCodePoint(codePoint)]
      .flatMap((c) => Array.from({ length: c.length }, (_, index) => c.charCodeAt(index)))
      .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
