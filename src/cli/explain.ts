// The answer to --explain: the whole route to a child step by step, a call site, or what is known of a name that is not a child.
import type { Child, ChildrenDocument } from '../children/document.ts';
import { childSentence } from './children-text.ts';
import { addressBlocks, readAddress } from './explain-address.ts';
import { type Explained, type ExplainSources, evidenceLines, instructions, stringBlock } from './explain-lines.ts';
import { brief, count, listed, plain, type Style } from './print.ts';
import { whenWords } from './reach-words.ts';

/** The explanation of a child, generic child, document, named string or address, in words, ending in a newline. */
export function explainText(
  document: ChildrenDocument,
  asked: string,
  style: Style,
  sources: ExplainSources = {},
): string {
  const explained: Explained = { document, style, sources };
  const address = readAddress(asked);
  const blocks = address ? addressBlocks(explained, address) : nameBlocks(explained, asked);
  return `${blocks.join('\n\n')}\n`;
}

function nameBlocks(explained: Explained, asked: string): string[] {
  const { document, style, sources } = explained;
  const wanted = bare(asked);
  const children = document.children.filter(
    (c) => matches(c.image, wanted) || (c.path !== null && sameText(c.path, asked)),
  );
  const generic = document.generic.filter((g) => matches(g.image, wanted));
  const documents = document.documents.filter((d) => sameText(d.target, asked) || matches(d.target, wanted));
  const strings = document.strings.filter((s) => sameText(s.text, asked) || matches(s.text, wanted));
  const blocks = [
    ...children.map((c) => childBlock(explained, c)),
    ...generic.map(
      (g) => `${style.strong(brief(g.image))} is a generic child: ${brief(g.why)}. It was not found in the file.`,
    ),
    ...documents.map(
      (d) =>
        `${style.strong(brief(d.target))} is a document or an address that ${brief(d.sink)} opens in ${brief(d.module)} at ${plain(d.site)}.` +
        instructions(d.module, d.site, '  ', sources)
          .map((line) => `\n${line}`)
          .join(''),
    ),
    ...strings.map((s) => stringBlock(explained, s)),
  ];
  if (blocks.length === 0) blocks.push(unknownBlock(document, asked, style));
  return blocks;
}

function childBlock(explained: Explained, child: Child): string {
  const { style } = explained;
  const lines = [
    style.heading(`${brief(child.image)}: ${child.confidence}`),
    `  ${childSentence(child, style)}`,
    ...(child.commandLine === null ? [] : [`  command line: ${brief(child.commandLine)}`]),
    ...(child.when ? [`  only when ${whenWords(child.when)}`] : []),
    `  ${confidenceWords(child)}`,
  ];
  child.evidence.forEach((evidence, i) => {
    lines.push('', ...evidenceLines(explained, evidence, `Evidence ${i + 1} of ${child.evidence.length}`));
  });
  return lines.join('\n');
}

function confidenceWords(child: Child): string {
  switch (child.confidence) {
    case 'proven':
      return 'Proven: constants reach the call on a path whose conditions do not contradict it.';
    case 'likely':
      return 'Likely: a step of the route was assumed.';
    case 'possible':
      return 'Possible: the name stands in the same function or class as the call; it was not followed to it.';
  }
}

function unknownBlock(document: ChildrenDocument, asked: string, style: Style): string {
  const read = document.modules.filter((m) => m.found && m.role !== 'generic').map((m) => brief(m.name));
  const lines = [
    style.heading(`${brief(asked)}: not named`),
    `  No module that was read names it${read.length > 0 ? ` (${listed(read)})` : ''}.`,
  ];
  const near = nearNames(document, bare(asked));
  if (near.length > 0)
    lines.push(
      `  Near to it: ${listed(
        near.map((n) => brief(n)),
        'or',
      )}.`,
    );
  if (document.blindSpots.length > 0) {
    const [{ module, site }] = document.blindSpots;
    lines.push(
      `  It could still come through ${count(document.blindSpots.length, 'blind spot')}, of which the report tells; --explain ${brief(module)}:${plain(site)} explains the first.`,
    );
  }
  return lines.join('\n');
}

/** The last part of a path, lower case, without ".exe": "%windir%\System32\Cofire.exe" is "cofire". */
function bare(text: string): string {
  return text
    .trim()
    .replace(/^"|"$/g, '')
    .split(/[\\/]/)
    .at(-1)!
    .toLowerCase()
    .replace(/\.exe$/, '');
}

function matches(text: string, wanted: string): boolean {
  return wanted !== '' && bare(text) === wanted;
}

function sameText(text: string, asked: string): boolean {
  return text.toLowerCase() === asked.trim().toLowerCase();
}

function nearNames(document: ChildrenDocument, wanted: string): string[] {
  const names = new Set([
    ...document.children.map((c) => c.image),
    ...document.generic.map((g) => g.image),
    ...document.strings.map((s) => s.text),
  ]);
  return [...names]
    .filter(
      (name) =>
        wanted.length > 2 && (bare(name).includes(wanted) || (bare(name).length > 2 && wanted.includes(bare(name)))),
    )
    .slice(0, 5);
}
