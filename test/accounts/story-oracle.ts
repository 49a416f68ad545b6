// What the document must tell of a story when only some layers are kept: the truth, less what the missing layers alone could know.

import { LAYER_LETTERS, type Truth } from '../../fixtures/accounts/story.ts';
import { FIELDS, type FieldName, KNOWS } from '../../fixtures/accounts/visibility.ts';
import { STORY_BEGIN, type StoryLogChoices } from '../../fixtures/accounts/write-story.ts';
import type { Change, ChangeKind, LayerId, LayerVerdict, Outcome } from '../../src/accounts/document.ts';
import { hostKey } from '../../src/accounts/hosts.ts';
import { ticksOf } from '../../src/logs/log-time.ts';

const LAYERS = Object.keys(LAYER_LETTERS) as LayerId[];
/** Seconds that a change's records are apart in one layer. */
const BURST = 0.7;

export interface Expected {
  readonly truth: Truth;
  readonly kinds: readonly ChangeKind[];
  readonly outcome: Outcome;
  readonly layers: Readonly<Record<LayerId, LayerVerdict>>;
  /** Fields that a kept layer knows. */
  readonly known: ReadonlySet<FieldName>;
}

/** undefined where no kept layer tells of it. */
export function expectedOf(truth: Truth, choices: StoryLogChoices): Expected | undefined {
  const kept = LAYERS.filter((layer) => choices.layers[layer] === 'kept');
  const telling = kept.filter((layer) => truth.seen.includes(LAYER_LETTERS[layer]));
  if (telling.length === 0) return undefined;
  const isRegistryAlone = telling.length === 1 && telling[0] === 'registry';
  const { registryKind } = truth;
  const kinds =
    !isRegistryAlone || !registryKind ? [truth.kind] : [registryKind, ...(choices.index ? [truth.kind] : [])];
  return {
    truth,
    kinds,
    outcome: telling.every((layer) => layer === 'command') ? 'attempt' : truth.outcome,
    layers: Object.fromEntries(
      LAYERS.map((layer) => {
        const isThere = truth.seen.toUpperCase().includes(LAYER_LETTERS[layer]);
        return [layer, !kept.includes(layer) ? 'no-data' : isThere ? 'saw' : 'missed'];
      }),
    ) as Record<LayerId, LayerVerdict>,
    known: new Set(FIELDS.filter((field) => telling.some((layer) => knows(layer, field, truth)))),
  };
}

function knows(layer: LayerId, field: FieldName, truth: Truth): boolean {
  const isBuiltin = truth.group?.sid.startsWith('S-1-5-32-') === true;
  switch (KNOWS[layer][field]) {
    case 'can':
      return true;
    case 'cannot':
      return false;
    case 'built-in':
      return isBuiltin;
    case 'named':
      return isBuiltin || /^(?:account|group)-(?:created|deleted|renamed|hidden|resurrected)/.test(truth.kind);
    case 'process':
      return !SCRIPTED.has(truth.kind);
  }
}

/** The stories do these by a cmdlet, which tells the script and the user's SID. */
const SCRIPTED: ReadonlySet<ChangeKind> = new Set(['account-renamed', 'account-disabled', 'group-renamed']);

function trueValue(truth: Truth, field: FieldName): string | undefined {
  const { account, group, member, direction, actor } = truth;
  switch (field) {
    case 'account.name':
      return account?.name;
    case 'account.sid':
      return account?.sid;
    case 'group.name':
      return group?.name;
    case 'group.sid':
      return group?.sid;
    case 'member.name':
      return member?.name;
    case 'member.sid':
      return member?.sid || undefined;
    case 'direction':
      return direction;
    case 'actor.name':
      return actor?.name;
    case 'actor.sid':
      return actor?.sid;
    case 'actor.logonId':
      return actor?.logonId;
    default:
      return undefined;
  }
}

function toldValue(change: Change, field: FieldName): string | null | undefined {
  const [part, name] = field.split('.') as [keyof Change, string];
  if (field === 'direction') return change.direction;
  return (change[part] as Record<string, string | null> | null)?.[name];
}

