// The program of a command line that COM starts: what is quoted, or up to the extension of a program, or up to the first blank.

/** Without quotes; the whole text where it has no end that can be told. */
export function programOfLine(line: string): string {
  const text = line.trim();
  if (text.startsWith('"')) {
    const end = text.indexOf('"', 1);
    return end < 0 ? text.slice(1) : text.slice(1, end);
  }
  const program = /^[^"]*?\.(?:exe|com|scr|bat|cmd)(?=\s|$)/i.exec(text)?.[0];
  return program ?? text.split(/\s/, 1)[0];
}
