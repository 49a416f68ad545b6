// What the given registry files say of a place in the registry that a program reads: which keys fit, what stands in the value, and whose view of the registry that is.

import type { Note } from '../../errors.ts';
import { upperName } from '../../hive/upper-name.ts';
import { fitsStars, matchingKeys, type PatternMatch } from '../../registry/key-pattern.ts';
import type { RegistryView, RegistryViewKey, RegistryViewValue } from '../../registry/view.ts';
import { redirected, WOW64_NODE } from '../../registry/wow64.ts';
import type { RegistryAnswer } from '../document.ts';
import { valueText } from './value-text.ts';

/** A place as the program's code names it; unknown parts are "*". */
export interface Place {
  readonly key: string;
  readonly value: string;
}

/** One value that a file has there, or that it has not. */
export interface PlaceAnswer {
  readonly answer: Omit<RegistryAnswer, 'image' | 'path' | 'commandLine'>;
  /** What the program may start of it. */
  readonly commands: readonly string[];
  readonly confidence: 'likely' | 'possible';
}

/** Answers for one place; what is more is counted. */
const MOST_ANSWERS = 100;

export class PlaceAnswers {
  readonly notes: Note[] = [];
  readonly #view: RegistryView;
  readonly #is32Bit: boolean;
  readonly #known = new Map<string, readonly PlaceAnswer[]>();

  /** `is32Bit`: the program is, so that a 64-bit Windows redirects it. */
  constructor(view: RegistryView, is32Bit: boolean) {
    this.#view = view;
    this.#is32Bit = is32Bit;
  }

  /** None where no file covers the place. */
  of(place: Place): readonly PlaceAnswer[] {
    const id = `${place.key}\n${place.value}`;
    let answers = this.#known.get(id);
    if (answers === undefined) {
      answers = this.#answers(place);
      this.#known.set(id, answers);
    }
    return answers;
  }

  #answers(place: Place): readonly PlaceAnswer[] {
    const node = this.#is32Bit ? redirected(place.key) : undefined;
    const is64BitWindows = node !== undefined && this.#view.key(nodeOf(node)) !== undefined;
    if (node === undefined || !is64BitWindows) return this.#inView(place, place.key) ?? [];
    const own = this.#inView(place, node) ?? [];
    if (own.some(({ answer }) => answer.data !== null)) return own;
    // The program may ask for the 64-bit view (KEY_WOW64_64KEY).
    const other = (this.#inView(place, place.key) ?? []).filter(({ answer }) => answer.data !== null);
    const detail = `it stands in the 64-bit view, which a 32-bit program reads only when it asks for it; ${WOW64_NODE} has no such value`;
    return other.length === 0
      ? own
      : other.map((one): PlaceAnswer => ({ ...one, confidence: 'possible', answer: { ...one.answer, detail } }));
  }

  /** undefined where no file covers the key. */
  #inView(place: Place, key: string): readonly PlaceAnswer[] | undefined {
    // Nothing at all is known of the place: any value of any key would fit.
    if (/^[*\\]*$/.test(key) && /^\**$/.test(place.value)) return undefined;
    const { found, isCut } = matchingKeys(this.#view, key, (one) => hasValue(one, place.value));
    const answers: PlaceAnswer[] = [];
    let more = 0;
    for (const match of found)
      for (const held of match.key.heldBy?.() ?? [match.key])
        for (const value of valuesOf(held, place.value)) {
          if (answers.length < MOST_ANSWERS) answers.push(answerOf(match, held, value));
          else more++;
        }
    if (isCut || more > 0)
      this.notes.push({
        about: 'registry',
        text: `${place.key}, value ${place.value}: more fits than is told, of what the given files hold`,
      });
    if (answers.length > 0) return answers;
    const fixed = key.split('\\').filter((part) => part !== '');
    const unknown = fixed.findIndex((part) => part.includes('*'));
    const above = unknown < 0 ? key : fixed.slice(0, unknown).join('\\');
    const source = above === '' || !this.#view.covers(above) ? undefined : this.#sourceOf(above);
    return source === undefined ? undefined : [absent(place, key, source)];
  }

  /** The file that holds the key, or the nearest one above it. */
  #sourceOf(path: string): string | undefined {
    const parts = path.split('\\').filter((part) => part !== '');
    for (let length = parts.length; length > 0; length--) {
      const key = this.#view.key(parts.slice(0, length).join('\\'));
      if (key !== undefined) return key.source;
    }
    return undefined;
  }
}

function absent(place: Place, key: string, source: string): PlaceAnswer {
  return {
    answer: { source, key, value: place.value, data: null, detail: 'it has no such value' },
    commands: [],
    confidence: 'likely',
  };
}

/** The path up to and with WOW6432Node. */
function nodeOf(path: string): string {
  return path.slice(0, path.indexOf(WOW64_NODE) + WOW64_NODE.length);
}

function hasValue(key: RegistryViewKey, name: string): boolean {
  for (const _ of valuesOf(key, name)) return true;
  return false;
}

function* valuesOf(key: RegistryViewKey, name: string): Iterable<RegistryViewValue> {
  if (name.includes('*')) {
    const upper = upperName(name);
    for (const value of key.values()) if (fitsStars(upperName(value.name), upper)) yield value;
    return;
  }
  const value = key.value(name);
  if (value !== undefined) yield value;
}

function answerOf({ depth }: PatternMatch, key: RegistryViewKey, value: RegistryViewValue): PlaceAnswer {
  const { data, commands, detail } = valueText(value);
  const place = depth === 'any-depth' ? 'one of the keys that fit: the code does not say which' : undefined;
  const all = [place, detail].filter((text) => text !== undefined);
  return {
    answer: {
      source: key.source,
      key: key.path,
      value: value.name,
      data,
      ...(key.lastWritten === undefined ? {} : { lastWritten: key.lastWritten }),
      ...(all.length === 0 ? {} : { detail: all.join('; ') }),
    },
    commands,
    confidence: depth === 'any-depth' ? 'possible' : 'likely',
  };
}
