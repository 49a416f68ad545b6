// The children that registry values name at one call site: its arguments read again, with what the given files have in place of what was hidden.

import { type Piece, pieceKey, type TextPath } from '../../code/pieces.ts';
import type { NamedChild, OwnImage, Reading } from '../child-name.ts';
import type { BlindSpot, RegistryAnswer } from '../document.ts';
import { type OpenWay, readSite, withVia } from '../site-readings.ts';
import { type ArgumentValue, ROLES, type SiteValues } from '../site-values.ts';
import type { Site } from '../sites.ts';
import type { PlaceAnswer, PlaceAnswers } from './place-answers.ts';
import { commandPieces } from './value-text.ts';

/** A child that a value names. */
export interface AnsweredChild {
  readonly child: NamedChild;
  readonly answer: RegistryAnswer;
}

export interface SiteAnswers {
  readonly children: readonly AnsweredChild[];
  /** Documents and addresses that values name, which another program opens. */
  readonly documents: readonly { readonly target: string; readonly answer: RegistryAnswer }[];
  /** The blind spot with what the files say of its places. */
  readonly withAnswers: (spot: BlindSpot) => BlindSpot;
}

/** Combinations of the values of one text. */
const MOST_TEXTS = 256;

export function answerSite(
  site: Site,
  ways: readonly OpenWay[],
  readings: readonly Reading[],
  own: OwnImage,
  places: PlaceAnswers,
): SiteAnswers {
  const hidden = new Set<string>();
  for (const reading of readings)
    if (reading.kind === 'hidden' && isRegistry(reading.piece)) hidden.add(pieceKey(reading.piece));
  if (hidden.size === 0) return NOTHING;
  const answerer = new Answerer(hidden, places);
  const read = ways.flatMap(({ values, via }) =>
    readSite(site, answerer.substitute(values), own).map((reading) => withVia(reading, via)),
  );
  return answerer.collect(read);
}

const NOTHING: SiteAnswers = { children: [], documents: [], withAnswers: (spot) => spot };

type RegistryPiece = Piece & { readonly kind: 'source' };

function isRegistry(piece: Piece): piece is RegistryPiece {
  return piece.kind === 'source' && piece.source === 'registry' && piece.registry !== undefined;
}

class Answerer {
  readonly #hidden: ReadonlySet<string>;
  readonly #places: PlaceAnswers;
  /** By the first piece of what was put in: whose it is. */
  readonly #from = new Map<Piece, PlaceAnswer>();
  readonly #named = new Map<PlaceAnswer, RegistryAnswer>();

  constructor(hidden: ReadonlySet<string>, places: PlaceAnswers) {
    this.#hidden = hidden;
    this.#places = places;
  }

  substitute(values: SiteValues): SiteValues {
    const result: Partial<Record<(typeof ROLES)[number], ArgumentValue>> = {};
    for (const role of ROLES) {
      const value = values[role];
      if (value !== undefined) result[role] = { ...value, paths: value.paths.flatMap((path) => this.#texts(path)) };
    }
    return result;
  }

  /** The text with each combination of what is put in; as it stands where there is nothing. */
  #texts(path: TextPath): readonly TextPath[] {
    let texts: readonly (readonly Piece[])[] = [[]];
    for (const piece of path.pieces) {
      const instead = this.#instead(piece);
      texts = texts.flatMap((before) => instead.map((pieces) => [...before, ...pieces])).slice(0, MOST_TEXTS);
    }
    return texts.map((pieces) => ({ ...path, pieces }));
  }

  #instead(piece: Piece): readonly (readonly Piece[])[] {
    if (!isRegistry(piece) || piece.registry === undefined || !this.#hidden.has(pieceKey(piece))) return [[piece]];
    const texts: (readonly Piece[])[] = [];
    for (const found of this.#places.of(piece.registry))
      for (const command of found.commands) {
        const pieces = commandPieces(command);
        if (pieces.length === 0) continue;
        this.#from.set(pieces[0], found);
        texts.push(pieces);
      }
    return texts.length === 0 ? [[piece]] : texts;
  }

  collect(readings: readonly Reading[]): SiteAnswers {
    const children = new Map<string, AnsweredChild>();
    const documents = new Map<string, { readonly target: string; readonly answer: RegistryAnswer }>();
    for (const reading of readings) {
      if (reading.kind === 'hidden') continue;
      const path = reading.kind === 'child' ? reading.child.from : reading.from;
      for (const found of this.#answersIn(path)) {
        const { answer: place } = found;
        const about = `${place.source}|${place.key}|${place.value}`;
        if (reading.kind === 'document') {
          documents.set(`${about}|${reading.target}`, { target: reading.target, answer: this.#document(found) });
          continue;
        }
        const child: NamedChild = { ...reading.child, confidence: found.confidence };
        const key = `${about}|${child.image}|${child.path}|${child.commandLine}|${child.through ?? ''}`;
        if (!children.has(key)) children.set(key, { child, answer: this.#name(found, child) });
      }
    }
    return {
      children: [...children.values()],
      documents: [...documents.values()],
      withAnswers: (spot) => this.#withAnswers(spot),
    };
  }

  #answersIn(path: TextPath): readonly PlaceAnswer[] {
    return path.pieces.flatMap((piece) => this.#from.get(piece) ?? []);
  }

  /** The answer with the program that it names; the first one is what a place tells. */
  #name(found: PlaceAnswer, child: NamedChild): RegistryAnswer {
    const named: RegistryAnswer = {
      ...found.answer,
      image: child.image,
      path: child.path,
      commandLine: child.commandLine,
    };
    if (!this.#named.has(found)) this.#named.set(found, named);
    return named;
  }

  #document(found: PlaceAnswer): RegistryAnswer {
    const named =
      this.#named.get(found) ?? unnamed(found, 'it names a document or an address, which another program opens');
    if (!this.#named.has(found)) this.#named.set(found, named);
    return named;
  }

  #withAnswers(spot: BlindSpot): BlindSpot {
    const answers = (spot.registry ?? []).flatMap((place) =>
      this.#places.of(place).map((found) => this.#named.get(found) ?? unnamed(found)),
    );
    return answers.length === 0 ? spot : { ...spot, answers };
  }
}

function unnamed({ answer, commands }: PlaceAnswer, why = 'it names no program'): RegistryAnswer {
  const detail =
    answer.data === null || commands.length === 0 ? answer.detail : [why, answer.detail].filter(Boolean).join('; ');
  return { ...answer, image: null, path: null, commandLine: null, ...(detail === undefined ? {} : { detail }) };
}
