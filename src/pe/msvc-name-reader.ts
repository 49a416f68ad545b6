// Reads the decorated names of Microsoft's compilers from left to right: qualified names, templates, types and function types.
import { DecoratedText, MOST_KEPT } from './decorated-text.ts';
import { CONST, FURTHER, LIFE, OPERATORS, PLAIN } from './msvc-letters.ts';

/** Templates and types within one another that are followed. */
const DEPTH_LIMIT = 24;
const MOST_PARTS = 32;
const MOST_ARGUMENTS = 64;
/** Every method answers undefined where it cannot go on. */
export class MsvcNameReader extends DecoratedText {
  /** The first ten parameters, which digits stand for later on. */
  #parameters: string[] = [];
  #depth = 0;

  /** Names from the innermost out, each up to "@", and one more "@". */
  qualified(): string | undefined {
    const parts = this.#scope([]);
    return parts && parts.length > 0 ? this.bounded(parts.join('::')) : undefined;
  }

  /** The same with a mark where the function only corrects `this` and goes on. */
  wholeFunctionName(): string | undefined {
    const name = this.functionName();
    const kind = this.text[this.at] ?? '';
    return name !== undefined && /[GHOPWX]/.test(kind) ? `${name}\`adjustor'` : name;
  }

  /** The qualified name of a function, from behind its first "?" up to its type. */
  functionName(): string | undefined {
    if (this.text[this.at] !== '?' || this.text.startsWith('?$', this.at)) return this.#templateOrPlain();
    this.at++;
    const first = this.text[this.at];
    if (first === '0' || first === '1') return this.#structor(first === '1' ? '~' : '');
    if (first === 'B') return this.#conversion();
    if (this.text.startsWith('__', this.at) && LIFE[this.text[this.at + 2]]) return this.#life();
    if (this.text.startsWith('__K', this.at)) {
      this.at += 3;
      const suffix = this.upToAt();
      return suffix ? this.#within(`operator ""${suffix}`) : undefined;
    }
    const name = this.#operator();
    return name === undefined ? undefined : this.#within(name);
  }

  /** A function's type, behind its name: nothing of it is told. False where it cannot be read. */
  passFunctionType(): boolean {
    const kind = this.text[this.at++] ?? '';
    if (kind === '9') return true;
    if (kind < 'A' || kind > 'Z') return false;
    const index = kind.charCodeAt(0) - 65;
    // Of each access (private, protected, public) eight letters: plain, static, virtual, and thunks, each also far.
    const isThunk = index < 24 && index % 8 >= 6;
    if (isThunk && this.number() === undefined) return false;
    const isMember = index < 24 && !(index % 8 === 2 || index % 8 === 3);
    if (isMember && !this.#passThis()) return false;
    return this.#signature(0, '') !== undefined;
  }

  /** The type that a conversion operator gives, behind its name. */
  conversionType(): string | undefined {
    this.at++;
    if (!this.#passThis()) return undefined;
    this.at++;
    return this.#returned(0);
  }

  #templateOrPlain(): string | undefined {
    if (this.text.startsWith('?$', this.at)) {
      const name = this.#template(false);
      return name === undefined ? undefined : this.#within(name);
    }
    const name = this.upToAt();
    return name ? this.#within(this.keep(name)) : undefined;
  }

  #structor(mark: string): string | undefined {
    this.at++;
    const parts = this.#scope([]);
    const own = parts?.at(-1)?.replace(/(?<=.)<.*>$/s, '');
    return own === undefined ? undefined : this.bounded([...(parts ?? []), mark + own].join('::'));
  }

