// Without which arguments of the parent a child is not started: what must have been found in its own command line before the call.
import { commandFunctions } from '../code/command-functions.ts';
import type { ModuleFlow } from '../code/flow.ts';
import { FunctionValues } from '../code/function-values.ts';
import type { Needed } from '../code/needed.ts';
import { NeededComparisons } from '../code/needed-comparisons.ts';
import type { Outward } from '../code/outward.ts';
import type { TextPath } from '../code/pieces.ts';
import { openEnds } from '../code/rewrite.ts';
import {
  type CharacterFound,
  comparedBy,
  type Fact,
  factKey,
  readFor,
  type TextComparison,
} from '../code/text-comparison.ts';
import { UNSET, type ValueId } from '../code/values.ts';
import { addressOf } from './address.ts';
import { type CharacterPlace, type FoundText, textsOf } from './compared-texts.ts';
import type { ParentArgument, When } from './document.ts';
import type { Site } from './sites.ts';
import { eitherWhen, whenAll } from './when.ts';

/** Texts that one condition tells. */
const MOST_TEXTS = 12;
/** Facts that are looked at in one module. */
const MOST_FACTS = 200;
/** Values that are worked out in one function for its facts. */
const MOST_VALUES = 500;

/** The conditions of the sites of one module. */
export class ParentArguments {
  readonly #flow: ModuleFlow;
  readonly #outward: Outward;
  readonly #module: string;
  readonly #functions: ReadonlySet<number>;
  readonly #needed: NeededComparisons;
  /** By fact: the constants that it finds in the own command line. */
  readonly #constants = new Map<string, readonly string[] | undefined>();

