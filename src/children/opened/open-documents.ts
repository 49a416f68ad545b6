// Follows each document, address and shortcut of the answer to the program that opens it: by the files that were given, else by what is usual.

import type { Note } from '../../errors.ts';
import { WinnowError } from '../../errors.ts';
import type { RegistryView } from '../../registry/view.ts';
import { fileName } from '../command-text.ts';
import type { DocumentTarget, LedTo, LookIn, OpenedBy, SiteEntry } from '../document.ts';
import type { ModuleFile } from '../modules.ts';
import { imageByName, isProgram } from '../program-name.ts';
import { associationOf, type FileType, placesOf } from './association.ts';
import { fileOf, typeOf } from './file-type.ts';
import { GIVEN_TYPES, readGivenFile } from './given-files.ts';
import { withTarget } from './open-command.ts';
import { chosenBy, USUAL_BY_EXTENSION, USUAL_BY_SCHEME, type UsualOpener } from './usual-openers.ts';

export interface OpenSources {
  /** Registry files of a host: what they have where the program reads a name, or for the type of a document, is told. */
  readonly registry?: RegistryView;
  /** A file by its lower-case name; undefined where no folder has one. Throws InputError when found but unreadable. */
  readonly loadDocument?: (name: string) => ModuleFile | undefined;
}

/** Shortcuts that lead to shortcuts are followed this far. */
const DEEPEST = 4;

/** The documents, each with what opens it, where to look for that, and what it leads to; nothing is done where there are none. */
export function openDocuments(
  documents: readonly DocumentTarget[],
  sites: readonly SiteEntry[],
  sources: OpenSources,
  notes: Note[],
): readonly DocumentTarget[] {
  if (documents.length === 0) return documents;
  const known = new Map<string, Opened>();
  const opener = new Opener(sources, notes);
  return documents.map((document) => {
    const verb = verbOf(document, sites);
    const key = `${verb ?? ''}|${document.target}`;
    const opened = known.get(key) ?? opener.open(document.target, verb);
    known.set(key, opened);
    return { ...document, ...opened };
  });
}

type Opened = Pick<DocumentTarget, 'openedBy' | 'lookIn' | 'leadsTo'>;

/** The one verb that the call gives, in lower case; undefined where it gives none, or none that is known. */
function verbOf({ module, site }: DocumentTarget, sites: readonly SiteEntry[]): string | undefined {
  const verbs = sites.find((entry) => entry.module === module && entry.site === site)?.arguments.verb ?? [];
  const [verb] = verbs;
  return verbs.length === 1 && /^[A-Za-z][\w-]*$/.test(verb) && verb !== 'NULL' ? verb.toLowerCase() : undefined;
}

class Opener {
  readonly #sources: OpenSources;
  readonly #notes: Note[];

  constructor(sources: OpenSources, notes: Note[]) {
    this.#sources = sources;
    this.#notes = notes;
  }

  open(target: string, verb: string | undefined): Opened {
    const led: LedTo[] = [];
    const opened = this.#follow(target, undefined, verb, led, undefined);
    return led.length === 0 ? opened : { ...opened, leadsTo: led };
  }

