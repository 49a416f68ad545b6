// What a report is made of before it is Markdown or HTML: headings, paragraphs, lists, tables and code, of words with their origin.

/** Words of ours, or a value out of a dossier or a history, which is shown as just that text. */
export type Inline =
  | { readonly kind: 'words' | 'value' | 'code' | 'strong'; readonly text: string }
  /** `to` is an address that was given: it is a link only where it is plainly one. */
  | { readonly kind: 'link'; readonly text: string; readonly to: string };

export type Sentence = readonly Inline[];

export type Block =
  | { readonly kind: 'heading'; readonly level: 1 | 2 | 3; readonly of: Sentence }
  | { readonly kind: 'paragraph'; readonly of: Sentence }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly Sentence[] }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly Sentence[])[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'diagram' };

type Piece = string | number | Inline | Sentence;

/** A sentence: what stands in the template is ours, what is put into it is a value unless it is said to be something else. */
export function say(template: TemplateStringsArray, ...pieces: readonly Piece[]): Sentence {
  return template.flatMap((text, at) => [
    ...(text === '' ? [] : [{ kind: 'words', text } as const]),
    ...(at < pieces.length ? inlineOf(pieces[at]) : []),
  ]);
}

function inlineOf(piece: Piece): Sentence {
  if (typeof piece === 'string') return piece === '' ? [] : [{ kind: 'value', text: piece }];
  if (typeof piece === 'number') return [{ kind: 'words', text: String(piece) }];
  return 'kind' in piece ? [piece] : piece;
}

export const code = (text: string): Inline => ({ kind: 'code', text });
export const strong = (text: string): Inline => ({ kind: 'strong', text });
export const words = (text: string): Inline => ({ kind: 'words', text });
export const link = (text: string, to: string): Inline => ({ kind: 'link', text, to });

/** "a", "a and b", "a, b and c"; of many the first `most`, and how many more. */
export function listing(items: readonly (Inline | Sentence)[], last = 'and', most = 12): Sentence {
  const shown: readonly (Inline | Sentence)[] =
    items.length > most ? [...items.slice(0, most), words(`${items.length - most} more`)] : items;
  return shown.flatMap((item, at) => {
    const between = at === 0 ? '' : at === shown.length - 1 ? ` ${last} ` : ', ';
    return [...(between === '' ? [] : [words(between)]), ...inlineOf(item)];
  });
}

/** A text of a dossier that is to end a sentence of ours: without its own full stop. */
export function unended(text: string): string {
  return text.replace(/[.\s]+$/, '');
}

const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** "two", and above ten in digits. */
export function numberWord(n: number): string {
  return NUMBERS[n] ?? String(n);
}

export const heading = (level: 1 | 2 | 3, of: Sentence): Block => ({ kind: 'heading', level, of });
export const paragraph = (of: Sentence): Block => ({ kind: 'paragraph', of });
/** None for an empty list. */
export const bullets = (items: readonly Sentence[]): readonly Block[] =>
  items.length === 0 ? [] : [{ kind: 'list', ordered: false, items }];
export const numbered = (items: readonly Sentence[]): readonly Block[] =>
  items.length === 0 ? [] : [{ kind: 'list', ordered: true, items }];
/** None without rows. */
export const table = (head: readonly string[], rows: readonly (readonly Sentence[])[]): readonly Block[] =>
  rows.length === 0 ? [] : [{ kind: 'table', head, rows }];

/** Whether an address can be a link: of the web, with nothing in it that ends one or begins another. */
export function isWebAddress(text: string): boolean {
  return text.length <= 2000 && /^https?:\/\/[\w.-]+(?::\d+)?(?:[/?#][\w./?#%&=+~:;,@!*-]*)?$/.test(text);
}