  /** Functions that are asked for a few values only: a fact is not worth much work, and what it takes is not to be missed at a site. */
  readonly #brief = new Map<number, FunctionValues | undefined>();
  readonly #valuesOf = (start: number): FunctionValues | undefined => {
    if (!this.#brief.has(start)) {
      const body = this.#flow.code.body(start);
      this.#brief.set(start, body && new FunctionValues(body, this.#flow, MOST_VALUES));
    }
    return this.#brief.get(start);
  };

  constructor(flow: ModuleFlow, outward: Outward, module: string) {
    this.#flow = flow;
    this.#outward = outward;
    this.#module = module;
    // A module seldom looks at the command line of the program that loads it.
    this.#functions = flow.image.isDll ? new Set() : commandFunctions(flow);
    this.#needed = new NeededComparisons(flow, {
      mayKnow: (start) => this.#functions.has(start),
      callsTo: (start) => outward.everyCallTo(start),
      isWanted: (fact) => this.#constantsOf(fact) !== undefined,
    });
  }

  /** Without what in the parent's command line a site starts nothing of what these texts name. */
  when(site: Site, texts: readonly TextPath[]): When | undefined {
    return this.#functions.size === 0 ? undefined : eitherWhen(texts.map((from) => whenAll(this.#of(site, from))));
  }

  /** What the parent's command line must hold for a site to start what `from` names: all of these. */
  #of(site: Site, from: TextPath): readonly ParentArgument[] {
    const chain = new Set([site.function]);
    const needed: Needed[] = [...this.#needed.within(site.rva)];
    let outermost = site.function;
    for (const step of [...from.steps].reverse()) {
      if (step.by !== 'caller') continue;
      outermost = this.#flow.functionHolding(step.site);
      chain.add(outermost);
      needed.push(...this.#needed.within(step.site));
    }
    // What made the text must have been run as well.
    for (const step of from.steps)
      if (step.by !== 'caller' && chain.has(this.#flow.functionHolding(step.site)))
        needed.push(...this.#needed.within(step.site));
    const all = [...this.#needed.onEntry(outermost), ...needed];
    const values = {
      constantsOf: (fact: Fact) => this.#constantsOf(fact) ?? [],
      placeOf: (fact: CharacterFound) => this.#placeOf(fact),
    };
    return textsOf(all, values).flatMap((found) => this.#told(found));
  }

  #told({ texts, sites }: FoundText): readonly ParentArgument[] {
    if (texts.length === 0 || texts.length > MOST_TEXTS) return [];
    const { image } = this.#flow;
    const rvas = [...sites].sort((a, b) => a - b);
    return [
      { anyOf: texts, comparedAt: rvas.map((rva) => ({ module: this.#module, address: addressOf(image, rva) })) },
    ];
  }

  /** The constant texts that a fact finds in the own command line, or in a part of it; undefined where it is about another text. */
  #constantsOf(fact: Fact): readonly string[] | undefined {
    const key = factKey(fact);
    const known = this.#constants.get(key);
    if (known !== undefined || this.#constants.has(key)) return known;
    if (this.#constants.size >= MOST_FACTS) return undefined;
    this.#constants.set(key, undefined);
    this.#flow.beginSite();
    const constants = fact.kind === 'same' ? this.#compared(fact) : this.#character(fact);
    this.#constants.set(key, constants);
    return constants;
  }

  #character(fact: CharacterFound): readonly string[] | undefined {
    const ways = this.#ways([readFor(fact, this.#valuesOf).text], fact.function);
    return ways?.every(([one]) => this.#isOfCommandLine(one)) ? [String.fromCharCode(fact.character)] : undefined;
  }

  #placeOf(fact: CharacterFound): CharacterPlace {
    const { pointer, isMoving, offset } = readFor(fact, this.#valuesOf);
    // A pointer that moves leads to the same place only as long as no instruction gives it another value.
    const moment = isMoving ? `:${fact.register}:${fact.name}` : '';
    return { text: `${fact.function}:${pointer}${moment}`, offset };
  }

  #compared(fact: TextComparison): readonly string[] | undefined {
    const { table } = this.#flow;
    const compared = comparedBy(this.#flow, fact, this.#valuesOf);
    const isConstant = (text: ValueId): boolean =>
      table.alternatives(text).every((one) => MAY_BE_CONSTANT.has(table.node(one).kind));
    if (!compared?.texts.some(isConstant)) return undefined;
    const start = fact.function;
    const found = new Set<string>();
    for (const way of this.#ways([...compared.texts, ...compared.counts], start) ?? []) {
      const constants = (compared.isWithin ? undefined : this.#constantsOn(way, 0)) ?? this.#constantsOn(way, 1);
      if (!constants) return undefined;
      for (const text of constants) found.add(text);
    }
    return found.size === 0 || found.size > MOST_TEXTS ? undefined : [...found];
  }

  /** What values of a function may be, in every way that callers give; undefined where there may be callers that are not seen. */
  #ways(values: readonly ValueId[], start: number): readonly (readonly ValueId[])[] | undefined {
    const fromCaller = values.some((value) => openEnds(this.#flow.table, value).caller);
    if (fromCaller && this.#flow.isNamed(start)) return undefined;
    return this.#outward.waysOf(values, start).map((way) => way.values);
  }

  /** The constants that stand on one side of a comparison, where the other is of the command line. */
  #constantsOn(way: readonly ValueId[], side: 0 | 1): readonly string[] | undefined {
    const { table } = this.#flow;
    const count = way[2 + side] === UNSET ? -1 : table.number(way[2 + side]);
    if (count === undefined || !this.#isOfCommandLine(way[1 - side])) return undefined;
    const found: string[] = [];
    for (const one of table.alternatives(way[side])) {
      const node = table.node(one);
      if (node.kind !== 'literal') return undefined;
      const text = (count | 0) < 0 ? node.text : node.text.slice(0, count);
      if (text.trim() === '') return undefined;
      found.push(text);
    }
    return found;
  }

  #isOfCommandLine(text: ValueId): boolean {
    const { table } = this.#flow;
    const all = table.alternatives(text).filter((one) => table.number(one) !== 0);
    const isSource = (one: ValueId): boolean => {
      const node = table.node(one);
      return node.kind === 'source' && node.source === 'command-line';
    };
    return all.length > 0 && all.every(isSource);
  }
}

const MAY_BE_CONSTANT: ReadonlySet<string> = new Set(['literal', 'text-at', 'choice', 'source']);
