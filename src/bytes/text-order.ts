// The order of texts by their UTF-16 units, the same in every language and on every machine.

/** As Array.prototype.sort has it. */
export function compareTexts(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
