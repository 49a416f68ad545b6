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

let units: Uint16Array | undefined;

/** By a UTF-16 unit, what it is folded. */
export function foldedUnits(): Uint16Array {
  units ??= Uint16Array.from({ length: 65_536 }, (_, unit) => foldCase(String.fromCharCode(unit)).charCodeAt(0));
  return units;
}
