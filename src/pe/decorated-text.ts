// A decorated name while it is read from left to right: how far the reading is, and the names that digits stand for.

/** Characters of a name as it comes out: digits that stand for earlier parts could make it any length. */
const LONGEST = 4096;
/** Names and parameters that digits can stand for. */
export const MOST_KEPT = 10;

/** Every method answers undefined where it cannot go on. */
export class DecoratedText {
  protected readonly text: string;
  at: number;
  /** The first ten names, which digits stand for later on. */
  protected names: string[] = [];

  constructor(text: string, at: number) {
    this.text = text;
    this.at = at;
  }

  protected upToAt(): string | undefined {
    const end = this.text.indexOf('@', this.at);
    if (end < 0) return undefined;
    const name = this.text.slice(this.at, end);
    this.at = end + 1;
    return name;
  }

  protected keep(name: string): string {
    if (this.names.length < MOST_KEPT && !this.names.includes(name)) this.names.push(name);
    return name;
  }

  protected bounded(text: string): string | undefined {
    return text.length <= LONGEST ? text : undefined;
  }

  protected number(): string | undefined {
    const found = /^(\??)(?:(\d)|([A-P]*)@)/.exec(this.text.slice(this.at, this.at + 24));
    if (!found) return undefined;
    this.at += found[0].length;
    const digits = [...(found[3] ?? '')].map((letter) => letter.charCodeAt(0) - 65);
    const value =
      found[2] === undefined ? digits.reduce((sum, one) => sum * 16n + BigInt(one), 0n) : BigInt(found[2]) + 1n;
    return `${found[1] ? '-' : ''}${value}`;
  }
}
