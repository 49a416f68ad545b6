// The longest text that every match of a regular expression has in it, as far as a plain look at its source tells.

/** Empty where there is none that is sure. */
export function requiredText(source: string): string {
  let best = '';
  let run = '';
  let depth = 0;
  const endRun = (): void => {
    if (run.length > best.length) best = run;
    run = '';
  };
  for (let at = 0; at < source.length; at++) {
    const c = source[at];
    let literal: string | undefined;
    if (c === '\\') {
      const next = source[++at] ?? '';
      if (/[xucpPk0-9]/.test(next)) return '';
      if (/[^A-Za-z]/.test(next)) literal = next;
    } else if (c === '(') {
      depth++;
      endRun();
      continue;
    } else if (c === ')') {
      depth--;
      endRun();
      continue;
    } else if (c === '|') {
      // What stands beside an alternative outside of any group is needed by none.
      if (depth === 0) return '';
    } else if (c === '[') {
      const end = endOfClass(source, at);
      if (end < 0) return '';
      at = end;
    } else if (!/[.^$*+?{}]/.test(c)) literal = c;
    const quantifier = /^(?:[*+?]|\{\d*,?\d*\})/.exec(source.slice(at + 1, at + 12))?.[0] ?? '';
    if (literal !== undefined && depth === 0 && quantifier === '') {
      run += literal;
      continue;
    }
    endRun();
    if (literal !== undefined && depth === 0 && quantifier.startsWith('+')) run = literal;
    endRun();
    at += quantifier.length;
  }
  endRun();
  // A letter or digit is nearly everywhere.
  return /^\w?$/.test(best) ? '' : best;
}

/** Where a class ends that begins at `from`; -1 where it does not. */
function endOfClass(source: string, from: number): number {
  let at = from + 1;
  if (source[at] === '^') at++;
  if (source[at] === ']') at++;
  for (; at < source.length; at++) {
    if (source[at] === '\\') at++;
    else if (source.startsWith('[:', at)) {
      const end = source.indexOf(':]', at);
      if (end > 0) at = end + 1;
    } else if (source[at] === ']') return at;
  }
  return -1;
}
