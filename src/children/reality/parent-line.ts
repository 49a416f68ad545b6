// What a process's command line says: the programs, classes and services that it names.

/** What stands behind the program in a command line. */
export function argumentsOf(line: string): string {
  return line.trimStart().replace(/^(?:"[^"]*"?|\S+)/, '');
}

/** Whether a text names a program: by its file name, or that without extension as a word. */
export function namesProgram(text: string, child: string): boolean {
  const line = text.toLowerCase();
  const stem = child.replace(/\.[a-z]+$/, '');
  for (let at = line.indexOf(stem); at >= 0; at = line.indexOf(stem, at + 1)) {
    const [before, behind] = [line[at - 1] ?? ' ', line.slice(at + stem.length)];
    if (/[^\w-]/.test(before) && /^(?:\.(?:exe|com|scr|bat|cmd)\b|[^\w.-]|$)/.test(behind)) return true;
  }
  return false;
}

export function classIn(line: string): { classId?: string } {
  const id = /\{[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}\}/i.exec(line)?.[0];
  return id === undefined ? {} : { classId: id.toLowerCase() };
}

/** The group of a service host's command line. */
export function groupOf(line: string): string | undefined {
  return /\s-k\s+"?([^\s"]+)/i.exec(line)?.[1];
}

/** The service of a service host's command line, else its group. */
export function serviceOf(line: string): string | undefined {
  const group = groupOf(line);
  return group === undefined ? undefined : (/\s-s\s+"?([^\s"]+)/i.exec(line)?.[1] ?? group);
}
