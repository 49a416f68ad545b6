// What class a moniker's display name asks for: "new:{...}", "Elevation:Administrator!new:{...}", "session:1!clsid:{...}", or a ProgID before a colon.

export interface MonikerClass {
  /** CLSID in lower case without braces. */
  readonly classId?: string;
  readonly progId?: string;
  /** The class is asked for with rights that the program may not have. */
  readonly elevated?: true;
}

const BRACED = /^\{?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\}?/i;
const PROG_ID = /^[a-z][\w.-]{0,254}$/i;

/** A CLSID written with or without braces, in lower case without them; undefined where the text is none. */
export function classIdIn(text: string): string | undefined {
  const match = BRACED.exec(text.trim());
  return match?.[0].length === text.trim().length ? match[1].toLowerCase() : undefined;
}

/** A text that COM takes for a ProgID; undefined where it cannot be one. */
export function progIdIn(text: string): string | undefined {
  return PROG_ID.test(text) && text.length <= 255 ? text : undefined;
}

/** The class that a display name asks for, as far as the text says. */
export function classOfMoniker(text: string): MonikerClass {
  let elevated = false;
  for (const part of text.split('!')) {
    const colon = part.indexOf(':');
    // One letter before a colon is a drive.
    const head = colon < 2 ? '' : part.slice(0, colon).toLowerCase();
    const rest = part.slice(colon + 1);
    if (head === 'elevation') elevated = true;
    else if (head === 'new' || head === 'clsid') {
      const classId = BRACED.exec(rest)?.[1].toLowerCase();
      const progId = classId === undefined ? progIdIn(rest) : undefined;
      return {
        ...(classId === undefined ? {} : { classId }),
        ...(progId === undefined ? {} : { progId }),
        ...(elevated ? { elevated: true as const } : {}),
      };
    } else if (head !== '' && head !== 'session') {
      const progId = progIdIn(part.slice(0, colon));
      return { ...(progId === undefined ? {} : { progId }), ...(elevated ? { elevated: true as const } : {}) };
    }
  }
  return elevated ? { elevated: true } : {};
}
