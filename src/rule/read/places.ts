// Lines and columns of offsets in a text, as a file has them where the text is a part of one.

import type { Position } from '../condition.ts';

/** Of offsets that only grow but for a look back within the line. */
export class Places {
  readonly #text: string;
  /** Where the text begins in its file. */
  readonly #from: Position;
  #line = 0;
  #start = 0;
  /** Where the line ends that was looked at last. */
  #end: number;

  constructor(text: string, from: Position = { line: 1, column: 1 }) {
    this.#text = text;
    this.#from = from;
    this.#end = this.#nextEnd(0);
  }

  of(offset: number): Position {
    while (this.#end < offset) {
      this.#line++;
      this.#start = this.#end + 1;
      this.#end = this.#nextEnd(this.#start);
    }
    const first = this.#line === 0 ? this.#from.column : 1;
    return { line: this.#from.line + this.#line, column: offset - this.#start + first };
  }

  #nextEnd(from: number): number {
    const end = this.#text.indexOf('\n', from);
    return end < 0 ? this.#text.length : end;
  }
}
