// A report as Markdown: text of any origin stays text, whatever it looks like.

import { shownText } from '../shown-text.ts';
import { type Block, type Inline, isWebAddress, type Sentence } from './blocks.ts';

/** Characters that begin something in Markdown (CommonMark and GitHub's, with its mathematics and mentions), as references, which begin nothing. */
const MARKED = /[&<|`[\]$@]|:(?=\/\/)|(?<=www)\./gi;
/** The same that a backslash takes the meaning of, so that the source stays legible. */
const ESCAPED = /[\\*_~#]/g;
/** What begins a quotation, a list, a heading or a block of code at the beginning of a line. */
const LEADING = /^(?:[>+=\s-]|\d+[.)](?=\s|$))/;

/** One line of harmless text as Markdown that shows just that text. */
export function escapedMarkdown(line: string): string {
  return line
    .replace(ESCAPED, (char) => `\\${char}`)
    .replace(MARKED, reference)
    .replace(LEADING, (begin) => `${begin.slice(0, -1)}${reference(begin.slice(-1))}`);
}

function reference(char: string): string {
  return `&#${char.charCodeAt(0)};`;
}

/** Ends with a newline. `diagram` is where the picture stands, beside the report; without, none is shown. */
export function reportMarkdown(blocks: readonly Block[], diagram?: string): string {
  return `${blocks
    .map((block) => blockText(block, diagram))
    .filter((text) => text !== '')
    .join('\n\n')}\n`;
}

function blockText(block: Block, diagram: string | undefined): string {
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${sentenceText(block.of)}`;
    case 'paragraph':
      return sentenceText(block.of);
    case 'list':
      return block.items.map((item, at) => `${block.ordered ? `${at + 1}.` : '-'} ${sentenceText(item)}`).join('\n');
    case 'table':
      return [
        rowText(block.head),
        rowText(block.head.map(() => '---')),
        ...block.rows.map((row) => rowText(row.map((cell) => sentenceText(cell, true)))),
      ].join('\n');
    case 'code':
      return codeBlock(shownText(block.text));
    case 'diagram':
      return diagram === undefined ? '' : `![The funnel, steps A to F](${diagram})`;
  }
}

function rowText(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function codeBlock(text: string): string {
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return `${fence}\n${text}\n${fence}`;
}

function sentenceText(sentence: Sentence, isCell = false): string {
  return sentence.map((inline, at) => inlineText(inline, at === 0, isCell)).join('');
}

function inlineText(inline: Inline, isFirst: boolean, isCell: boolean): string {
  const shown = shownText(inline.text);
  switch (inline.kind) {
    case 'words':
      return shown;
    case 'value':
      // Only at the beginning of a line may a text begin a list or a quotation.
      return isFirst ? escapedMarkdown(shown) : escapedMarkdown(`x${shown}`).slice(1);
    case 'strong':
      return `**${escapedMarkdown(`x${shown}`).slice(1).trim()}**`;
    case 'code':
      return codeText(shown, isCell);
    case 'link':
      if (inline.text === inline.to && isWebAddress(inline.to)) return `<${inline.to}>`;
      return isWebAddress(inline.to) ? `[${escapedMarkdown(shown)}](<${inline.to}>)` : escapedMarkdown(shown);
  }
}

/** Between backticks where nothing in it could end them or a cell of a table. */
function codeText(text: string, isCell: boolean): string {
  if (!(isCell ? /[`|]/ : /`/).test(text) && text.trim() === text && text !== '') return `\`${text}\``;
  return `<code>${escapedMarkdown(`x${text}`).slice(1).replaceAll('>', '&#62;')}</code>`;
}
