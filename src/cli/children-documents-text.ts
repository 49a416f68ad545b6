// The documents and addresses of a `winnow children` report: what each leads to, what opens it, and where to look for that.

import type { DocumentTarget } from '../children/document.ts';
import { brief, plain, type Style } from './print.ts';

/** `moduleOf`: where a document stands, in words. Documents that are opened alike share their lines. */
export function documentLines(
  documents: readonly DocumentTarget[],
  style: Style,
  moduleOf: (document: DocumentTarget) => string,
): string[] {
  if (documents.length === 0) return [];
  const entries = new Map<string, string[]>();
  for (const document of documents) {
    const first = `  ${style.strong(brief(document.target))}, by ${brief(document.sink)} in ${moduleOf(document)}`;
    if (!entries.has(first)) entries.set(first, openerLines(document, style));
  }
  return [
    style.heading('Documents and addresses it opens (what starts depends on what is registered for them)'),
    ...[...entries].flatMap(([first, lines]) => [first, ...lines]),
  ];
}

function openerLines({ leadsTo = [], openedBy = [], lookIn = [] }: DocumentTarget, style: Style): string[] {
  const lines = leadsTo.map(({ file, target }) => `      ${brief(file)} is or leads to ${brief(target, 600)}`);
  for (const { image, confidence, parent, why, commandLine, answers = [] } of openedBy) {
    const starts = parent === undefined ? '' : `, started by ${brief(parent)}, so no child`;
    lines.push(`      opened by ${style.strong(brief(image))} (${confidence}${starts}): ${brief(why, 600)}`);
    if (commandLine !== null) lines.push(`        command line: ${brief(commandLine)}`);
    lines.push(...answers.map(answerLine));
  }
  if (lookIn.length > 0) {
    const places = lookIn.map(({ key, value }) => `${brief(key)}, value ${value === '' ? '(default)' : brief(value)}`);
    // Where something is known to open it, the host's own word is only a place to check.
    const why = openedBy.length > 0 ? '' : `: ${brief(lookIn[0].why, 600)}`;
    lines.push(`      look in ${places.join('; else in ')}${why}`, ...(lookIn[0].answers ?? []).map(answerLine));
  }
  return lines;
}

function answerLine({
  source,
  key,
  value,
  data,
  lastWritten,
}: {
  readonly source: string;
  readonly key: string;
  readonly value: string;
  readonly data: string | null;
  readonly lastWritten?: string;
}): string {
  const when = lastWritten === undefined ? '' : `, written ${plain(lastWritten)}`;
  return `        ${brief(source)}: ${brief(key)}, value ${value === '' ? '(default)' : brief(value)} is ${data === null ? 'not there' : brief(data)}${when}`;
}
