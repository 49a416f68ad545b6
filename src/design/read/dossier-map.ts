// A map of a dossier, key by key: what is there is checked, what is not known is told, and reading goes on.

import { WinnowError } from '../../errors.ts';
import type { Position } from '../../rule/condition.ts';
import { RuleError } from '../../rule/read/rule-error.ts';
import type { YamlNode } from '../../rule/read/yaml-node.ts';
import { editDistance } from '../attack/nearest.ts';
import type { Problem } from './dossier-error.ts';

/** Problems of one document that are told. */
const MOST_PROBLEMS = 50;

/** Where problems of one file are gathered. */
export class Problems {
  readonly file: string;
  readonly all: Problem[] = [];

  constructor(file: string) {
    this.file = file;
  }

  add(at: Position, message: string): void {
    const isTold = this.all.some(
      (one) => one.message === message && one.at.line === at.line && one.at.column === at.column,
    );
    if (!isTold && this.all.length < MOST_PROBLEMS) this.all.push({ file: this.file, at, message });
  }

  /** What `read` gives; where it throws a WinnowError, the problem is kept, and undefined given. */
  try<T>(at: Position, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof WinnowError)) throw error;
      this.add((error instanceof RuleError ? error.at : undefined) ?? at, error.message);
      return undefined;
    }
  }
}

export class DossierMap {
  readonly at: Position;
  readonly problems: Problems;
  readonly #what: string;
  readonly #entries = new Map<string, YamlNode>();

  /** `what` names the map in messages ("a primitive"); any key that is not in `keys` is a problem. */
  constructor(node: YamlNode, what: string, keys: readonly string[], problems: Problems) {
    this.at = node.at;
    this.problems = problems;
    this.#what = what;
    if (node.kind !== 'map') {
      problems.add(node.at, `${what} is a map of ${listed(keys)}`);
      return;
    }
    for (const { key, value, at } of node.entries) {
      if (keys.includes(key)) this.#entries.set(key, value);
      else problems.add(at, `${what} has no key '${key}'${meant(key, keys)}; its keys are ${listed(keys)}`);
    }
  }

  /** The node at a key; undefined where it is not there or null. */
  node(key: string): YamlNode | undefined {
    const node = this.#entries.get(key);
    return node === undefined || (node.kind === 'scalar' && node.value === null) ? undefined : node;
  }

  /** Where the value of a key stands; the map's own place where it is not there. */
  placeOf(key: string): Position {
    return this.#entries.get(key)?.at ?? this.at;
  }

  text(key: string): string | undefined {
    const node = this.node(key);
    return node && this.#textOf(node, key);
  }

  /** A text that has to be there; "" where it is not. */
  needed(key: string): string {
    const text = this.text(key);
    if (text !== undefined && text.trim() !== '') return text;
    if (this.node(key) === undefined || text !== undefined) this.problems.add(this.at, `${this.#what} needs '${key}'`);
    return '';
  }

  texts(key: string): readonly string[] {
    const node = this.node(key);
    if (node === undefined) return [];
    if (node.kind === 'map') {
      this.problems.add(node.at, `'${key}' is a list of texts`);
      return [];
    }
    return (node.kind === 'list' ? node.of : [node]).flatMap((one) => this.#textOf(one, key) ?? []);
  }

  /** One of `words`. */
  word<W extends string>(key: string, words: readonly W[]): W | undefined {
    const node = this.node(key);
    const text = node && this.#textOf(node, key);
    if (node === undefined || text === undefined) return undefined;
    const found = words.find((word) => word === text);
    if (found === undefined) this.problems.add(node.at, `'${key}' is ${either(words)}, not '${text}'`);
    return found;
  }

  /** A number from `least` to `most`. */
  number(key: string, least = 0, most = Number.MAX_VALUE): number | undefined {
    const node = this.node(key);
    return node && this.numberOf(node, key, least, most);
  }

  numberOf(node: YamlNode, key: string, least: number, most: number): number | undefined {
    const value = node.kind === 'scalar' ? node.value : undefined;
    if (typeof value === 'number' && value >= least && value <= most) return value;
    this.problems.add(
      node.at,
      most === Number.MAX_VALUE
        ? `'${key}' is a number from ${least} on`
        : `'${key}' is a number from ${least} to ${most}`,
    );
    return undefined;
  }

  flag(key: string): boolean | undefined {
    const node = this.node(key);
    if (node === undefined) return undefined;
    if (node.kind === 'scalar' && typeof node.value === 'boolean') return node.value;
    this.problems.add(node.at, `'${key}' is true or false`);
    return undefined;
  }

  /** What `read` makes of each item of a list. */
  list<T>(key: string, read: (node: YamlNode) => T): readonly T[] {
    const node = this.node(key);
    if (node === undefined) return [];
    if (node.kind === 'list') return node.of.map(read);
    this.problems.add(node.at, `'${key}' is a list`);
    return [];
  }

  /** What `read` makes of the map at a key. */
  map<T>(key: string, read: (node: YamlNode) => T): T | undefined {
    const node = this.node(key);
    return node && read(node);
  }

  /** Names of a map's entries with their values. */
  entries(key: string): readonly { readonly key: string; readonly value: YamlNode; readonly at: Position }[] {
    const node = this.node(key);
    if (node === undefined) return [];
    if (node.kind === 'map') return node.entries;
    this.problems.add(node.at, `'${key}' is a map`);
    return [];
  }

  #textOf(node: YamlNode, key: string): string | undefined {
    if (node.kind === 'scalar' && node.value !== null) return node.source;
    this.problems.add(node.at, `'${key}' is a text${node.kind === 'scalar' ? '' : `, not a ${node.kind}`}`);
    return undefined;
  }
}

/** Tells ids that stand twice. */
export function tellDoubled(
  items: readonly { readonly id: string; readonly at: Position }[],
  what: string,
  problems: Problems,
): void {
  const seen = new Map<string, Position>();
  for (const { id, at } of items) {
    const first = seen.get(id);
    if (first && id !== '')
      problems.add(at, `the id '${id}' of ${what} stands twice, first at ${first.line}:${first.column}`);
    else seen.set(id, at);
  }
}

function listed(words: readonly string[]): string {
  return words.join(', ');
}

function either(words: readonly string[]): string {
  return words.length < 2 ? listed(words) : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** The key that was probably meant: one with two other letters at most. */
function meant(key: string, keys: readonly string[]): string {
  const name = key.toLowerCase().replaceAll(/[-\s]/g, '_');
  const near = (one: string): boolean => Math.abs(one.length - name.length) <= 2 && editDistance(one, name) <= 2;
  const found = keys.find((one) => one === name) ?? keys.find(near);
  return found === undefined ? '' : ` (did you mean '${found}'?)`;
}
