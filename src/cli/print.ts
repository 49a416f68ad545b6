// The terminal: what a face can write to, when it is coloured, and how text out of a file is made harmless.

/** Where a command writes, and what it may know of its surroundings; tests pass one that keeps the text. */
export interface Face {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Writes bytes of UTF-8 on stdout, and is done when they are written and may be written over: for long output. Absent where all text is kept anyway. */
  readonly outBytes?: (bytes: Uint8Array) => Promise<void>;
  /** The script that the threads of `winnow events` run; absent where no thread is to be started. */
  readonly eventsWorker?: URL;
  /** stdout is a terminal. */
  readonly outIsTerminal: boolean;
  /** stderr is a terminal. */
  readonly errIsTerminal: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** As process.platform gives it: "win32", "linux", "darwin". */
  readonly platform: string;
}

// Cc: C0, DEL, C1 (ESC and CSI too); Cf: bidi marks, overrides and isolates, zero-width characters, tags; Zl, Zp: the two
// separators that some terminals break a line at; Cs: half of a surrogate pair.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
/** The same but for the newline, which our own texts are full of. */
const UNSAFE_IN_LINE = /[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
/** Texts of these alone, as most are, have nothing unsafe. */
const PLAIN_LINES = /^[\n -~]*$/;

/**
 * A string out of a file or the command line, fit for a terminal: control and format characters become \xNN or \u{N}.
 * Characters in `keep` stay ("\n" for a text of several lines that is our own).
 */
export function plain(text: string, keep = ''): string {
  return text.replace(UNSAFE, (char) => {
    if (keep.includes(char)) return char;
    const code = char.codePointAt(0)!;
    return code <= 0xff ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

/** Like {@link plain}, and cut at `limit` UTF-16 units, saying how many were left out. */
export function brief(text: string, limit = 300): string {
  if (text.length <= limit) return plain(text);
  return `${plain(text.slice(0, limit))}... (${text.length - limit} more characters)`;
}

/** JSON of any document: two spaces, one newline at the end; characters unsafe on a terminal stand as \uXXXX, which means the same. */
export function jsonText(document: unknown): string {
  return `${safeJson(JSON.stringify(document, null, 2))}\n`;
}

/** JSON that is a text already, with characters unsafe on a terminal as \uXXXX. */
export function safeJson(json: string): string {
  if (PLAIN_LINES.test(json)) return json;
  return json.replace(UNSAFE_IN_LINE, (char) =>
    [...Array(char.length).keys()].map((i) => `\\u${char.charCodeAt(i).toString(16).padStart(4, '0')}`).join(''),
  );
}

/** XML with characters unsafe on a terminal as references, which mean the same. */
export function safeXml(xml: string): string {
  return xml.replace(UNSAFE_IN_LINE, (char) => `&#x${char.codePointAt(0)!.toString(16)};`);
}

/** How parts of a report are set off; each takes text that is already harmless. */
export interface Style {
  readonly heading: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly sure: (text: string) => string;
  readonly doubt: (text: string) => string;
  readonly alarm: (text: string) => string;
  readonly secret: (text: string) => string;
  readonly weak: (text: string) => string;
}

const same = (text: string): string => text;

export const PLAIN_STYLE: Style = {
  heading: same,
  strong: same,
  sure: same,
  doubt: same,
  alarm: same,
  secret: same,
  weak: same,
};

const sgr = (on: number, off: number) => (text: string) => `\x1b[${on}m${text}\x1b[${off}m`;

const COLOUR_STYLE: Style = {
  heading: sgr(1, 22),
  strong: sgr(36, 39),
  sure: sgr(32, 39),
  doubt: sgr(33, 39),
  alarm: sgr(31, 39),
  secret: sgr(35, 39),
  weak: sgr(2, 22),
};

/** Colours only on a terminal that has them, without NO_COLOR (https://no-color.org) and unless `wanted` is false (--no-color). */
export function styleFor(face: Face, wanted: boolean): Style {
  const refused = !wanted || Boolean(face.env.NO_COLOR) || face.env.TERM === 'dumb';
  return face.outIsTerminal && !refused ? COLOUR_STYLE : PLAIN_STYLE;
}

/** One line on stderr that is written over and over, and gone when the work ends; silent unless stderr is a terminal. */
export interface Progress {
  readonly step: (what: string, done: number, total: number) => void;
  readonly end: () => void;
}

/** A Progress that appears after 300 ms and is renewed at most every 100 ms; `now` gives milliseconds. */
export function progressOn(face: Face, quiet: boolean, now: () => number = () => performance.now()): Progress {
  if (!face.errIsTerminal || quiet) return { step: () => {}, end: () => {} };
  const start = now();
  let shown = 0;
  let last = 0;
  return {
    step: (what, done, total) => {
      const time = now();
      if (time - start < 300 || (shown > 0 && time - last < 100)) return;
      last = time;
      const line = `${plain(what)} ${done}/${total}`.slice(0, 78);
      face.err(`\r${line.padEnd(shown)}`);
      shown = line.length;
    },
    end: () => {
      if (shown > 0) face.err(`\r${' '.repeat(shown)}\r`);
      shown = 0;
    },
  };
}

/** "1 call site", "2 call sites". */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** "a", "a and b", "a, b and c". */
export function listed(words: readonly string[], last = 'and'): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}
