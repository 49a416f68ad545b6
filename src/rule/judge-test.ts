// One test of one field, judged: can an attacker make a value meet it, and what would he need for that?

import { type FieldControl, LAUNCHERS, PARENT_LAUNCHERS, RENTED_DOMAINS, UNTRUSTED_STATUSES } from './field-control.ts';
import { foldCase } from './fold.ts';
import { type Network, networkOf } from './network.ts';
import { joinPatterns, patternShape, showPattern, type TextPattern } from './pattern.ts';
import { placeOf } from './protected-roots.ts';
import { addressWithin, networkWithin, onlyText, patternOfTest, testsOverlap } from './test-overlap.ts';
import type { ValueTest } from './value-test.ts';

/** From the easiest to the hardest for an attacker. */
export const CLASSES = ['free', 'unknown', 'guarded', 'forced'] as const;
/** What an attacker can do about an exclusion: fulfil it; that is not known; only with a right he lacks; not while the rule's selection holds. */
export type ExclusionClass = (typeof CLASSES)[number];

export interface Judgement {
  readonly class: ExclusionClass;
  /** One line. */
  readonly why: string;
  /** What weakens a guard without lifting it, one line each. */
  readonly but?: readonly string[];
}

/** What else is known of the same field or thing where the test is asked; each list holds if one of its tests does. */
export interface Surroundings {
  readonly lists: readonly (readonly ValueTest[])[];
  /** The rule's selection itself asks for the file's name. */
  readonly isNamePinned: boolean;
}

const free = (why: string): Judgement => ({ class: 'free', why });
const guarded = (why: string, but: readonly string[] = []): Judgement =>
  but.length > 0 ? { class: 'guarded', why, but } : { class: 'guarded', why };
const unknown = (why: string): Judgement => ({ class: 'unknown', why });

export function judgeTest(test: ValueTest, control: FieldControl, around: Surroundings): Judgement {
  const { nature, why } = control;
  if (test.kind === 'null' || (test.kind === 'exists' && !test.wanted)) return judgeAbsence(control);
  if (test.kind === 'exists') return free('any value will do');
  if (test.kind === 'field') return unknown('it is compared with another field');
  if (nature !== 'text' && isLeftEmpty(test)) return judgeAbsence(control);
  switch (nature) {
    case 'text':
    case 'version':
    case 'object':
      return free(why);
    case 'program':
    case 'parent-program':
    case 'file':
    case 'name':
      return judgePath(test, control, around);
    case 'registry-key':
      return judgeKey(test, control, around);
    case 'account':
      return isAnyAccount(test) ? free("every user's own account fits") : guarded(why);
    case 'integrity':
      return isLowLevel(test) ? free('it is the level that programs of a user have') : guarded(why);
    case 'trust':
      return isUntrusted(test) ? free("it is the state of a file of one's own") : guarded(why);
    case 'hash':
      return fits(test, (text) => text.includes('imphash='))
        ? free("a table of imports can be laid out as another's")
        : guarded(why);
    case 'address':
      return judgeAddress(test, control);
    case 'host':
      return judgeHost(test, control);
    case 'recorder':
      return unknown(why);
    case 'system':
      return guarded(why);
  }
}

/** What sensors write where they have nothing to say. */
function isLeftEmpty(test: ValueTest): boolean {
  const text = onlyText(test);
  return text === '' || text === '-';
}

function judgeAbsence({ nature }: FieldControl): Judgement {
  if (nature === 'trust') return free('a file without a signature has none');
  if (nature === 'version') return free('a file without a version resource has none');
  return unknown('whether it is left empty is up to the sensor');
}

/** Names of the kernel's own processes, which have no file. */
const KERNEL_PROCESSES: ReadonlySet<string> = new Set([
  'system',
  'registry',
  'memcompression',
  'memory compression',
  'vmmem',
  'vmmemwsl',
  'hotpatch',
  'secure system',
  'idle',
]);

function judgePath(test: ValueTest, { nature }: FieldControl, around: Surroundings): Judgement {
  const text = onlyText(test);
  if (text !== undefined) {
    if (text === '<unknown process>')
      return free('Sysmon writes it of a process that is gone when the event is made: end at once');
    if (KERNEL_PROCESSES.has(foldCase(text))) return guarded("it is the name of one of the kernel's own processes");
  }
  const pattern = patternOfTest(test);
  if (!pattern) return unknown('it is no comparison of a path');
  const own = asPath(pattern, nature);
  const others = around.lists.map((list) =>
    list.flatMap((one) => {
      const other = patternOfTest(one);
      return other && testsOverlap(one, { kind: 'like', pattern: own, cased: false }) ? [other] : [];
    }),
  );
  const place = placeOf(own);
  const holder =
    place.kind === 'protected'
      ? [own]
      : others.find((list) => list.length > 0 && list.every((one) => placeOf(one).kind === 'protected'));
  if (!holder) return free(freePath(own));
  const launchers =
    nature === 'parent-program' ? PARENT_LAUNCHERS : nature === 'program' || nature === 'name' ? LAUNCHERS : NONE;
  const named = [own, ...others.flatMap((list) => (list.length === 1 ? list : []))]
    .map(fileNameOf)
    .find((name) => name !== undefined);
  if (named !== undefined && launchers.has(named) && !around.isNamePinned)
    return free(`${named} runs what anyone gives it, so that it can be started for the purpose`);
  const first = placeOf(holder[0]);
  const root = first.kind === 'protected' ? first.root : '';
  return guarded(
    `only administrators write below ${root}`,
    weaknesses(holder, nature, around.isNamePinned ? 'pinned' : named),
  );
}

const NONE: ReadonlySet<string> = new Set();

