// The programs that open a parent's documents, in its rule: which are let pass, and what a reader is told of the others.

import type { TextPattern } from '../rule/pattern.ts';
import type { RuleNotes } from '../rule/rule.ts';
import { knownPath, possibleName } from './child-rule-paths.ts';
import type { ChildrenDocument, Confidence, DocumentTarget, ExcludedChild, OpenedBy, ParentImage } from './document.ts';
import { isShell } from './shell.ts';

type Documents = Pick<ChildrenDocument, 'documents' | 'parent' | 'builds'>;

/** Lines about documents in one rule; the report has them all. */
const MOST_LINES = 100;
const LONGEST_PATH = 400;

/** An opener that is let pass, in the shape of an exclusion. */
export interface PassedOpener extends ExcludedChild {
  readonly origin: 'file';
  readonly paths: readonly TextPattern[];
  readonly commandLines: readonly [];
  readonly parentCommandLines: readonly [];
  readonly evidence: readonly string[];
}

/** Where a document's opener is let pass, and why not, in words. */
interface Sorted {
  readonly document: DocumentTarget;
  readonly opener: OpenedBy;
  readonly exclusion: PassedOpener | null;
  readonly why: string;
}

/**
 * Let pass by its full path: what every Windows opens the type with (then a host on which somebody changed that starts another program, and the rule
 * fires), and what a registry or shortcut that was given names. What is only usual is not let pass: another host has another.
 */
export function openerExclusions(documents: Documents): readonly PassedOpener[] {
  return sortOpeners(documents).flatMap(({ exclusion }) => (exclusion === null ? [] : [exclusion]));
}

function sortOpeners(all: Documents): readonly Sorted[] {
  return all.documents.flatMap((document) =>
    (document.openedBy ?? []).map((opener): Sorted => {
      const why = whyNot(document, opener);
      const exclusion = why === null ? exclusionOf(document, opener, archOf(all, document)) : null;
      return { document, opener, exclusion, why: why ?? (exclusion === null ? 'its folder is not known' : '') };
    }),
  );
}

function whyNot({ reach }: DocumentTarget, { image, path, parent, by }: OpenedBy): string | null {
  if (parent !== undefined) return `${parent} starts it, so that it is no child`;
  if (by === 'usual') return 'it is only usual, and another host may have another';
  if (reach === 'module-only') return 'in a module, with no way found from the parent to it';
  if (reach === 'other-process') return 'asked for by code that runs in another process';
  // A shell would have to be let pass with its command line, of which only the file is known.
  if (isShell(image)) return 'it is a shell, which runs whatever stands in its command line';
  if (path === null || path.length > LONGEST_PATH) return 'its folder is not known';
  return possibleName(image) ? null : 'no Windows file has such a name';
}

function archOf({ parent, builds }: Documents, { build }: DocumentTarget): ParentImage['arch'] {
  return builds?.find(({ name }) => name === build)?.image.arch ?? parent.arch;
}

function exclusionOf(document: DocumentTarget, opener: OpenedBy, arch: ParentImage['arch']): PassedOpener | null {
  const known = knownPath(opener.path ?? '', arch);
  if (known === null) return null;
  const about = `opens ${document.target}: ${opener.why}`;
  const where = `${document.build === undefined ? '' : `${document.build}: `}${document.module}: ${document.sink} at ${document.site}`;
  return {
    image: opener.image,
    by: 'path',
    why: [about, where, ...known.doubts].join('; '),
    origin: 'file',
    paths: known.patterns,
    commandLines: [],
    parentCommandLines: [],
    evidence: [`${where}, ${about}`],
  };
}

/** What opens the documents whose openers are not let pass, or where to look for it; one line a document. */
export function openerNotes(all: Documents, minConfidence: Confidence): readonly RuleNotes[] {
  const sorted = sortOpeners(all);
  const lines: string[] = [];
  for (const document of all.documents) {
    const own = sorted.filter((one) => one.document === document);
    if (minConfidence !== 'proven' && own.length > 0 && own.every(({ exclusion }) => exclusion !== null)) continue;
    const openers = own.map(
      ({ opener, why }) => `${opener.image} is not let pass: ${why || 'likely: a step was assumed'}`,
    );
    const look = document.lookIn ?? [];
    const keys = look.map(({ key, value }) => `${key}, value ${value === '' ? '(default)' : value}`).join('; else ');
    const places = keys === '' ? [] : [`look in ${keys}${openers.length > 0 ? '' : ` (${look[0].why})`}`];
    const told = [...openers, ...places];
    if (told.length > 0)
      lines.push(
        `${document.build === undefined ? '' : `${document.build}: `}${document.module}: ${document.sink} at ${document.site}: ${document.target}: ${told.join('; ')}`,
      );
  }
  const each = [...new Set(lines)];
  if (each.length === 0) return [];
  const more = each.length - MOST_LINES;
  return [
    {
      heading: 'Documents and addresses',
      lines: [...each.slice(0, MOST_LINES), ...(more > 0 ? [`and ${more} more, which the report lists`] : [])],
    },
  ];
}

/** Names of the images that are let pass for opening a document, in lower case. */
export function openersLetPass(exclusions: readonly PassedOpener[]): ReadonlySet<string> {
  return new Set(exclusions.map(({ image }) => image.toLowerCase()));
}
