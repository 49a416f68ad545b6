// What a function may be called: hints from its own texts, the class whose table of functions it stands in, and those that call it.
import type { ModuleFlow } from '../code/flow.ts';
import { type FunctionText, textsOf } from '../code/function-texts.ts';
import { MethodTables } from '../code/method-tables.ts';
import { classOf, logComponent, methodIn, sourceFile } from '../code/source-names.ts';
import { addressOf } from './address.ts';
import type { FunctionNames } from './function-names.ts';

/** Names that one hint lists. */
const MOST_NAMES = 3;
/** Callers that are looked at, and other functions of a table. */
const MOST_CALLERS = 8;
const MOST_MATES = 64;
/** Calls that are gone up, each of them the only one. */
const LEVELS = 3;
/** Log texts that must name a component: one alone may name anything. */
const FEWEST_LOG_TEXTS = 2;

/** A name with where it stands. */
interface Named {
  readonly name: string;
  readonly rva: number;
}

/** The hints at the functions of one module, worked out when asked for. */
export class FunctionHints {
  readonly #flow: ModuleFlow;
  readonly #names: FunctionNames;
  readonly #tables: MethodTables;
  readonly #texts = new Map<number, readonly FunctionText[]>();
  readonly #methods = new Map<number, readonly Named[]>();

  constructor(flow: ModuleFlow, names: FunctionNames) {
    this.#flow = flow;
    this.#names = names;
    this.#tables = new MethodTables(flow);
  }

  /** The hints at the function that starts at `start`, each in words that say what it rests on, the strongest first; none where nothing hints at it. */
  of(start: number): readonly string[] {
    const named = [...this.#byStrings(start), ...this.#byRtti(start)];
    const own = [...(named.length > 0 ? named : this.#byTable(start)), ...this.#bySource(start), ...this.#byLog(start)];
    return own.length > 0 ? own : this.#byCallers(start);
  }

  /** Those that the function's own texts give: the cheap ones. */
  ofTexts(start: number): readonly string[] {
    return [...this.#byStrings(start), ...this.#bySource(start), ...this.#byLog(start)];
  }

  /** The tables of functions that a function stands in, in words, where no class's name is known of them. */
  placesOf(start: number): readonly string[] {
    if (this.#tables.classesOf(start).length > 0) return [];
    return this.#tables
      .tablesWith(start)
      .map(({ rva, methods }) => `function ${methods.indexOf(start)} of the table at ${this.#at(rva)}`);
  }

  /** The texts that a function takes the addresses of. */
  textsOf(start: number): readonly FunctionText[] {
    let texts = this.#texts.get(start);
    if (!texts) {
      texts = textsOf(this.#flow, start);
      this.#texts.set(start, texts);
    }
    return texts;
  }

  /** The methods that a function's texts name, each once. */
  #methodsOf(start: number): readonly Named[] {
    let methods = this.#methods.get(start);
    if (!methods) {
      const found = new Map<string, Named>();
      for (const { text, rva } of this.textsOf(start)) {
        const name = methodIn(text);
        if (name !== undefined && !found.has(name)) found.set(name, { name, rva });
      }
      methods = [...found.values()];
      this.#methods.set(start, methods);
    }
    return methods;
  }

  #byStrings(start: number): readonly string[] {
    const methods = this.#methodsOf(start);
    if (methods.length === 0) return [];
    const others = methods.length > 1 ? ', its own or those of code put into it' : '';
    return [`by its strings: ${this.#list(methods)}${others}`];
  }

  #byRtti(start: number): readonly string[] {
    const places = this.#tables.classesOf(start);
    if (places.length === 0) return [];
    const shown = places
      .slice(0, MOST_NAMES)
      .map(({ className, index, table }) => `virtual function ${index} of ${className} (table at ${this.#at(table)})`);
    return [`by RTTI: ${shown.join(', ')}${more(places.length)}`];
  }

  #bySource(start: number): readonly string[] {
    const files = this.textsOf(start).flatMap(({ text, rva }) => {
      const kind = sourceFile(text);
      return kind === undefined ? [] : [{ name: text, rva, kind }];
    });
    const sources = files.filter(({ kind }) => kind === 'source');
    if (sources.length > 0) return [`by its source path: ${this.#list(sources)}`];
    return files.length > 0 ? [`by the path of a header whose code is put into it: ${this.#list(files)}`] : [];
  }

  /** A table of functions without a class's name: what the others in it say of theirs. */
  #byTable(start: number): readonly string[] {
    const classes = new Map<string, Named>();
    let table = -1;
    for (const one of this.#tables.tablesWith(start)) {
      for (const mate of one.methods.slice(0, MOST_MATES)) {
        if (mate === start) continue;
        for (const { name, rva } of this.#methodsOf(mate)) {
          if (!classes.has(classOf(name))) classes.set(classOf(name), { name, rva });
          table = one.rva;
        }
      }
    }
    // Several classes: a base and what is derived from it, or a table that is none of a class.
    if (classes.size !== 1) return [];
    const [[className, { name, rva }]] = classes;
    return [
      `by its class: ${className}, for another function of its table (at ${this.#at(table)}) has the string ${name} (at ${this.#at(rva)})`,
    ];
  }

  #byLog(start: number): readonly string[] {
    const counts = new Map<string, number>();
    for (const { text } of this.textsOf(start)) {
      const component = logComponent(text);
      if (component !== undefined) counts.set(component, (counts.get(component) ?? 0) + 1);
    }
    const [first, ...others] = counts;
    if (first === undefined || others.length > 0 || first[1] < FEWEST_LOG_TEXTS) return [];
    return [`by its log texts: of the component ${first[0]} (${first[1]} texts)`];
  }