  /** `via`: the shortcut that leads here, in words. */
  #follow(
    target: string,
    parameters: string | undefined,
    verb: string | undefined,
    led: LedTo[],
    via: string | undefined,
  ): Opened {
    const type = typeOf(target);
    const file = fileOf(target);
    if (type?.kind === 'extension' && GIVEN_TYPES.has(type.name)) {
      const given = this.#load(file);
      const read = given && readGivenFile(given, this.#notes);
      if (given !== undefined && read !== undefined) {
        const path = given.path ?? given.name;
        if (led.some((step) => step.file === path)) {
          this.#notes.push({ about: given.name, text: 'it leads back to itself' });
          return {};
        }
        led.push({ file: path, target: read.told });
        if (led.length > DEEPEST) {
          this.#notes.push({ about: given.name, text: `shortcuts are followed over ${DEEPEST} steps; it is one more` });
          return {};
        }
        if (read.next !== undefined) {
          const step = `${given.name}, read from ${path}, leads to it by its ${read.next.from}`;
          return this.#follow(
            read.next.target,
            read.next.parameters,
            verb,
            led,
            via === undefined ? step : `${via}; ${step}`,
          );
        }
        if (type.name !== 'msc' && type.name !== 'cpl') return {};
      }
    }
    if (
      via !== undefined &&
      type?.kind === 'extension' &&
      isProgram(file) &&
      type.name !== 'bat' &&
      type.name !== 'cmd' &&
      type.name !== 'pif'
    )
      return startedBy(file, parameters, via);
    return type === undefined ? {} : this.#byType(type, target, verb, via);
  }

  #byType(type: FileType, target: string, verb: string | undefined, via: string | undefined): Opened {
    const { registry } = this.#sources;
    const file = type.kind === 'extension' ? fileOf(target) : target;
    const before = via === undefined ? '' : `${via}; `;
    const usual = usualOf(type, verb);
    const found = registry && associationOf(type, file, verb === 'runas' ? undefined : verb, registry);
    if (found?.opener !== undefined) return { openedBy: [{ ...found.opener, why: `${before}${found.opener.why}` }] };
    const byUsual = usual === undefined ? undefined : usualOpener(usual, type, file, before);
    // What a class runs is not in its key; where it is usual that another process starts it, the registry says the same.
    if (byUsual !== undefined && found === undefined) return byUsual;
    const why = `${before}${found?.why ?? chosenBy(type.name)}`;
    const look: LookIn[] = placesOf(type).map((place) => ({ ...place, why }));
    const told =
      found === undefined ? { lookIn: look } : { lookIn: look.map((one) => ({ ...one, answers: found.answers })) };
    const openedBy = byUsual?.openedBy?.filter(({ parent }) => parent !== undefined);
    return openedBy === undefined || openedBy.length === 0 ? told : { ...told, openedBy };
  }

  #load(file: string): ModuleFile | undefined {
    const name = fileName(file);
    if (name === '' || name.includes('*')) return undefined;
    try {
      return this.#sources.loadDocument?.(name.toLowerCase());
    } catch (error) {
      if (!(error instanceof WinnowError)) throw error;
      this.#notes.push({ about: name, text: error.message });
      return undefined;
    }
  }
}

/** A program that a shortcut leads to. */
function startedBy(file: string, parameters: string | undefined, via: string): Opened {
  const image = imageByName(fileName(file), false);
  if (image === undefined) return {};
  const path = /[\\/]/.test(file) && !/^\.{1,2}[\\/]/.test(file) ? file.replace(/%SystemRoot%/gi, '%windir%') : null;
  const line = `"${path ?? file}"${parameters === undefined ? '' : ` ${parameters}`}`;
  return { openedBy: [{ image, path, commandLine: line, confidence: 'likely', why: via, by: 'file' }] };
}

/** Other verbs than the usual one (print, edit) start other programs. */
function usualOf(type: FileType, verb: string | undefined): UsualOpener | undefined {
  const rows = type.kind === 'extension' ? USUAL_BY_EXTENSION : type.kind === 'scheme' ? USUAL_BY_SCHEME : {};
  const usual = verb === undefined || /^(open|cplopen|runas)$/.test(verb);
  return usual && Object.hasOwn(rows, type.name) ? rows[type.name] : undefined;
}

function usualOpener(usual: UsualOpener, type: FileType, target: string, before: string): Opened {
  const what = type.kind === 'extension' ? `.${type.name} files` : `${type.name}: addresses`;
  const whose = usual.fixed ? 'every Windows opens' : 'a Windows that nobody changed opens';
  const after = usual.afterwards === undefined ? '' : `; ${usual.afterwards}`;
  const opener: OpenedBy = {
    image: usual.image,
    path: usual.path,
    commandLine: usual.command === null ? null : withTarget(usual.command, target),
    confidence: 'likely',
    why: `${before}${whose} ${what} with it (HKEY_CLASSES_ROOT\\${usual.key})${after}`,
    by: usual.fixed ? 'fixed' : 'usual',
    ...(usual.parent === undefined ? {} : { parent: usual.parent }),
  };
  if (usual.fixed) return { openedBy: [opener] };
  return {
    openedBy: [opener],
    lookIn: placesOf(type).map((place) => ({ ...place, why: `${before}which program opens it on a host` })),
  };
}
