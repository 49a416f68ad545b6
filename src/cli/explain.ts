// The answer to --explain NAME: the whole route to a child step by step, or what is known of a name that is not a child.
import type { Address, Child, ChildrenDocument, Evidence, NamedString } from '../children/document.ts';
import type { StringUse } from '../children/string-uses.ts';
import { childSentence, reachWords } from './children-text.ts';
import { brief, count, listed, plain, type Style } from './print.ts';

/** What the face can look up in the modules' bytes, beyond the document; each may be absent. */
export interface ExplainSources {
  /**
   * The instructions around an address of a module, one line each; for an address in data those that refer to it, in the function
   * `within` where there are some. None when there is no code to show.
   */
  readonly instructionsAround?: (module: string, address: Address, within?: Address) => readonly string[];
  /** The functions that use a name, each with how far it is from a sink. */
  readonly usesOf?: (name: NamedString) => readonly StringUse[];
}

/** The explanation of a child, generic child, document or named string, in words, ending in a newline. */
export function explainText(
  document: ChildrenDocument,
  asked: string,
  style: Style,
  sources: ExplainSources = {},
): string {
  const wanted = bare(asked);
  const children = document.children.filter(
    (c) => matches(c.image, wanted) || (c.path !== null && sameText(c.path, asked)),
  );
  const generic = document.generic.filter((g) => matches(g.image, wanted));
  const documents = document.documents.filter((d) => sameText(d.target, asked) || matches(d.target, wanted));
  const strings = document.strings.filter((s) => sameText(s.text, asked) || matches(s.text, wanted));
  const blocks = [
    ...children.map((c) => childBlock(document, c, style, sources)),
    ...generic.map(
      (g) => `${style.strong(brief(g.image))} is a generic child: ${brief(g.why)}. It was not found in the file.`,
    ),
    ...documents.map(
      (d) =>
        `${style.strong(brief(d.target))} is a document or an address that ${brief(d.sink)} opens in ${brief(d.module)} at ${plain(d.site)}.` +
        instructionBlock(d.module, d.site, '  ', sources),
    ),
    ...strings.map((s) => stringBlock(document, s, style, sources)),
  ];
  if (blocks.length === 0) blocks.push(unknownBlock(document, asked, style));
  return `${blocks.join('\n\n')}\n`;
}

function childBlock(document: ChildrenDocument, child: Child, style: Style, sources: ExplainSources): string {
  const lines = [
    style.heading(`${brief(child.image)}: ${child.confidence}`),
    `  ${childSentence(child, style)}`,
    ...(child.commandLine === null ? [] : [`  command line: ${brief(child.commandLine)}`]),
    `  ${confidenceWords(child)}`,
  ];
  child.evidence.forEach((evidence, i) => {
    lines.push('', ...evidenceLines(document, evidence, i, child.evidence.length, style, sources));
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

function evidenceLines(
  document: ChildrenDocument,
  evidence: Evidence,
  index: number,
  total: number,
  style: Style,
  sources: ExplainSources,
): string[] {
  const reach = reachWords(evidence.reach);
  const lines = [
    style.heading(
      `  Evidence ${index + 1} of ${total}: ${brief(evidence.sink)} in ${brief(evidence.module)}${reach ? `, ${reach}` : ''}`,
    ),
  ];
  for (const literal of evidence.literals) {
    lines.push(`    text   ${plain(literal.address)}  "${brief(literal.text)}" (${literal.encoding})`);
  }
  if (evidence.literals.length === 0) lines.push('    text   none: the value does not come from a string of the file');
  evidence.route.forEach((step, i) => {
    lines.push(`    ${`${i + 1}.`.padEnd(5)}  ${plain(step.address)}  ${brief(step.what, 600)}`);
    if (step.address !== evidence.site)
      lines.push(...instructions(evidence.module, step.address, '             ', sources, evidence.function));
  });
  lines.push(`    call   ${plain(evidence.site)}  ${style.strong(brief(evidence.sink))}`);
  lines.push(...instructions(evidence.module, evidence.site, '             ', sources));
  const known = evidence.name
    ? ` ${brief(evidence.name)}`
    : evidence.hint
      ? ` (by its strings: ${brief(evidence.hint)})`
      : '';
  lines.push(`    in     ${plain(evidence.function)}  the function${known}`);
  const site = document.sites.find((s) => s.module === evidence.module && s.site === evidence.site);
  if (site && site.callers.length > 0) lines.push(`    from   ${site.callers.map((c) => plain(c)).join(' ')}`);
  for (const [role, values] of Object.entries(site?.arguments ?? {})) {
    lines.push(
      `    with   ${brief(role)}: ${values.length === 0 ? 'not known' : values.map((v) => brief(v)).join(' | ')}`,
    );
  }
  return lines;
}

function instructions(
  module: string,
  address: Address,
  indent: string,
  sources: ExplainSources,
  within?: Address,
): string[] {
  return (sources.instructionsAround?.(module, address, within) ?? []).map((line) => {
    // The instruction at the address itself is marked among its neighbours.
    const margin = line.startsWith(`${address} `) ? `${indent.slice(0, -2)}> ` : indent;
    return `${margin}${plain(line)}`;
  });
}

function instructionBlock(module: string, address: Address, indent: string, sources: ExplainSources): string {
  return instructions(module, address, indent, sources)
    .map((line) => `\n${line}`)
    .join('');
}

function stringBlock(document: ChildrenDocument, named: NamedString, style: Style, sources: ExplainSources): string {
  const lines = [
    style.heading(`${brief(named.text)}: named, not a child`),
    `  It stands in ${brief(named.module)} at ${plain(named.address)}: ${brief(named.why)}.`,
  ];
  const uses = sources.usesOf?.(named);
  for (const use of uses ?? []) {
    const name = use.name ? ` ${brief(use.name)}` : '';
    lines.push(`  used by the function ${plain(use.function)}${name}: ${distanceWords(use)}`);
  }
  if (uses && uses.length === 0) lines.push('  No function that uses it was found.');
  if (named.referrers.length === 0) lines.push('  Nothing in the module refers to it directly.');
  for (const referrer of named.referrers) {
    const site = uses ? undefined : siteBehind(document, named.module, referrer);
    lines.push(
      `  referred to at ${plain(referrer)}${site ? `, before ${brief(site.sink)} at ${plain(site.site)} in the same function` : ''}`,
    );
    lines.push(...instructions(named.module, referrer, '      ', sources));
  }
  return lines.join('\n');
}

/** The first call site whose function begins before the referrer and that stands behind it, with no other site's function between. */
function siteBehind(document: ChildrenDocument, module: string, referrer: Address) {
  const at = Number(referrer);
  return document.sites.find((s) => s.module === module && Number(s.function) <= at && at < Number(s.site));
}

function distanceWords(use: StringUse): string {
  if (use.distance === null) return 'no way from it to a process-creation call was found';
  const sink = use.sink ? brief(use.sink) : 'a process-creation API';
  const at = use.site ? ` at ${plain(use.site)}` : '';
  if (use.distance === 0) return `it calls ${sink}${at} itself`;
  return `${count(use.distance, 'call')} away from ${sink}${at}`;
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
    lines.push(
      `  It could still come through ${count(document.blindSpots.length, 'blind spot')}, of which the report tells.`,
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