  /** Up the calls, as long as there is one caller, to functions that all say who they are. */
  #byCallers(start: number): readonly string[] {
    const between: number[] = [];
    for (let at = start; between.length < LEVELS; ) {
      const callers = this.#onlyCallersOf(at);
      if (callers.length === 0 || callers.length > MOST_CALLERS) return [];
      const labels = new Set(callers.map((caller) => this.#labelOf(caller)));
      if (!labels.has(undefined)) {
        const way = between.length > 0 ? ` by way of ${between.map((one) => this.#at(one)).join(' and ')}` : '';
        const shown = [...labels].slice(0, MOST_NAMES).join(', ');
        return [`by its callers: called${way} only from ${shown}${more(labels.size)}`];
      }
      if (callers.length !== 1 || between.includes(callers[0]) || callers[0] === start) return [];
      at = callers[0];
      between.push(at);
    }
    return [];
  }

  /** The functions that call one; none where something else than a call may lead to it. */
  #onlyCallersOf(start: number): readonly number[] {
    const { image, references } = this.#flow;
    const taken = (image.is64 ? references.addresses : references.data).to(start).length > 0;
    if (taken || this.#tables.isPointedTo(start) || this.#names.exportOf(start) !== undefined) return [];
    return [...new Set(this.#flow.callersOf(start).map((caller) => caller.function))];
  }

  /** Who a caller is, with what that rests on. */
  #labelOf(start: number): string | undefined {
    const named = this.#names.of(start);
    if (named)
      return `${named.name} (${named.by.kind === 'export' ? 'an export' : `by the symbols of ${named.by.file}`})`;
    const methods = this.#methodsOf(start);
    if (methods.length === 1) return `${methods[0].name} (by its string at ${this.#at(methods[0].rva)})`;
    const [place] = this.#tables.classesOf(start);
    return place && `virtual function ${place.index} of ${place.className} (by RTTI)`;
  }

  #list(named: readonly Named[]): string {
    const shown = named.slice(0, MOST_NAMES).map(({ name, rva }) => `${name} (at ${this.#at(rva)})`);
    return `${shown.join(', ')}${more(named.length)}`;
  }

  #at(rva: number): string {
    return addressOf(this.#flow.image, rva);
  }
}

function more(count: number): string {
  return count > MOST_NAMES ? ` and ${count - MOST_NAMES} more` : '';
}
