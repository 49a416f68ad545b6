// Three lines for the analyst who gets an alert of a children rule: what it means, what to look at first, what would make it benign.
import { showPattern } from '../rule/pattern.ts';
import type { Exclusion } from './child-rule-exclusions.ts';
import { quoted } from './child-rule-scope.ts';
import type { BlindSpot, BlindSpotReason, ChildrenDocument } from './document.ts';
import { isHostRead } from './hosts/hosted-modules.ts';
import { modulesMissing } from './module-entries.ts';

type Document = Omit<ChildrenDocument, 'rule'>;

/** Names in one line; of more their number is told. */
const MOST_NAMES = 3;
/** A name longer than that is cut. */
const LONGEST_NAME = 160;

/** What else than the code may name a child, where no registry value is known; in the order in which it is told. */
const NAMED_BY: Readonly<Partial<Record<BlindSpotReason, string>>> = {
  file: 'a file that it reads',
  environment: 'an environment variable',
  com: 'a COM server that it has run',
  rpc: 'a remote caller',
  'shared-memory': 'a process that shares memory with it',
  'command-line': 'its own command line',
  'standard-input': 'its standard input',
  caller: 'a caller outside the files read',
};

/** Of the rule "the child is none of these". */
export function triageOfUnlisted(
  document: Document,
  process: string,
  excluded: readonly Exclusion[],
): readonly [string, string, string] {
  return [
    `It means: ${process} started a program that ${callsRead(document)} does not name, so foreign code runs in ${process}, another program wears its name, or a setting of the host named the child.`,
    `Look first: at the child's folder, signature and command line, and at those of ${process}.${closest(excluded)}${arguments_(document, process)}`,
    `Benign: ${benign(document, process)}.`,
  ];
}

/** Of the rule about a child in a folder that ordinary users can write to. */
export function triageOfUnprotected(
  { verdict, children }: Document,
  process: string,
): readonly [string, string, string] {
  const own = distinctNames(children.filter(({ path }) => path !== null).map(({ image }) => image));
  const worn =
    own.length === 0 ? '' : ` The file itself names ${listed(own)}: that name there is worn by another program.`;
  return [
    `It means: ${process} was told to start a program that lies where ordinary users can write; ${verdict.reason.replace(/^it /, `${process} `)}, so the child alone says little.`,
    `Look first: at the command line of ${process} and who started it, then at who wrote the child's file, when, and its signature.${worn}`,
    `Benign: the child is installed for one user (AppData), built or unpacked there by somebody who is known to do so, and ${process} was told to start it by a person or tool that may.`,
  ];
}

/** "the code of wer.dll and WerFault.exe (12 calls)". */
function callsRead({ modules, parent, sites }: Document): string {
  const read = modules
    .filter(({ role, found }) => role !== 'image' && role !== 'generic' && found)
    .map(({ name }) => name);
  const calls = sites.length === 1 ? '1 call that starts programs' : `${sites.length} calls that start programs`;
  return `the code of ${listed(distinctNames([...(isHostRead({ parent, modules }) || parent.kind === 'module' ? [parent.image] : []), ...read]))} (${calls})`;
}

/** The children that are let pass by path have names that an attacker may wear elsewhere; the others are let pass wherever they lie. */
function closest(excluded: readonly Exclusion[]): string {
  const own = excluded.filter(({ origin }) => origin === 'file');
  const told = own.length > 0 ? own : excluded;
  const byPath = told.filter(({ paths }) => paths.length > 0);
  const byName = told.filter(({ paths, commandLines }) => paths.length === 0 && commandLines.length === 0);
  const byLine = told.filter(({ commandLines }) => commandLines.length > 0);
  const places = byPath.map(({ paths }) => cut(showPattern(paths[0])));
  return [
    places.length === 0
      ? ''
      : ` Let pass are ${listed(places)}: such a name in another folder is worn by another program.`,
    byLine.length === 0
      ? ''
      : ` ${listed(distinctNames(byLine.map(({ image }) => image)))} is known with another command line only.`,
    byName.length === 0
      ? ''
      : ` No alert comes of a program called ${listed(distinctNames(byName.map(({ image }) => image)))}, whatever it is.`,
  ].join('');
}

function arguments_({ children }: Document, process: string): string {
  const told = children.find(({ when }) => when !== undefined);
  if (told?.when === undefined) return '';
  const [{ anyOf }] = told.when.parentArguments;
  return ` ${cut(told.image)} is started only where the command line of ${process} holds ${quoted(anyOf.slice(0, MOST_NAMES).map(cut))}.`;
}

function benign({ blindSpots, modules }: Document, process: string): string {
  const keys = blindSpots.flatMap(({ registry }) => registry ?? []);
  const values = distinctNames(keys.map(({ key, value }) => `${key}, value ${value === '' ? '(default)' : value}`));
  const others = namedBy(blindSpots);
  const open = blindSpots.filter(({ reason }) => reason === 'data' || reason === 'step-limit').length;
  const missing = distinctNames(modulesMissing(modules).map(({ name }) => name));
  const unread =
    missing.length === 1 ? `${missing[0]}, which was not read` : `one of ${listed(missing)}, which were not read`;
  const unknown = open === 1 ? 'the call' : `one of the ${open} calls`;
  const ways = [
    ...(values.length > 0 ? [`the child is what ${listed(values)} names on this host`] : []),
    ...(others.length > 0 ? [`${listed(others)} named it`] : []),
    ...(missing.length > 0 ? [`${unread}, starts it`] : []),
    ...(open > 0 ? [`${unknown} that could not be followed starts it`] : []),
    `a plug-in or security product in ${process} or another version of ${process} does`,
  ];
  return ways.length === 1 ? ways[0] : `${ways.slice(0, -1).join('; ')}; or ${ways.at(-1)}`;
}

function namedBy(blindSpots: readonly BlindSpot[]): readonly string[] {
  return (Object.keys(NAMED_BY) as BlindSpotReason[]).flatMap((reason) => {
    const words = NAMED_BY[reason];
    return words !== undefined && blindSpots.some((spot) => spot.reason === reason) ? [words] : [];
  });
}

function distinctNames(names: readonly string[]): readonly string[] {
  return [...new Map(names.map((name) => [name.toLowerCase(), cut(name)])).values()];
}

/** "a, b and c", "a, b, c and 4 more". */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES);
  const rest = names.length - shown.length;
  const parts = rest > 0 ? [...shown, `${rest} more`] : shown;
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

function cut(name: string): string {
  const characters = [...name];
  return characters.length <= LONGEST_NAME ? name : `${characters.slice(0, LONGEST_NAME - 3).join('')}...`;
}