function weaknesses(
  holder: readonly TextPattern[],
  nature: FieldControl['nature'],
  named: string | undefined,
): readonly string[] {
  const but: string[] = [];
  for (const pattern of holder) {
    const place = placeOf(pattern);
    if (place.kind !== 'protected') continue;
    if (place.writable.length > 0)
      but.push(`every user may write to ${place.writable[0]}, which fits ${showPattern(pattern)}`);
    if (named === undefined && nature === 'program' && HAS_SHELLS.test(bare(pattern)))
      but.push(`cmd.exe and powershell.exe, which run what anyone gives them, fit ${showPattern(pattern)}`);
  }
  return [...new Set(but)];
}

const HAS_SHELLS = /^\\windows\\(?:(?:system32|syswow64)\\)?$/;

/** Without its drive and what follows. */
function bare(pattern: TextPattern): string {
  return foldCase(showPattern(pattern))
    .replace(/^(?:[*?]{0,2}[a-z]?:)/, '')
    .replace(/\*$/, '');
}

/** A name as the end of a path. */
export function asPath(pattern: TextPattern, nature: FieldControl['nature']): TextPattern {
  return nature === 'name' ? joinPatterns([{ any: 'many' }, '\\'], pattern) : pattern;
}

/** The file's name that a pattern of paths ends with, in lower case; undefined where it is open. */
export function fileNameOf(pattern: TextPattern): string | undefined {
  const last = joinPatterns(pattern).at(-1);
  if (typeof last !== 'string') return undefined;
  const at = last.lastIndexOf('\\');
  return at < 0 ? undefined : foldCase(last.slice(at + 1));
}

function freePath(pattern: TextPattern): string {
  const shape = patternShape(pattern);
  if (shape.shape === 'endswith' && /^\\?[^\\]*$/.test(shape.text)) return 'a file of that name can lie in any folder';
  if (shape.shape === 'endswith' || shape.shape === 'contains') return 'such folders can be made below any other';
  return 'it is no folder that only administrators write to';
}

const MACHINE = /^(?:hklm\\|hkey_local_machine\\|\\registry\\machine\\)/;

/** The keys of the machine are written by administrators: no choice unless the selection asks for them anyway. */
function judgeKey(test: ValueTest, { why }: FieldControl, around: Surroundings): Judgement {
  const isMachine = (one: ValueTest): boolean => {
    const pattern = patternOfTest(one);
    return pattern !== undefined && MACHINE.test(foldCase(showPattern(pattern)));
  };
  const isAskedFor = around.lists.some((list) => list.every(isMachine));
  return isMachine(test) && !isAskedFor ? guarded('only administrators write to the keys of the machine') : free(why);
}

/** Every text that the test names, in lower case, fulfils it; a test that names none does not. */
function fits(test: ValueTest, holds: (text: string) => boolean): boolean {
  const pattern = patternOfTest(test);
  return pattern !== undefined && holds(foldCase(showPattern(pattern)));
}

function isAnyAccount(test: ValueTest): boolean {
  return fits(test, (text) => /^(?:\*|\?\*|s-1-5-21-\*|s-1-12-1-\*|s-1-\*|s-1-5-21\*)$/.test(text));
}

function isLowLevel(test: ValueTest): boolean {
  return fits(test, (text) => /medium|low|untrusted|s-1-16-(?:8192|8448|4096|0)\b|^limited|^default/.test(text));
}

function isUntrusted(test: ValueTest): boolean {
  if (test.kind === 'boolean') return !test.wanted;
  return fits(
    test,
    (text) => text === 'false' || UNTRUSTED_STATUSES.some((status) => text.startsWith(foldCase(status))),
  );
}

const LOOPBACK = ['127.0.0.1', '::1'];
const PRIVATE: readonly Network[] = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  '100.64.0.0/10',
  'fc00::/7',
  'fe80::/10',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '0.0.0.0/8',
  'ff00::/8',
].map((text) => networkOf(text)!);

function judgeAddress(test: ValueTest, { why }: FieldControl): Judgement {
  const text = onlyText(test);
  if (text === '::' || text === '0.0.0.0') return unknown('whether it is left empty is up to the sensor');
  const relay = free('a relay on the host itself has such an address');
  if (test.kind === 'cidr') {
    const { network } = test;
    if (LOOPBACK.some((address) => addressWithin(address, network))) return relay;
    return PRIVATE.some((one) => networkWithin(network, one))
      ? guarded(why)
      : free('a machine with such an address can be rented');
  }
  if (text !== undefined) {
    const network = networkOf(text);
    if (!network) return unknown('it is no address');
    if (LOOPBACK.includes(text) || text.startsWith('127.')) return relay;
    return guarded(why);
  }
  if (fits(test, (shown) => shown.startsWith('127.') || shown.startsWith('::1'))) return relay;
  return fits(test, (shown) => /^(?:10|192\.168|172\.|169\.254|fe80)/.test(shown))
    ? guarded(why)
    : unknown('it is no network');
}

function judgeHost(test: ValueTest, { why }: FieldControl): Judgement {
  const pattern = patternOfTest(test);
  if (!pattern) return unknown('it is no name');
  const shown = foldCase(showPattern(pattern));
  if (shown === 'localhost') return free('a relay on the host itself has that name');
  const last = joinPatterns(pattern).at(-1);
  if (typeof last !== 'string') return free('such a name can go on with a domain of his own');
  if (/^\*[^.*?][^*?]*$/.test(shown)) return free(`a domain of his own can end so: x${shown.slice(1)}`);
  const rented = RENTED_DOMAINS.find((domain) => shown === `*.${domain}` || shown === `*${domain}`);
  return rented ? free(`anyone gets a name below ${rented}`) : guarded(why);
}
