// The answer to --explain ADDRESS: a call site with its arguments, children and blind spots, or what else stands at the address.
import type { Address, BlindSpot, Child, SiteEntry } from '../children/document.ts';
import { viaWords } from './children-text.ts';
import {
  argumentLines,
  callLines,
  distanceWords,
  type Explained,
  evidenceRoute,
  functionLines,
  instructions,
  routeLines,
  stringBlock,
  whenLines,
} from './explain-lines.ts';
import { brief, count, listed, plain } from './print.ts';
import { answerLine } from './registry-answer-text.ts';

/** An address as it was asked for, of one module or of any. */
export interface AskedAddress {
  readonly module: string | undefined;
  readonly address: Address;
}

/** "0x140015caa" and "wer.dll:0x18005d9b0" are addresses; undefined of anything else. */
export function readAddress(asked: string): AskedAddress | undefined {
  const found = /^(?:(.+):)?(0x[0-9a-f]{1,16})$/i.exec(asked.trim());
  if (!found) return undefined;
  const module = found[1]?.split(/[\\/]/).at(-1)?.toLowerCase();
  return { module, address: `0x${BigInt(found[2]).toString(16)}` };
}

/** The blocks that explain an address: its site, the sites of the function that begins there or holds it, or what else is known. */
export function addressBlocks(explained: Explained, { module, address }: AskedAddress): string[] {
  const { document, sources } = explained;
  const isAsked = (name: string): boolean =>
    module === undefined || [module, `${module}.dll`, `${module}.exe`].includes(name.toLowerCase());
  const sites = document.sites.filter((site) => isAsked(site.module));
  const exact = sites.filter((site) => site.site === address);
  if (exact.length > 0) return exact.map((site) => siteBlock(explained, site));
  const spots = document.blindSpots.filter((spot) => isAsked(spot.module) && spot.site === address);
  if (spots.length > 0) return spots.map((spot) => spotBlock(explained, spot));
  const strings = document.strings.filter((string) => isAsked(string.module) && string.address === address);
  const steps = stepLines(explained, isAsked, address);
  const named = [...strings.map((string) => stringBlock(explained, string)), ...(steps ? [steps] : [])];
  const read = document.modules.filter((m) => m.found && m.role !== 'generic' && isAsked(m.name));
  const holding = read.flatMap(({ name }) => {
    const start =
      sources.functionAt?.(name, address) ?? sites.find((s) => s.module === name && s.function === address)?.function;
    return start === undefined ? [] : [functionBlock(explained, name, start, address)];
  });
  if (named.length + holding.length > 0) return [...named, ...holding];
  return [
    nothingBlock(
      explained,
      address,
      module,
      read.map(({ name }) => name),
    ),
  ];
}

function siteBlock(explained: Explained, site: SiteEntry): string {
  const { document, style } = explained;
  const children = document.children.flatMap((child) =>
    child.evidence
      .filter((e) => e.module === site.module && e.site === site.site)
      .map((evidence) => ({ child, evidence })),
  );
  const spots = document.blindSpots.filter((spot) => spot.module === site.module && spot.site === site.site);
  const documents = document.documents.filter((one) => one.module === site.module && one.site === site.site);
  const found = [
    ...childNames(children),
    ...documents.map((one) => `the document or address ${brief(one.target)}`),
    ...(spots.length > 0 ? [count(spots.length, 'blind spot')] : []),
  ];
  const lines = [
    style.heading(`${plain(site.site)} in ${brief(site.module)}: ${brief(site.sink)} (${viaWords(site.via)})`),
    `  ${found.length > 0 ? `It gives ${listed(found)}.` : 'No program is named here, and none is hidden: the calls that were followed give no way to it.'}`,
    ...callLines(explained, site),
    ...functionLines(explained, site.module, site.function, {
      name: site.functionName,
      hint: children[0]?.evidence.hint,
    }),
    ...argumentLines(explained, site.module, site.site),
  ];
  for (const { child, evidence } of children) {
    lines.push(
      '',
      style.heading(`  Child ${brief(child.image)}: ${child.confidence}`),
      ...evidenceRoute(explained, evidence),
      ...whenLines(explained, evidence.when),
    );
  }
  for (const spot of spots) lines.push('', ...spotLines(explained, spot, site.function));
  return lines.join('\n');
}

function childNames(children: readonly { readonly child: Child }[]): string[] {
  return [...new Set(children.map(({ child }) => `${brief(child.image)} (${child.confidence})`))];
}

