// Letter case, ignored the same way wherever texts are compared: one UTF-16 unit at a time.

/** Lower case; a capital I with a dot above is "i", and sigma has one form at a word's end, too. */
export function foldCase(text: string): string {
  const plain = text.includes('\u0130') ? text.replaceAll('\u0130', 'i') : text;
  const lower = plain.toLowerCase();
  return lower.includes('\u03c2') ? lower.replaceAll('\u03c2', '\u03c3') : lower;
}

/** Whether folding a text is folding its units: not so of letters outside the basic plane that have a case. */
export function foldsByUnit(text: string): boolean {
  if (!/[\ud800-\udfff]/.test(text)) return true;
  return [...text].every(
    (character) =>
      character.length === 1 || (character.toLowerCase() === character && character.toUpperCase() === character),
  );
}

let folded: ReadonlyMap<number, readonly number[]> | undefined;

/** The UTF-16 units other than itself that are folded into a unit. */
export function foldedInto(unit: number): readonly number[] {
  folded ??= unitsByFold();
  return folded.get(unit) ?? [];
}

function unitsByFold(): ReadonlyMap<number, readonly number[]> {
  const units = new Map<number, number[]>();
  for (let unit = 0; unit < 65_536; unit++) {
    const into = foldCase(String.fromCharCode(unit)).charCodeAt(0);
    if (into === unit) continue;
    const others = units.get(into);
    if (others) others.push(unit);
    else units.set(into, [unit]);
  }
  return units;
}
