// Names as the registry compares them: each character by itself in upper case, as RtlUpcaseUnicodeChar has it.

/** `name` in upper case; a character that becomes several, or would not come back, stays (ß, ı, µ), as in Windows' table. */
export function upperName(name: string): string {
  if (/^[\0-\x7f]*$/.test(name)) return name.toUpperCase();
  let text = '';
  for (let i = 0; i < name.length; i++) {
    const upper = name[i].toUpperCase();
    text += upper.length === 1 && upper.toLowerCase() === name[i] ? upper : name[i];
  }
  return text;
}
