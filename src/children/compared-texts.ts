// The texts that facts about a command line make together: constants that it was compared with, and characters put together again.
import type { Needed } from '../code/needed.ts';
import type { CharacterFound, Fact } from '../code/text-comparison.ts';

/** One of these texts was found, by the instructions at these RVAs. */
export interface FoundText {
  readonly texts: readonly string[];
  readonly sites: ReadonlySet<number>;
}

/** Where a character stands: in which text, and how many bytes behind the place that it is known by. */
export interface CharacterPlace {
  readonly text: string;
  readonly offset: number;
}

export interface FactValues {
  /** The constants that a comparison finds. */
  readonly constantsOf: (fact: Fact) => readonly string[];
  readonly placeOf: (fact: CharacterFound) => CharacterPlace;
}

/** The characters that may stand at one place of a text. */
interface Place {
  readonly width: number;
  readonly characters: Set<number>;
  readonly sites: Set<number>;
}

/** By text: the places of its text that are known. */
type Places = ReadonlyMap<string, ReadonlyMap<number, Place>>;

/** Texts that are put together of characters, one of which is known for every place. */
const MOST_PRODUCTS = 12;
/** A character alone tells too little. */
const SHORTEST = 2;

/** What all of `needed` say. */
export function textsOf(needed: readonly Needed[], values: FactValues): readonly FoundText[] {
  const found: FoundText[] = [];
  const characters: CharacterFound[][] = [];
  const others: Needed[] = [];
  for (const one of needed.flatMap(facts)) {
    if (one.every(([fact, ...more]) => fact.kind === 'same' && more.length === 0))
      found.push({
        texts: distinctTexts(one.flatMap(([fact]) => values.constantsOf(fact))),
        sites: new Set(one.map(([fact]) => fact.site)),
      });
    else if (isOnePlace(one, values)) characters.push(one.map(([fact]) => fact as CharacterFound));
    else others.push(one);
  }
  const places = placesOf(characters, values);
  for (const one of others) {
    const texts = one.map((facts) => alternative(facts, places, values));
    if (texts.every((all) => all.length > 0))
      found.push({
        texts: distinctTexts(texts.flat()),
        sites: new Set(one.flat().map(({ site }) => site)),
      });
  }
  for (const text of places.values()) {
    const texts = productsOf(text);
    if (texts.length > 0) found.push({ texts, sites: new Set([...text.values()].flatMap(({ sites }) => [...sites])) });
  }
  return found;
}

/** Facts that all hold, each by itself. */
function facts(needed: Needed): readonly Needed[] {
  return needed.length === 1 ? needed[0].map((fact) => [[fact]]) : [needed];
}

/** Whether all alternatives are characters at one place of a text. */
function isOnePlace(needed: Needed, { placeOf }: FactValues): boolean {
  const [[first]] = needed;
  if (first.kind !== 'character') return false;
  const place = placeOf(first);
  return needed.every(([fact, ...more]) => {
    if (more.length > 0 || fact.kind !== 'character') return false;
    const { text, offset } = placeOf(fact);
    return text === place.text && offset === place.offset;
  });
}

/** Of a place that several of them tell of, what the first ones say. */
function placesOf(all: readonly (readonly CharacterFound[])[], { placeOf }: FactValues): Places {
  const places = new Map<string, Map<number, Place>>();
  for (const one of all) {
    const { text: key, offset } = placeOf(one[0]);
    const text = places.get(key) ?? new Map<number, Place>();
    places.set(key, text);
    if (text.has(offset)) continue;
    text.set(offset, {
      width: one[0].width,
      characters: new Set(one.map(({ character }) => character)),
      sites: new Set(one.map(({ site }) => site)),
    });
  }
  return places;
}

/** The texts that facts of one alternative make; of characters with what is known of the same text beside. */
function alternative(all: readonly Fact[], known: Places, values: FactValues): readonly string[] {
  const compared = all.filter((fact) => fact.kind === 'same').flatMap(values.constantsOf);
  if (compared.length > 0) return compared;
  const characters = all.filter((fact) => fact.kind === 'character');
  for (const [key, text] of placesOf(
    characters.map((fact) => [fact]),
    values,
  )) {
    const texts = productsOf(new Map([...(known.get(key) ?? []), ...text]));
    if (texts.length > 0) return texts;
  }
  return [];
}

/** The texts of characters that stand one behind the other, from the first that is known on. */
function productsOf(text: ReadonlyMap<number, Place>): readonly string[] {
  const offsets = [...text.keys()].sort((a, b) => a - b);
  let texts = [''];
  let next = offsets[0];
  for (const offset of offsets) {
    const place = text.get(offset) as Place;
    if (offset !== next || place.characters.has(0)) break;
    next += place.width;
    texts = texts.flatMap((before) => [...place.characters].map((one) => before + String.fromCharCode(one)));
    if (texts.length > MOST_PRODUCTS) return [];
  }
  const long = distinctTexts(texts);
  return long.some((one) => one.trim().length < SHORTEST) ? [] : long;
}

/** Each once, letter case aside. */
function distinctTexts(texts: readonly string[]): readonly string[] {
  const seen = new Map<string, string>();
  for (const text of texts) if (!seen.has(text.toLowerCase())) seen.set(text.toLowerCase(), text);
  return [...seen.values()];
}
