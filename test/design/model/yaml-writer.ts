// Writes one tree as YAML in many ways (block and flow, quotes, comments, order of keys) and says at which line and column each key and value stands.

import type { Random } from './random.ts';

export type Tree = null | string | number | boolean | Raw | readonly Tree[] | { readonly [key: string]: Tree };

/** A value that goes out as it stands here, in one line: `.nan`, `*anchor`, what is no YAML. */
export class Raw {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export interface Place {
  readonly line: number;
  readonly column: number;
}

export type Path = readonly (string | number)[];

export interface Written {
  readonly text: string;
  /** Where a key stands; the dash or the item itself of a list. */
  key(path: Path): Place;
  value(path: Path): Place;
}

export interface Style {
  /** Keys in any order; else as they are in the tree. */
  readonly shuffle: boolean;
  /** Share of maps and lists within a map that are in flow style. */
  readonly flow: number;
  /** Share of lines with a comment. */
  readonly comments: number;
  /** All text in quotes where it need not be; else by chance. */
  readonly quotes: 'any' | 'none';
  /** 41000 may also be written 4.1e+4: the same number, another text. */
  readonly numbers: 'any' | 'plain';
}

export const PLAIN_STYLE: Style = { shuffle: false, flow: 0, comments: 0, quotes: 'none', numbers: 'plain' };

export function anyStyle(random: Random): Style {
  return {
    shuffle: random.chance(0.7),
    flow: random.pick([0, 0.2, 0.5, 1]),
    comments: random.pick([0, 0, 0.15]),
    quotes: random.pick(['any', 'none']),
    numbers: random.pick(['any', 'plain', 'plain']),
  };
}

/** The documents of one file, with `---` between them; the first step of a path is the document's number. */
export function writeYaml(documents: readonly Tree[], style: Style, random: Random): Written {
  const writer = new Writer(style, random);
  documents.forEach((document, i) => {
    if (i > 0 || random.chance(0.2)) writer.put('---\n');
    writer.document(document, [i]);
  });
  const at = (kind: 'key' | 'value', path: Path): Place => {
    const place = writer.places.get(`${kind} ${JSON.stringify(path)}`);
    if (!place) throw new Error(`nothing was written at ${JSON.stringify(path)}`);
    return place;
  };
  return { text: writer.text, key: (path) => at('key', path), value: (path) => at('value', path) };
}

class Writer {
  text = '';
  readonly places = new Map<string, Place>();
  readonly #style: Style;
  readonly #random: Random;
  #line = 1;
  #column = 1;

  constructor(style: Style, random: Random) {
    this.#style = style;
    this.#random = random;
  }

  put(text: string): void {
    this.text += text;
    const parts = text.split('\n');
    this.#line += parts.length - 1;
    this.#column = parts.length > 1 ? parts[parts.length - 1].length + 1 : this.#column + text.length;
  }

  document(tree: Tree, path: Path): void {
    if (isMap(tree) || isList(tree)) {
      if (!isEmpty(tree) && !this.#random.chance(this.#style.flow / 4)) {
        this.#block(tree, path, 0, true);
        return;
      }
      this.#flow(tree, path, 2);
    } else this.#scalar(tree, path);
    this.put('\n');
  }

