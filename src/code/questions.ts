// Answers that depend on one another: each is kept once it is known, and one that leads back to itself around a loop is closed there.
import { closeLoop } from './loops.ts';
import type { ValueTable } from './value-table.ts';
import { UNKNOWN, type ValueId } from './values.ts';

/** Questions within questions, those to callees included; past it the answer is unknown. */
const DEPTH_LIMIT = 160;
/** Writes looked at, for the effort of one answer. */
const WORK_OF_AN_ANSWER = 16;
/** No open question was met. */
const NONE = 0x7fffffff;

/** What an answer was made of. */
interface Basis {
  /** Outermost and innermost open question that it met; NONE and -1 when none. */
  lowest: number;
  highest: number;
  /** Whether it was cut short, and is not to be kept. */
  cut: boolean;
}

/** The answers to one kind of question, by number. */
export class Answers {
  readonly final = new Map<number, ValueId>();
  /** Answers that hold for a while: as long as an open question that they met is open. */
  readonly passing = new Map<number, Basis & { readonly value: ValueId }>();
  /** Depth of each question that is open. */
  readonly open = new Map<number, number>();
}

/** What comes together at one place. */
export interface Meeting {
  readonly parts: readonly (() => ValueId)[];
  /** Questions that have the same answer. */
  readonly same: readonly number[];
  /** What was there before, when only the rounds of a loop come in. */
  otherwise(): ValueId;
}

/** What was made of final answers only, and is kept for good; undefined where there is none. */
export function keptForGood<Made>(kept: Map<number, Kept<Made>>, i: number): Made | undefined {
  const known = kept.get(i);
  return known?.basis === undefined ? known?.value : undefined;
}

/** Something made of answers: `basis` is what those met, undefined when all were final; `closed` is when that was. */
export interface Kept<Made> {
  readonly value: Made;
  readonly closed: number;
  readonly basis: Basis | undefined;
}

interface OpenQuestion {
  /** Passing answers that end with this question. */
  readonly within: { answers: Answers; key: number }[];
}

/** How many answers may still be worked out in a module. */
export interface Budget {
  left: number;
  /** How many may be worked out on behalf of the question to a callee that is being answered. */
  effort: number;
  /** How many may still be worked out by callees on behalf of one call site. */
  pool: number;
  /** Questions within one another that are open. */
  depth: number;
  /** Whether anything was left out for want of those. */
  short: boolean;
}

/** The open questions of one function. */
export class Questions {
  readonly #table: ValueTable;
  readonly #limit: number;
  /** Answers that are worked out for one question. */
  readonly #ofOne: number;
  readonly #budget: Budget;
  readonly #open: OpenQuestion[] = [];
  /** What the answers since the last question was begun were made of. */
  #basis: Basis = { lowest: NONE, highest: -1, cut: false };
  #nested = 0;
  /** How many questions were closed on which passing answers stood. */
  #closed = 0;
  #worked = 0;
  /** Answers worked out for the outermost question. */
  #asked = 0;
  steps = 0;
  /** True when a limit made an answer unknown. */
  limited = false;

  /** `limit` is the number of answers that are worked out at most, and `ofOne` for one question; each is taken from the module's `budget`. */
  constructor(table: ValueTable, limit: number, ofOne: number, budget: Budget) {
    this.#table = table;
    this.#limit = limit;
    this.#ofOne = ofOne;
    this.#budget = budget;
  }

  /** Whether an answer is being worked out. */
  get busy(): boolean {
    return this.#nested > 0;
  }

