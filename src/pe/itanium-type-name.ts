// The mangled name in a type_info of GCC or clang ("N6Report5StartE") as it is written in C++; what is too odd to be read stays as it is.

/** Templates and pointers within one another that are followed. */
const DEPTH_LIMIT = 12;
const LOOKS_LIKE = /^\*?(?:N[\w.$]+E|St\d[\w.$]+|\d[\w.$]+)$/;

/** "Report::Start" of "N6Report5StartE"; undefined where the text is no name of a class. */
export function itaniumClassName(mangled: string): string | undefined {
  if (!LOOKS_LIKE.test(mangled)) return undefined;
  const text = mangled.replace(/^\*/, '');
  const reader = new Reader(text);
  const name = reader.name(0);
  if (name !== undefined && reader.at === text.length) return name;
  // A first component that goes beyond the end is no mangled name at all.
  return reader.lied ? undefined : text;
}

const PLAIN: Readonly<Record<string, string>> = {
  v: 'void',
  w: 'wchar_t',
  b: 'bool',
  c: 'char',
  a: 'signed char',
  h: 'unsigned char',
  s: 'short',
  t: 'unsigned short',
  i: 'int',
  j: 'unsigned int',
  l: 'long',
  m: 'unsigned long',
  x: 'long long',
  y: 'unsigned long long',
  f: 'float',
  d: 'double',
  e: 'long double',
};
const KNOWN: Readonly<Record<string, string>> = {
  t: 'std',
  a: 'std::allocator',
  b: 'std::basic_string',
  s: 'std::string',
};

/** Reads from left to right; every method answers undefined where it cannot go on. */
class Reader {
  readonly #text: string;
  at = 0;
  /** Whether a length was given that the text does not have. */
  lied = false;
  /** What S_, S0_ ... stand for. */
  readonly #kept: string[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  name(depth: number): string | undefined {
    if (depth > DEPTH_LIMIT) return undefined;
    if (this.#text[this.at] !== 'N') return this.#unnested(depth);
    this.at++;
    let name = '';
    for (let parts = 0; this.#text[this.at] !== 'E'; parts++) {
      if (parts > 32) return undefined;
      const first = this.#text[this.at];
      if (first === 'I') {
        const list = this.#list(depth);
        if (list === undefined) return undefined;
        name += list;
        this.#kept.push(name);
      } else if (first === 'S') {
        const known = this.#substituted();
        if (known === undefined) return undefined;
        name = known;
      } else {
        const part = this.#source();
        if (part === undefined) return undefined;
        name = name === '' ? part : `${name}::${part}`;
        this.#kept.push(name);
      }
    }
    this.at++;
    return name === '' ? undefined : name;
  }

  #unnested(depth: number): string | undefined {
    let name = '';
    if (this.#text[this.at] === 'S') {
      const known = this.#substituted();
      if (known === undefined) return undefined;
      name = known;
    }
    if (name === '' || name === 'std') {
      const part = this.#source();
      if (part === undefined) return undefined;
      name = name === '' ? part : `${name}::${part}`;
      this.#kept.push(name);
    }
    if (this.#text[this.at] !== 'I') return name;
    const list = this.#list(depth);
    if (list === undefined) return undefined;
    this.#kept.push(name + list);
    return name + list;
  }

  /** A length and so many characters. */
  #source(): string | undefined {
    const length = /^\d{1,4}/.exec(this.#text.slice(this.at, this.at + 4))?.[0];
    if (length === undefined) return undefined;
    const from = this.at + length.length;
    const name = this.#text.slice(from, from + Number(length));
    if (name.length !== Number(length) || name === '' || /^\d/.test(name)) {
      this.lied = true;
      return undefined;
    }
    this.at = from + name.length;
    return name.startsWith('_GLOBAL__N_') ? '(anonymous namespace)' : name;
  }

  #substituted(): string | undefined {
    const found = /^S(?:([tabs])|([0-9A-Z]{0,3})_)/.exec(this.#text.slice(this.at, this.at + 5));
    if (!found) return undefined;
    this.at += found[0].length;
    if (found[1] !== undefined) return KNOWN[found[1]];
    return this.#kept[found[2] === '' ? 0 : Number.parseInt(found[2], 36) + 1];
  }

  #list(depth: number): string | undefined {
    this.at++;
    const all: string[] = [];
    while (this.#text[this.at] !== 'E') {
      const one = this.#argument(depth + 1);
      if (one === undefined || all.length > 64) return undefined;
      if (one !== '') all.push(one);
    }
    this.at++;
    return `<${all.join(', ')}>`;
  }

  #argument(depth: number): string | undefined {
    const first = this.#text[this.at];
    if (first === 'J') return depth > DEPTH_LIMIT ? undefined : this.#list(depth)?.slice(1, -1);
    if (first !== 'L') return this.#type(depth);
    const value = /^L([a-z])(n?)(\d+)E/.exec(this.#text.slice(this.at, this.at + 32));
    if (!value) return undefined;
    this.at += value[0].length;
    if (value[1] === 'b') return value[3] === '0' ? 'false' : 'true';
    return `${value[2] === 'n' ? '-' : ''}${value[3]}`;
  }

  #type(depth: number): string | undefined {
    if (depth > DEPTH_LIMIT) return undefined;
    const first = this.#text[this.at] ?? '';
    if (Object.hasOwn(PLAIN, first)) {
      this.at++;
      return PLAIN[first];
    }
    const mark =
      first === 'P' ? '*' : first === 'R' ? '&' : first === 'O' ? '&&' : first === 'K' ? ' const' : undefined;
    if (mark === undefined) return this.name(depth + 1);
    this.at++;
    const to = this.#type(depth + 1);
    if (to === undefined) return undefined;
    this.#kept.push(`${to}${mark}`);
    return `${to}${mark}`;
  }
}