/** What is wrong with a change that is told, were it this one; nothing where it is. */
export function problemsOf(
  { truth, kinds, outcome, layers, known }: Expected,
  change: Change,
  skew: number,
): readonly string[] {
  const problems: string[] = [];
  const check = (is: boolean, text: string): void => void (is || problems.push(text));
  check(hostKey(change.host ?? undefined) === hostKey(truth.host.computer), `host ${change.host}`);
  check(kinds.includes(change.kind), `kind ${change.kind}`);
  const at = Number((ticksOf(change.time ?? '') ?? 0n) - STORY_BEGIN) / 10_000_000;
  check(at > truth.at - BURST && at < truth.at + skew + BURST, `time ${change.time}`);
  check(change.outcome === outcome, `outcome ${change.outcome}, not ${outcome}`);
  check(change.scope === truth.scope, `scope ${change.scope}`);
  for (const field of FIELDS) {
    const is = trueValue(truth, field);
    const told = toldValue(change, field);
    if (told != null && is !== undefined && !told.endsWith(' (likely)'))
      check(told.toLowerCase() === is.toLowerCase(), `${field} ${told}, not ${is}`);
    if (is !== undefined && known.has(field)) check(told != null, `${field} is missing`);
  }
  if (known.has('actor.process') && truth.actor)
    check(change.actor?.process?.image != null, 'actor.process is missing');
  check(!/lsass/i.test(change.actor?.process?.image ?? ''), 'actor is lsass.exe');
  check(!JSON.stringify(change).includes('S-1-0-0'), 'the null SID is told');
  for (const layer of LAYERS)
    check(change.layers[layer] === layers[layer], `${layer} ${change.layers[layer]}, not ${layers[layer]}`);
  if (truth.oldName !== undefined)
    check(
      change.settings.some(({ old }) => old === truth.oldName),
      'the old name is missing',
    );
  // What comes with an account's creation or deletion, which the layer saw, is no call of its own.
  const isAround =
    layers.api === 'missed' && (layers.native === 'saw' || layers.registry === 'saw') && truth.seen !== 'AD';
  check(change.notes.some((note) => note.includes('unhooking')) === isAround, 'the note of calls around the API');
  check(change.benign?.by === truth.benign, `benign ${change.benign?.by}`);
  return problems;
}

export interface Comparison {
  /** Changes that are told, with what is wrong with each; empty where all is told once. */
  readonly extra: readonly string[];
  readonly missing: readonly string[];
}

/** Each expected change is told once, and nothing else. */
export function compare(expected: readonly Expected[], changes: readonly Change[], skew: number): Comparison {
  const fits = expected.map((one) => changes.map((change) => problemsOf(one, change, skew).length === 0));
  const takenBy: (number | undefined)[] = changes.map(() => undefined);
  const place = (one: number, tried: Set<number>): boolean =>
    changes.some((_, i) => {
      if (!fits[one][i] || tried.has(i)) return false;
      tried.add(i);
      const before = takenBy[i];
      if (before !== undefined && !place(before, tried)) return false;
      takenBy[i] = one;
      return true;
    });
  for (const one of expected.keys()) place(one, new Set());
  const nearest = (change: Change): string =>
    expected
      .map((one) => [one, problemsOf(one, change, skew)] as const)
      .sort(([, a], [, b]) => a.length - b.length)
      .slice(0, 1)
      .map(([{ truth }, problems]) => `nearest is ${truth.kind} at ${truth.at}: ${problems.join('; ')}`)
      .join('');
  return {
    extra: changes.flatMap((change, i) =>
      takenBy[i] === undefined ? [`${change.kind} at ${change.time} on ${change.host}: ${nearest(change)}`] : [],
    ),
    missing: expected.flatMap(({ truth }, one) =>
      takenBy.includes(one) ? [] : [`${truth.kind} at ${truth.at} on ${truth.host.name}`],
    ),
  };
}
