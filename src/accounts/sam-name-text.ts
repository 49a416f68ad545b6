// A name of a SAM as it is told beside others: a hive may hold names far longer than Windows makes, and lead to one from everywhere.

/** Windows makes none longer (LM20_UNLEN is 20, GNLEN 256). */
const MOST_CHARACTERS = 256;

/** The name, or its first characters and "...". */
export function nameText(name: string): string {
  return name.length <= MOST_CHARACTERS ? name : `${name.slice(0, MOST_CHARACTERS)}...`;
}
