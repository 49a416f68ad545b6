// The decorated name in an MSVC type descriptor (".?AVStart@CReport@@") as it is written in C++; what is too odd to be read stays as it is.

/** A type descriptor's name begins so: a class, a structure or a union. */
const BEGINNING = /^\.\?A[VUT]/;
/** Templates within one another that are followed. */
const DEPTH_LIMIT = 12;

/** "Outer::Inner" of ".?AVInner@Outer@@"; undefined where the text is no name of a class. */
export function msvcClassName(decorated: string): string | undefined {
  if (!BEGINNING.test(decorated) || !decorated.endsWith('@')) return undefined;
  const reader = new Reader(decorated, 4);
  const name = reader.qualified();
  return name !== undefined && reader.at === decorated.length ? name : decorated;
}

/** Types of one letter. */
const PLAIN: Readonly<Record<string, string>> = {
  C: 'signed char',
  D: 'char',
  E: 'unsigned char',
  F: 'short',
  G: 'unsigned short',
  H: 'int',
  I: 'unsigned int',
  J: 'long',
  K: 'unsigned long',
  M: 'float',
  N: 'double',
  X: 'void',
};
/** Those of a letter behind an underscore. */
const FURTHER: Readonly<Record<string, string>> = {
  J: '__int64',
  K: 'unsigned __int64',
  N: 'bool',
  S: 'char16_t',
  U: 'char32_t',
  W: 'wchar_t',
};
const CONST: Readonly<Record<string, string>> = { A: '', B: 'const ', C: 'volatile ', D: 'const volatile ' };

/** Reads from left to right; every method answers undefined where it cannot go on. */
class Reader {
  readonly #text: string;
  at: number;
  /** The first ten names and types, which digits stand for later on. */
  #names: string[] = [];
  #types: string[] = [];
  #depth = 0;

  constructor(text: string, at: number) {
    this.#text = text;
    this.at = at;
  }

  /** Names from the innermost out, each up to "@", and one more "@". */
  qualified(): string | undefined {
    const parts: string[] = [];
    while (this.#text[this.at] !== '@') {
      const part = this.#part();
      if (part === undefined || parts.length > 32) return undefined;
      parts.unshift(part);
    }
    this.at++;
    return parts.length > 0 ? parts.join('::') : undefined;
  }

  #part(): string | undefined {
    const first = this.#text[this.at];
    if (first === undefined) return undefined;
    if (first >= '0' && first <= '9') {
      this.at++;
      return this.#names[Number(first)];
    }
    if (this.#text.startsWith('?$', this.at)) return this.#template();
    if (this.#text.startsWith('?A', this.at)) {
      this.#upToAt();
      return this.#keep('(anonymous namespace)');
    }
    const name = first === '?' ? undefined : this.#upToAt();
    return name ? this.#keep(name) : undefined;
  }

  #upToAt(): string | undefined {
    const end = this.#text.indexOf('@', this.at);
    if (end < 0) return undefined;
    const name = this.#text.slice(this.at, end);
    this.at = end + 1;
    return name;
  }

  #keep(name: string): string {
    if (this.#names.length < 10) this.#names.push(name);
    return name;
  }

  /** `?$name@types@`: inside, digits count anew. */
  #template(): string | undefined {
    this.at += 2;
    if (++this.#depth > DEPTH_LIMIT) return undefined;
    const [names, types] = [this.#names, this.#types];
    this.#names = [];
    this.#types = [];
    const name = this.#upToAt();
    if (!name) return undefined;
    this.#keep(name);
    const all: string[] = [];
    while (this.#text[this.at] !== '@') {
      if (/^\$(?:\$V|\$Z|S)/.test(this.#text.slice(this.at, this.at + 3))) {
        this.at += this.#text[this.at + 1] === 'S' ? 2 : 3;
        continue;
      }
      const from = this.at;
      const type = this.#argument();
      if (type === undefined || all.length > 64) return undefined;
      if (this.at - from > 1 && this.#types.length < 10) this.#types.push(type);
      all.push(type);
    }
    this.at++;
    this.#depth--;
    this.#names = names;
    this.#types = types;
    return this.#keep(`${name}<${all.join(', ')}>`);
  }

  #argument(): string | undefined {
    if (!this.#text.startsWith('$0', this.at)) return this.#type(0);
    this.at += 2;
    return this.#number();
  }

  #number(): string | undefined {
    const found = /^(\??)(?:(\d)|([A-P]+)@)/.exec(this.#text.slice(this.at, this.at + 24));
    if (!found) return undefined;
    this.at += found[0].length;
    const digits = [...(found[3] ?? '')].map((letter) => letter.charCodeAt(0) - 65);
    const value = found[2] === undefined ? digits.reduce((sum, one) => sum * 16 + one, 0) : Number(found[2]) + 1;
    return `${found[1] ? '-' : ''}${value}`;
  }

  #type(depth: number): string | undefined {
    if (depth > DEPTH_LIMIT) return undefined;
    const first = this.#text[this.at++];
    if (first === undefined) return undefined;
    if (first >= '0' && first <= '9') return this.#types[Number(first)];
    if (Object.hasOwn(PLAIN, first)) return PLAIN[first];
    switch (first) {
      case '_': {
        const second = this.#text[this.at++] ?? '';
        return Object.hasOwn(FURTHER, second) ? FURTHER[second] : undefined;
      }
      case 'V':
      case 'U':
      case 'T':
        return this.qualified();
      case 'W':
        return this.#text[this.at++] === '4' ? this.qualified() : undefined;
      case 'P':
      case 'Q':
        return this.#pointed(depth, '*');
      case 'A':
        return this.#pointed(depth, '&');
      case '$':
        if (this.#text.startsWith('$Q', this.at)) {
          this.at += 2;
          return this.#pointed(depth, '&&');
        }
        if (!this.#text.startsWith('$C', this.at)) return undefined;
        this.at += 2;
        return this.#constant(depth);
      default:
        return undefined;
    }
  }

  #pointed(depth: number, mark: string): string | undefined {
    while (this.#text[this.at] === 'E' || this.#text[this.at] === 'I') this.at++;
    const to = this.#constant(depth);
    return to === undefined ? undefined : `${to}${mark}`;
  }

  #constant(depth: number): string | undefined {
    const which = this.#text[this.at++] ?? '';
    const type = Object.hasOwn(CONST, which) ? this.#type(depth + 1) : undefined;
    return type === undefined ? undefined : `${CONST[which]}${type}`;
  }
}