  #conversion(): string | undefined {
    this.at++;
    const scope = this.qualified();
    if (scope === undefined) return undefined;
    const type = new MsvcNameReader(this.text, this.at);
    type.names = this.names;
    return this.bounded(`${scope}::operator ${type.conversionType() ?? '(a type)'}`);
  }

  #life(): string | undefined {
    const what = LIFE[this.text[this.at + 2]];
    this.at += 3;
    if (this.text[this.at] !== '?') {
      const name = this.upToAt();
      return name ? this.#within(`\`${what} for '${name}''`) : undefined;
    }
    this.at++;
    const name = this.functionName();
    return name === undefined ? undefined : this.bounded(`\`${what} for '${name}''`);
  }

  #operator(): string | undefined {
    const length = this.text.startsWith('__', this.at) ? 3 : this.text[this.at] === '_' ? 2 : 1;
    const letters = this.text.slice(this.at, this.at + length);
    this.at += length;
    return Object.hasOwn(OPERATORS, letters) ? OPERATORS[letters] : undefined;
  }

  /** A name with what it stands in. */
  #within(name: string): string | undefined {
    const parts = this.#scope([name]);
    return parts && this.bounded(parts.join('::'));
  }

  #scope(inner: readonly string[]): string[] | undefined {
    const parts = [...inner];
    while (this.text[this.at] !== '@') {
      const part = this.#part();
      if (part === undefined || parts.length > MOST_PARTS) return undefined;
      parts.unshift(part);
    }
    this.at++;
    return parts;
  }

  #part(): string | undefined {
    const first = this.text[this.at];
    if (first === undefined) return undefined;
    if (first >= '0' && first <= '9') {
      this.at++;
      return this.names[Number(first)];
    }
    if (this.text.startsWith('?$', this.at)) return this.#template(true);
    if (this.text.startsWith('?A', this.at)) {
      this.upToAt();
      return this.keep('(anonymous namespace)');
    }
    if (first === '?') return this.#localScope();
    const name = this.upToAt();
    return name ? this.keep(name) : undefined;
  }

  /** `?1??f@@YAXXZ`: what stands in a function's block of that number. */
  #localScope(): string | undefined {
    this.at++;
    if (this.number() === undefined || !this.text.startsWith('??', this.at)) return undefined;
    this.at += 2;
    if (++this.#depth > DEPTH_LIMIT) return undefined;
    const name = this.functionName();
    if (name === undefined || !this.passFunctionType()) return undefined;
    this.#depth--;
    return name;
  }

  /** `?$name@types@`: inside, digits count anew. */
  #template(keep: boolean): string | undefined {
    this.at += 2;
    if (++this.#depth > DEPTH_LIMIT) return undefined;
    const [names, parameters] = [this.names, this.#parameters];
    this.names = [];
    this.#parameters = [];
    const name = this.#templateName();
    if (!name) return undefined;
    const all: string[] = [];
    while (this.text[this.at] !== '@') {
      const empty = /^\$(?:\$\$V|\$V|\$Z|S)/.exec(this.text.slice(this.at, this.at + 4));
      if (empty) {
        this.at += empty[0].length;
        continue;
      }
      const argument = this.#argument();
      if (argument === undefined || all.length > MOST_ARGUMENTS) return undefined;
      all.push(argument);
    }
    this.at++;
    this.#depth--;
    this.names = names;
    this.#parameters = parameters;
    const whole = this.bounded(`${name}<${all.join(', ')}>`);
    return whole !== undefined && keep ? this.keep(whole) : whole;
  }

  #templateName(): string | undefined {
    if (this.text[this.at] !== '?') {
      const name = this.upToAt();
      return name ? this.keep(name) : undefined;
    }
    this.at++;
    // A constructor template's name is that of its class, which comes later.
    if (/[01]/.test(this.text[this.at] ?? '')) {
      const which = this.text[this.at++];
      return which === '0' ? '{constructor}' : '{destructor}';
    }
    if (this.text[this.at] === 'B') {
      this.at++;
      return 'operator (a type)';
    }
    return this.#operator();
  }

  #argument(): string | undefined {
    if (this.text.startsWith('$0', this.at)) {
      this.at += 2;
      return this.number();
    }
    if (this.text.startsWith('$M', this.at)) {
      this.at += 2;
      return this.#type(0) === undefined ? undefined : this.#constantOf();
    }
    const symbol = /^\$([1EH])\?/.exec(this.text.slice(this.at, this.at + 3));
    if (symbol) return this.#symbol(symbol[1]);
    return this.#type(0);
  }

  #constantOf(): string | undefined {
    return this.text[this.at++] === '0' ? this.number() : undefined;
  }

  /** The address of a function or variable; `H` has a number behind it. */
  #symbol(kind: string): string | undefined {
    this.at += 3;
    if (++this.#depth > DEPTH_LIMIT) return undefined;
    const name = this.functionName();
    if (
      name === undefined ||
      !(/[0-8]/.test(this.text[this.at] ?? '') ? this.#passVariable() : this.passFunctionType())
    )
      return undefined;
    if (kind === 'H' && this.number() === undefined) return undefined;
    this.#depth--;
    return kind === 'E' ? name : `&${name}`;
  }

  #passVariable(): boolean {
    this.at++;
    if (this.#type(0) === undefined) return false;
    return this.#passThis();
  }

  /** Modifiers of `this` or a pointer (`__ptr64`, restrict, & and &&), then const and volatile. */
  #passThis(): boolean {
    while (/[EFGHI]/.test(this.text[this.at] ?? '')) this.at++;
    return Object.hasOwn(CONST, this.text[this.at++] ?? '');
  }

  #type(depth: number): string | undefined {
    if (depth > DEPTH_LIMIT) return undefined;
    const first = this.text[this.at++];
    if (first === undefined) return undefined;
    if (Object.hasOwn(PLAIN, first)) return PLAIN[first];
    switch (first) {
      case '_': {
        const second = this.text[this.at++] ?? '';
        return Object.hasOwn(FURTHER, second) ? FURTHER[second] : undefined;
      }
      case '?':
        return this.#constant(depth);
      case 'V':
      case 'U':
      case 'T':
        return this.qualified();
      case 'W':
        return /[0-7]/.test(this.text[this.at++] ?? '') ? this.qualified() : undefined;
      case 'Y':
        return this.#array(depth);
      case 'P':
      case 'Q':
      case 'R':
      case 'S':
        return this.#pointed(depth, '*');
      case 'A':
      case 'B':
        return this.#pointed(depth, '&');
      case '$':
        return this.#extended(depth);
      default:
        return undefined;
    }
  }

  /** What begins with "$$". */
  #extended(depth: number): string | undefined {
    if (this.text[this.at++] !== '$') return undefined;
    const kind = this.text[this.at++];
    switch (kind) {
      case 'Q':
      case 'R':
        return this.#pointed(depth, '&&');
      case 'C':
        return this.#constant(depth);
      case 'T':
        return 'std::nullptr_t';
      case 'B':
        return this.#type(depth + 1);
      case 'Y':
        return this.qualified();
      case 'A':
        if (this.text[this.at] === '8') {
          this.at += 1;
          if (!this.text.startsWith('@@', this.at)) return undefined;
          this.at += 2;
          if (!this.#passThis()) return undefined;
        } else if (this.text[this.at++] !== '6') return undefined;
        return this.#signature(depth, '');
      default:
        return undefined;
    }
  }

  #pointed(depth: number, mark: string): string | undefined {
    if (this.text[this.at] === '6') {
      this.at++;
      return this.#signature(depth, ` (${mark})`);
    }
    if (this.text[this.at] === '8') {
      this.at++;
      const owner = this.qualified();
      return owner === undefined || !this.#passThis() ? undefined : this.#signature(depth, ` (${owner}::${mark})`);
    }
    while (/[EFI]/.test(this.text[this.at] ?? '')) this.at++;
    const member = 'QRST'.indexOf(this.text[this.at] ?? ' ');
    if (member >= 0) {
      this.at++;
      const owner = this.qualified();
      const type = owner === undefined ? undefined : this.#type(depth + 1);
      return type === undefined ? undefined : this.bounded(`${type} ${owner}::*`);
    }
    const to = this.#constant(depth);
    return to === undefined ? undefined : this.bounded(`${to}${mark}`);
  }

  #constant(depth: number): string | undefined {
    const which = this.text[this.at++] ?? '';
    const type = Object.hasOwn(CONST, which) ? this.#type(depth + 1) : undefined;
    return type === undefined ? undefined : `${CONST[which]}${type}`;
  }

  #array(depth: number): string | undefined {
    const dimensions = Number(this.number() ?? 0);
    if (!(dimensions > 0 && dimensions <= MOST_PARTS)) return undefined;
    let sizes = '';
    for (let i = 0; i < dimensions; i++) {
      const size = this.number();
      if (size === undefined) return undefined;
      sizes += size === '0' ? '[]' : `[${size}]`;
    }
    const constant = this.text.startsWith('$$C', this.at);
    if (constant) this.at += 3;
    const type = constant ? this.#constant(depth) : this.#type(depth + 1);
    return type === undefined ? undefined : `${type}${sizes}`;
  }

  /** Calling convention, what is returned, parameters, and what may be thrown. */
  #signature(depth: number, between: string): string | undefined {
    if (depth > DEPTH_LIMIT || !/[A-Z]/.test(this.text[this.at++] ?? '')) return undefined;
    const result = this.#returned(depth);
    const parameters = result === undefined ? undefined : this.#parameterList(depth);
    if (parameters === undefined) return undefined;
    if (this.text[this.at] === 'Z') this.at++;
    else if (this.text.startsWith('_E', this.at)) this.at += 2;
    else return undefined;
    return this.bounded(`${result}${between}(${parameters})`);
  }

  /** "@" where nothing is: constructors and destructors. */
  #returned(depth: number): string | undefined {
    if (this.text[this.at] === '@') {
      this.at++;
      return '';
    }
    return this.#type(depth + 1);
  }

  #parameterList(depth: number): string | undefined {
    if (this.text[this.at] === 'X') {
      this.at++;
      return 'void';
    }
    const all: string[] = [];
    while (this.text[this.at] !== '@' && this.text[this.at] !== 'Z') {
      const first = this.text[this.at] ?? '';
      const from = this.at;
      let type: string | undefined;
      if (/\d/.test(first)) {
        this.at++;
        type = this.#parameters[Number(first)];
      } else {
        type = this.#type(depth + 1);
        if (type !== undefined && this.at - from > 1 && this.#parameters.length < MOST_KEPT)
          this.#parameters.push(type);
      }
      if (type === undefined || all.length > MOST_ARGUMENTS) return undefined;
      all.push(type);
    }
    if (this.text[this.at++] === 'Z') all.push('...');
    return this.bounded(all.join(', '));
  }
}