  #mark(kind: 'key' | 'value', path: Path): void {
    this.places.set(`${kind} ${JSON.stringify(path)}`, { line: this.#line, column: this.#column });
  }

  /** `fresh`: at the beginning of a line, not behind a dash. */
  #block(tree: Tree, path: Path, indent: number, fresh: boolean): void {
    let atStart = fresh;
    let first = true;
    const begin = (): void => {
      if (atStart) {
        if (!first && this.#random.chance(this.#style.comments)) this.put(`${' '.repeat(indent)}# ${this.#remark()}\n`);
        if (!first && this.#random.chance(this.#style.comments / 2)) this.put('\n');
        this.put(' '.repeat(indent));
      }
      if (first) this.#mark('value', path);
      first = false;
      atStart = true;
    };
    if (isList(tree)) {
      for (const [i, item] of tree.entries()) {
        begin();
        this.#mark('key', [...path, i]);
        this.put('- ');
        if ((isMap(item) || isList(item)) && this.#inBlock(item)) {
          this.#block(item, [...path, i], indent + 2, false);
          continue;
        }
        this.#inline(item, [...path, i], indent + 2);
        this.#endLine();
      }
      return;
    }
    for (const [key, value] of this.#entries(tree)) {
      begin();
      this.#mark('key', [...path, key]);
      this.put(`${this.#keyText(key)}:`);
      if ((isMap(value) || isList(value)) && this.#inBlock(value)) {
        this.#endLine();
        // A list may stand as far left as its key.
        const deeper = isList(value) && this.#random.chance(0.3) ? indent : indent + 2;
        this.#block(value, [...path, key], deeper, true);
        continue;
      }
      this.put(' ');
      this.#inline(value, [...path, key], indent + 2);
      this.#endLine();
    }
  }

  #inline(tree: Tree, path: Path, indent: number): void {
    if (isMap(tree) || isList(tree)) this.#flow(tree, path, indent);
    else this.#scalar(tree, path);
  }

  #flow(tree: Tree, path: Path, indent: number): void {
    this.#mark('value', path);
    const [open, close] = isList(tree) ? '[]' : '{}';
    this.put(open);
    const entries: readonly (readonly [string | number, Tree])[] = isList(tree)
      ? tree.map((item, i) => [i, item] as const)
      : this.#entries(tree);
    entries.forEach(([key, value], i) => {
      if (i > 0) this.put(',');
      if (this.#random.chance(0.1)) this.put(`\n${' '.repeat(indent + 2)}`);
      else if (i > 0) this.put(' ');
      if (i > 0 && this.#random.chance(this.#style.comments / 2))
        this.put(` # ${this.#remark()}\n${' '.repeat(indent + 2)}`);
      this.#mark('key', [...path, key]);
      if (!isList(tree)) this.put(`${this.#keyText(String(key))}: `);
      if (isMap(value) || isList(value)) this.#flow(value, [...path, key], indent + 2);
      else this.#scalar(value, [...path, key]);
    });
    this.put(close);
  }

  #scalar(value: Tree, path: Path): void {
    this.#mark('value', path);
    if (value instanceof Raw) this.put(value.text);
    else if (typeof value === 'string') this.put(this.#quoted(value));
    else if (typeof value === 'number') this.put(this.#number(value));
    else if (value === null) this.put(this.#random.pick(['null', 'null', '~']));
    else this.put(String(value));
  }

  #number(value: number): string {
    const exponent = value.toExponential();
    return this.#style.numbers === 'any' && value > 5 && /^[\d.e+]+$/.test(exponent) && this.#random.chance(0.2)
      ? exponent
      : String(value);
  }

  #keyText(key: string): string {
    return this.#style.quotes === 'any' && this.#random.chance(0.1) ? JSON.stringify(key) : this.#plain(key);
  }

  #quoted(text: string): string {
    if (this.#style.quotes === 'none') return this.#plain(text);
    switch (this.#random.between(0, 3)) {
      case 0:
        return `'${text.replaceAll("'", "''")}'`;
      case 1:
        return JSON.stringify(text);
      default:
        return this.#plain(text);
    }
  }

  /** Without quotes where that is the same text. */
  #plain(text: string): string {
    const same = /^[A-Za-z_][\w.|()/-]*( [\w.()/-]+)*$/.test(text) && !/^(true|false|null)$/i.test(text);
    return same ? text : `'${text.replaceAll("'", "''")}'`;
  }

  #entries(tree: Tree): readonly (readonly [string, Tree])[] {
    const entries = Object.entries(tree as { readonly [key: string]: Tree });
    return this.#style.shuffle ? this.#random.shuffled(entries) : entries;
  }

  #inBlock(tree: Tree): boolean {
    return !isEmpty(tree) && !this.#random.chance(this.#style.flow);
  }

  #endLine(): void {
    if (this.#random.chance(this.#style.comments)) this.put(`  # ${this.#remark()}`);
    this.put('\n');
  }

  #remark(): string {
    return this.#random.pick(['why: {not: yaml}', "it's a remark", '- id: PM9', 'level: 7', '"open', 'ünïcode']);
  }
}

function isList(tree: Tree): tree is readonly Tree[] {
  return Array.isArray(tree);
}

function isMap(tree: Tree): tree is { readonly [key: string]: Tree } {
  return tree !== null && typeof tree === 'object' && !Array.isArray(tree) && !(tree instanceof Raw);
}

function isEmpty(tree: Tree): boolean {
  return tree !== null && typeof tree === 'object' && Object.keys(tree).length === 0;
}
