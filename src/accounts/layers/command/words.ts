// The words of a command line, by the rule of Microsoft's C runtime, which net.exe and most programs of Windows take them by.

/** Windows takes 32,767 characters at most; what an exporter made longer is read as far as this. */
export const LONGEST_LINE = 1 << 20;
/** Words that are kept; no command of the tables has as many. */
const MOST_WORDS = 100_000;

/** Quotes group and are dropped, `\"` is a quote, two quotes within quotes are one; blanks and tabs part. */
export function wordsOf(line: string): readonly string[] {
  const words: string[] = [];
  const end = Math.min(line.length, LONGEST_LINE);
  let i = 0;
  while (i < end && words.length < MOST_WORDS) {
    while (i < end && isBlank(line[i])) i++;
    if (i >= end) break;
    const parts: string[] = [];
    let isQuoted = false;
    let from = i;
    for (; i < end && (isQuoted || !isBlank(line[i])); i++) {
      if (line[i] === '\\') {
        let after = i;
        while (line[after] === '\\') after++;
        if (line[after] !== '"') {
          i = after - 1;
          continue;
        }
        const count = after - i;
        parts.push(line.slice(from, i + (count >> 1)));
        from = after;
        // An odd one makes the quote a letter, which stays for the next part.
        i = count % 2 === 1 ? after : after - 1;
      } else if (line[i] === '"') {
        parts.push(line.slice(from, i));
        if (isQuoted && line[i + 1] === '"') {
          parts.push('"');
          i++;
        } else isQuoted = !isQuoted;
        from = i + 1;
      }
    }
    parts.push(line.slice(from, i));
    words.push(parts.join(''));
  }
  return words;
}

function isBlank(character: string): boolean {
  return character === ' ' || character === '\t' || character === '\r' || character === '\n';
}

/** What follows the program in a command line; `image` is its path, which an unquoted one with blanks is told by. */
export function argumentsIn(line: string, image: string | undefined): string {
  const text = line.slice(0, LONGEST_LINE).trimStart();
  if (text.startsWith('"')) {
    const close = text.indexOf('"', 1);
    return close < 0 ? '' : text.slice(close + 1);
  }
  if (image !== undefined && text.slice(0, image.length).toLowerCase() === image.toLowerCase())
    return text.slice(image.length);
  // cmd/c: a switch may follow that program at once.
  const glued = /^[^"\s/]{0,260}?\bcmd(?:\.exe)?(?=\/)/i.exec(text);
  if (glued) return text.slice(glued[0].length);
  const blank = text.search(/\s/);
  return blank < 0 ? '' : text.slice(blank);
}

/** "net1" of C:\Windows\System32\NET1.EXE: how the tables name a program. */
export function programName(path: string): string {
  const plain = path.slice(-512).trim().replaceAll('"', '');
  const cut = Math.max(plain.lastIndexOf('\\'), plain.lastIndexOf('/'));
  const name = plain.slice(cut + 1).toLowerCase();
  const dot = name.lastIndexOf('.');
  return dot > 0 && EXTENSIONS.has(name.slice(dot + 1)) ? name.slice(0, dot) : name;
}

const EXTENSIONS: ReadonlySet<string> = new Set(['exe', 'com', 'cmd', 'bat', 'msc', 'cpl', 'dll']);