  /** The answer to a question that cannot lead back to itself but through one that {@link merge} answers. */
  ask(answers: Answers, key: number, find: () => ValueId): ValueId {
    const known = this.#known(answers, key);
    if (known !== undefined) return known;
    if (this.#refused()) return UNKNOWN;
    const before = this.#begin();
    this.#nested++;
    this.#budget.depth++;
    const value = find();
    this.#nested--;
    this.#budget.depth--;
    this.#keep(answers, key, value);
    this.#meet(before);
    return value;
  }

  /**
   * The answer where several ways come together. `look` says what comes in, to be worked out one by one, and which other questions have the
   * same answer because they lead to this one and it to them; in all of them the answer itself may stand as an open question.
   */
  merge(answers: Answers, key: number, look: () => Meeting): ValueId {
    const known = this.#known(answers, key);
    if (known !== undefined) return known;
    const table = this.#table;
    const opened = answers.open.get(key);
    if (opened !== undefined) {
      this.#meet({ lowest: opened, highest: opened, cut: false });
      return table.cycle(opened);
    }
    if (this.#refused()) return UNKNOWN;
    const before = this.#begin();
    const depth = this.#open.length;
    const question: OpenQuestion = { within: [] };
    this.#open.push(question);
    answers.open.set(key, depth);
    this.#nested++;
    this.#budget.depth++;
    const { parts, same, otherwise } = look();
    for (const one of same) answers.open.set(one, depth);
    const values = parts.map((part) => part());
    this.#nested--;
    this.#budget.depth--;
    for (const one of same) answers.open.delete(one);
    answers.open.delete(key);
    this.#open.pop();
    for (const one of question.within) one.answers.passing.delete(one.key);
    this.#closed++;
    const basis = this.#basis;
    const value = basis.highest >= depth ? closeLoop(table, values, depth, otherwise) : table.choice(values);
    if (basis.lowest >= depth) {
      basis.lowest = NONE;
      basis.highest = -1;
    } else if (basis.highest >= depth) basis.highest = depth - 1;
    for (const one of same) this.#keep(answers, one, value);
    this.#keep(answers, key, value);
    this.#meet(before);
    return value;
  }

  /** What `find` makes at an instruction, kept as long as what it was made of holds. */
  keep<Made>(kept: Map<number, Kept<Made>>, i: number, find: () => Made): Made {
    const known = kept.get(i);
    if (known !== undefined) {
      const { basis } = known;
      if (basis === undefined) return known.value;
      if (known.closed === this.#closed) {
        this.#meet(basis);
        return known.value;
      }
    }
    const before = this.#begin();
    const value = find();
    const basis = this.#basis;
    if (!basis.cut) {
      kept.set(i, { value, closed: this.#closed, basis: basis.highest < 0 ? undefined : { ...basis } });
    }
    this.#meet(before);
    return value;
  }

  /** Whether no more may be worked out. */
  get spent(): boolean {
    const asked = this.#nested > 0 ? this.#asked : 0;
    return this.#budget.effort < 0 || asked > this.#ofOne || this.steps > this.#limit || this.#budget.left <= 0;
  }

  /** Counts pieces of work beside the answers; many of them are as much as one. */
  work(pieces: number): void {
    this.#worked += pieces;
    for (; this.#worked >= WORK_OF_AN_ANSWER; this.#worked -= WORK_OF_AN_ANSWER) this.#refused();
  }

  #known(answers: Answers, key: number): ValueId | undefined {
    const final = answers.final.get(key);
    if (final !== undefined) return final;
    const passing = answers.passing.get(key);
    if (passing === undefined) return undefined;
    this.#meet(passing);
    return passing.value;
  }

  #meet({ lowest, highest, cut }: Basis): void {
    const basis = this.#basis;
    if (lowest < basis.lowest) basis.lowest = lowest;
    if (highest > basis.highest) basis.highest = highest;
    if (cut) basis.cut = true;
  }

  #refused(): boolean {
    if (--this.#budget.effort < 0) {
      this.#basis.cut = true;
      return true;
    }
    if (this.#nested === 0) this.#asked = 0;
    const few = ++this.#asked <= this.#ofOne && ++this.steps <= this.#limit;
    if (few && this.#budget.depth < DEPTH_LIMIT && --this.#budget.left > 0) return false;
    this.limited = true;
    return true;
  }

  #begin(): Basis {
    const before = this.#basis;
    this.#basis = { lowest: NONE, highest: -1, cut: false };
    return before;
  }

  /** Keeps an answer as far as what it was made of allows. */
  #keep(answers: Answers, key: number, value: ValueId): void {
    const { lowest, highest, cut } = this.#basis;
    if (cut) return;
    if (highest < 0) {
      answers.final.set(key, value);
      return;
    }
    answers.passing.set(key, { value, lowest, highest, cut: false });
    this.#open[highest].within.push({ answers, key });
  }
}
