// The lines that explanations share: a route with its instructions, the function it ends in, a call site's arguments.
import type { Address, ChildrenDocument, Evidence, NamedString, RouteStep, When } from '../children/document.ts';
import type { FunctionName } from '../children/function-names.ts';
import type { FunctionNotes } from '../children/module-view.ts';
import type { StringUse } from '../children/string-uses.ts';
import { brief, count, plain, type Style } from './print.ts';
import { reachWords, whenWords } from './reach-words.ts';
import { answerLine } from './registry-answer-text.ts';

/** What the face can look up in the modules' bytes, beyond the document; each may be absent. */
export interface ExplainSources {
  /**
   * The instructions around an address of a module, one line each; for an address in data those that refer to it, in the function
   * `within` where there are some. None when there is no code to show.
   */
  readonly instructionsAround?: (module: string, address: Address, within?: Address) => readonly string[];
  /** The functions that use a name, each with how far it is from a sink. */
  readonly usesOf?: (name: NamedString) => readonly StringUse[];
  /** The function that holds an address; undefined where none does. */
  readonly functionAt?: (module: string, address: Address) => Address | undefined;
  /** What is known of the function that starts at an address: name, hints, texts, callers. */
  readonly describeFunction?: (module: string, start: Address) => FunctionNotes | undefined;
}

/** What an explanation is made from. */
export interface Explained {
  readonly document: ChildrenDocument;
  readonly style: Style;
  readonly sources: ExplainSources;
}

const INSTRUCTIONS = '             ';
const TEXTS_SHOWN = 6;
const CALLERS_SHOWN = 4;
const COMPARISONS_SHOWN = 4;

/** One evidence of a child, under a heading of its own. */
export function evidenceLines(explained: Explained, evidence: Evidence, heading: string): string[] {
  const { style } = explained;
  const reach = reachWords(evidence.reach);
  return [
    style.heading(`  ${heading}: ${brief(evidence.sink)} in ${brief(evidence.module)}${reach ? `, ${reach}` : ''}`),
    ...evidenceRoute(explained, evidence),
    ...callLines(explained, evidence),
    ...functionLines(explained, evidence.module, evidence.function, evidence),
    ...argumentLines(explained, evidence.module, evidence.site),
    ...(evidence.registry === undefined ? [] : [`    host   ${answerLine(evidence.registry, style)}`]),
    ...whenLines(explained, evidence.when),
  ];
}

/** The texts and steps of an evidence, up to its call. */
export function evidenceRoute({ sources }: Explained, evidence: Evidence): string[] {
  const lines = evidence.literals.map(
    (literal) => `    text   ${plain(literal.address)}  "${brief(literal.text)}" (${literal.encoding})`,
  );
  if (lines.length === 0) lines.push('    text   none: the value does not come from a string of the file');
  return [...lines, ...routeLines(sources, evidence.route, evidence)];
}

/** The steps of a route, numbered, each with its instructions; the site's own are left to {@link callLines}. */
export function routeLines(
  sources: ExplainSources,
  route: readonly RouteStep[],
  at: { readonly module: string; readonly site: Address; readonly function?: Address },
): string[] {
  let number = 0;
  return route.flatMap((step, i) => {
    const again = i > 0 && route[i - 1].address === step.address;
    return [
      `    ${(step.stop ? 'stop' : `${++number}.`).padEnd(5)}  ${plain(step.address)}  ${brief(step.what, 600)}`,
      ...(again || step.address === at.site
        ? []
        : instructions(at.module, step.address, INSTRUCTIONS, sources, at.function)),
    ];
  });
}

/** The call itself with its instructions. */
export function callLines(
  { style, sources }: Explained,
  at: { readonly module: string; readonly site: Address; readonly sink: string },
): string[] {
  return [
    `    call   ${plain(at.site)}  ${style.strong(brief(at.sink))}`,
    ...instructions(at.module, at.site, INSTRUCTIONS, sources),
  ];
}

/** The function: its name, or what hints at one, the texts that it uses, and who calls it. */
export function functionLines(
  { document, sources }: Explained,
  module: string,
  start: Address,
  known: { readonly name?: string; readonly hint?: string } = {},
): string[] {
  const notes = sources.describeFunction?.(module, start);
  const name = notes?.name?.name ?? known.name;
  const hints = notes?.hints ?? (known.hint === undefined ? [] : [known.hint]);
  const lines = [
    `    in     ${plain(start)}  the function${name ? ` ${brief(name)}, ${namedBy(document, module, notes?.name)}` : ''}`,
  ];
  if (notes?.name && notes.name.others.length > 0)
    lines.push(`${INSTRUCTIONS}the same code has other names too: ${texts(notes.name.others)}`);
  for (const hint of hints) lines.push(`${INSTRUCTIONS}${brief(hint, 600)}`);
  if (notes && name === undefined && hints.length === 0)
    lines.push(`${INSTRUCTIONS}no export, string, RTTI or caller hints at its name`);
  for (const place of notes?.places ?? []) lines.push(`${INSTRUCTIONS}${brief(place)}`);
  if (notes && notes.texts.length > 0) lines.push(`${INSTRUCTIONS}its texts: ${texts(notes.texts)}`);
  if (notes) return [...lines, ...callerLines(sources, module, notes)];
  const site = document.sites.find((s) => s.module === module && s.function === start);
  if (site && site.callers.length > 0) lines.push(`    from   ${site.callers.map((c) => plain(c)).join(' ')}`);
  return lines;
}