/** A blind spot at a call that is no site of its own (a COM server). */
function spotBlock(explained: Explained, spot: BlindSpot): string {
  const start = explained.sources.functionAt?.(spot.module, spot.site);
  return [
    explained.style.heading(`${plain(spot.site)} in ${brief(spot.module)}: ${brief(spot.sink)}`),
    ...callLines(explained, spot),
    ...(start === undefined ? [] : functionLines(explained, spot.module, start)),
    '',
    ...spotLines(explained, spot, start),
  ].join('\n');
}

/** Why a child is not known: what was followed, where that ended, and where to look. */
function spotLines(explained: Explained, spot: BlindSpot, start: Address | undefined): string[] {
  const { style, sources } = explained;
  const lines = [style.heading(`  Blind spot ${spot.reason}: ${brief(spot.detail)}`)];
  const at = { module: spot.module, site: spot.site, ...(start === undefined ? {} : { function: start }) };
  const route = spot.route ?? [];
  lines.push(...routeLines(sources, route, at));
  if (route.length === 0 && spot.reason !== 'com') lines.push('    No value was followed to this call.');
  for (const { key, value } of spot.registry ?? [])
    lines.push(`    look   in ${brief(key)}, value ${value === '' ? '(default)' : brief(value)}`);
  for (const answer of spot.answers ?? []) lines.push(`    host   ${answerLine(answer, style)}`);
  lines.push(`    why    ${WHY[spot.reason]}`, ...whenLines(explained, spot.when));
  return lines;
}

/** Why nothing more can be said, and where to look. */
const WHY: Readonly<Record<BlindSpot['reason'], string>> = {
  registry: 'the name stands in the registry of the host that runs the program, not in the file',
  'command-line': 'the name comes from the command line that the program is started with',
  'standard-input': "the name comes in on the program's standard input",
  file: 'the name stands in a file that the program reads when it runs',
  environment: 'the name is what an environment variable holds on the host',
  com: 'the class is started by Windows as a child of another process; its LocalServer32 names the program',
  rpc: 'the name is a parameter of a remote call: the clients of the interface choose it',
  'shared-memory': 'the name stands in memory that another process writes',
  caller: 'the name is handed in by a caller that is not in the files that were read, or that was not found',
  data: 'the analysis ended here: a computation, an object or a table that it does not follow, so read on from this step in a disassembler',
  'step-limit': 'the work on this call is bounded and ended before an answer: read on in a disassembler',
};

/** The children whose route goes by the address. */
function stepLines(
  { document, style }: Explained,
  isAsked: (module: string) => boolean,
  address: Address,
): string | undefined {
  const lines = document.children.flatMap((child) =>
    child.evidence
      .filter((e) => isAsked(e.module) && [...e.route, ...e.literals].some((step) => step.address === address))
      .map(
        (e) =>
          `  a step to ${style.strong(brief(child.image))}, by ${brief(e.sink)} at ${plain(e.site)} in ${brief(e.module)}`,
      ),
  );
  return lines.length === 0
    ? undefined
    : [style.heading(`${plain(address)}: on the route of a child`), ...new Set(lines)].join('\n');
}

/** A function, and which sites it holds or how far it is from one. */
function functionBlock(explained: Explained, module: string, start: Address, address: Address): string {
  const { document, style, sources } = explained;
  const sites = document.sites.filter((site) => site.module === module && site.function === start);
  const where = start === address ? 'the beginning of a function' : 'in a function';
  const notes = sources.describeFunction?.(module, start);
  return [
    style.heading(`${plain(address)} in ${brief(module)}: ${where}`),
    ...instructions(module, address, '             ', sources),
    ...functionLines(explained, module, start),
    ...sites.map(
      (site) =>
        `    calls  ${plain(site.site)}  ${brief(site.sink)}: --explain ${plain(site.site)} shows what it starts`,
    ),
    ...(sites.length === 0 && notes ? [`    It is no process-creation call: ${distanceWords(notes.use)}.`] : []),
  ].join('\n');
}

function nothingBlock(
  { document, style }: Explained,
  address: Address,
  module: string | undefined,
  read: readonly string[],
): string {
  const lines = [style.heading(`${plain(address)}: nothing is known of it`)];
  if (module !== undefined && read.length === 0) {
    const names = document.modules.filter((m) => m.found && m.role !== 'generic').map((m) => brief(m.name));
    lines.push(
      `  No module that was read is called ${brief(module)}${names.length > 0 ? ` (${listed(names)} were)` : ''}.`,
    );
  } else {
    lines.push(
      `  It is in no function of what was read${read.length > 0 ? ` (${listed(read.map((n) => brief(n)))})` : ''}.`,
    );
  }
  if (document.sites.length > 0) lines.push('  --sites lists the call sites with their addresses.');
  return lines.join('\n');
}