/** What a function's name rests on. */
function namedBy({ modules }: ChildrenDocument, module: string, name?: FunctionName): string {
  if (name) return name.by.kind === 'export' ? 'by its export' : `by the symbols of ${brief(name.by.file)}`;
  const symbols = modules.find((one) => one.name === module)?.symbols;
  return symbols === undefined ? 'by its export' : `by its export or the symbols of ${brief(symbols)}`;
}

function callerLines(sources: ExplainSources, module: string, { callers }: FunctionNotes): string[] {
  const lines = callers.slice(0, CALLERS_SHOWN).map(({ site, function: start }) => {
    const notes = sources.describeFunction?.(module, start);
    const about =
      notes?.name?.name ??
      notes?.hints[0] ??
      notes?.places[0] ??
      (notes && notes.texts.length > 0 ? texts(notes.texts) : undefined);
    return `    from   ${plain(site)}  in the function ${plain(start)}${about === undefined ? '' : ` (${brief(about, 300)})`}`;
  });
  if (callers.length > CALLERS_SHOWN)
    lines.push(`    from   ${count(callers.length - CALLERS_SHOWN, 'more function')}`);
  return lines;
}

function texts(all: readonly string[]): string {
  const shown = all.slice(0, TEXTS_SHOWN).map((text) => `"${brief(text.trim(), 60)}"`);
  return `${shown.join(', ')}${all.length > TEXTS_SHOWN ? ` and ${all.length - TEXTS_SHOWN} more` : ''}`;
}

/** What is known of a site's arguments. */
export function argumentLines({ document }: Explained, module: string, site: Address): string[] {
  const entry = document.sites.find((s) => s.module === module && s.site === site);
  return Object.entries(entry?.arguments ?? {}).map(
    ([role, values]) =>
      `    with   ${brief(role)}: ${values.length === 0 ? 'not known' : values.map((v) => brief(v)).join(' | ')}`,
  );
}

/** Without which arguments of the parent the call is not made, each with the code that compares them. */
export function whenLines({ sources }: Explained, when: When | undefined): string[] {
  return (when?.parentArguments ?? []).flatMap((one) => [
    `    when   ${whenWords({ parentArguments: [one] })}`,
    ...one.comparedAt
      .slice(0, COMPARISONS_SHOWN)
      .flatMap(({ module, address }) => [
        `${INSTRUCTIONS}compared at ${plain(address)} in ${brief(module)}`,
        ...instructions(module, address, INSTRUCTIONS, sources),
      ]),
    ...(one.comparedAt.length > COMPARISONS_SHOWN
      ? [`${INSTRUCTIONS}and at ${count(one.comparedAt.length - COMPARISONS_SHOWN, 'more place')}`]
      : []),
  ]);
}

/** The instructions around an address; the one at the address itself is marked among its neighbours. */
export function instructions(
  module: string,
  address: Address,
  indent: string,
  sources: ExplainSources,
  within?: Address,
): string[] {
  return (sources.instructionsAround?.(module, address, within) ?? []).map((line) => {
    const margin = line.startsWith(`${address} `) ? `${indent.slice(0, -2)}> ` : indent;
    return `${margin}${plain(line)}`;
  });
}

/** A named string that is no child: where it stands, who uses it, how far that is from a call. */
export function stringBlock({ document, style, sources }: Explained, named: NamedString): string {
  const lines = [
    style.heading(`${brief(named.text)}: named, not a child`),
    `  It stands in ${brief(named.module)} at ${plain(named.address)}: ${brief(named.why)}.`,
  ];
  const uses = sources.usesOf?.(named);
  for (const use of uses ?? []) {
    const name = use.name ? ` ${brief(use.name)}` : '';
    lines.push(`  used by the function ${plain(use.function)}${name}: ${distanceWords(use)}`);
    for (const hint of sources.describeFunction?.(named.module, use.function)?.hints ?? [])
      lines.push(`      ${brief(hint, 600)}`);
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

/** How many calls a function is away from a call site. */
export function distanceWords(use: StringUse): string {
  if (use.distance === null) return 'no way from it to a process-creation call was found';
  const sink = use.sink ? brief(use.sink) : 'a process-creation API';
  const at = use.site ? ` at ${plain(use.site)}` : '';
  if (use.distance === 0) return `it calls ${sink}${at} itself`;
  return `${count(use.distance, 'call')} away from ${sink}${at}`;
}
