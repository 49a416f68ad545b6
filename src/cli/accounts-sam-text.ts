// What `winnow accounts sam` says in words: accounts, groups with their members, what is odd, what changed, and one value.

import type { SamChange } from '../accounts/sam-change.ts';
import type { SamValueDocument } from '../accounts/sam-decode.ts';
import type { SamDiffDocument } from '../accounts/sam-diff.ts';
import { acbWords, type SamAccountEntry, type SamDocument } from '../accounts/sam-document.ts';
import type { Oddity } from '../accounts/sam-odd.ts';
import { brief, count, type Style } from './print.ts';

/** Members of a group, and values of a field, that are shown. */
const MOST_SHOWN = 100;

export function samLines(document: SamDocument, style: Style): string[] {
  const { machine_sid, next_rid, accounts, aliases, groups, names, odd, recovery } = document;
  const nameOf = memberNames(document);
  const lines = [
    `SAM of the machine ${brief(machine_sid ?? 'without a SID that can be read')}, next RID ${next_rid ?? 'unknown'}`,
  ];
  if (recovery.state === 'recovered')
    lines.push(
      `made whole by ${recovery.applied.map(({ name, entries }) => `${brief(name)} (${count(entries, 'entry', 'entries')})`).join(' and ')}`,
    );
  lines.push('', style.heading(`Accounts (${accounts.length})`));
  const listed = new Map(Object.entries(names).map(([name, rid]) => [rid, name]));
  for (const account of accounts) lines.push(...accountLines(account, listed.get(account.key_rid), style));
  const filled = aliases.filter(({ members }) => members.length > 0);
  lines.push('', style.heading(`Local groups (${aliases.length}, ${filled.length} with members)`));
  for (const { rid, domain, name, members } of filled) {
    lines.push(
      `  ${String(rid).padEnd(5)} ${style.strong(brief(name ?? '?'))}${domain === 'Account' ? ' (of this machine)' : ''}`,
    );
    lines.push(...shownOf(members).map((sid) => memberLine(sid, nameOf.get(sid))));
    if (members.length > MOST_SHOWN) lines.push(`          ... ${members.length - MOST_SHOWN} more`);
  }
  const empty = aliases.filter(({ members }) => members.length === 0).map(({ name }) => brief(name ?? '?'));
  if (empty.length > 0) lines.push(style.weak(`  empty: ${shownOf(empty).join(', ')}${more(empty.length)}`));
  const own = groups.filter(({ members }) => members.length > 0);
  if (own.length > 0)
    lines.push(
      '',
      style.heading('Global groups'),
      ...own.map(
        ({ rid, name, members }) =>
          `  ${String(rid).padEnd(5)} ${brief(name ?? '?')}: ${shownOf(members).join(', ')}${more(members.length)}`,
      ),
    );
  lines.push('', ...oddLines(odd, style));
  return lines;
}

function shownOf<T>(all: readonly T[]): readonly T[] {
  return all.slice(0, MOST_SHOWN);
}

function more(all: number): string {
  return all > MOST_SHOWN ? ` and ${all - MOST_SHOWN} more` : '';
}

function memberLine(sid: string, name: string | undefined): string {
  return `          ${brief(sid)}${name === undefined ? '' : `  ${brief(name)}`}`;
}

/** `listed`: its name among Names. */
function accountLines(account: SamAccountEntry, listed: string | undefined, style: Style): string[] {
  const { key_rid, f_rid, name, acb, full_name, comment, logon_count } = account;
  const control = acb === null ? [] : acbWords(acb).filter((words) => words !== 'normal account');
  const state =
    acb === null ? ['its F value cannot be read'] : control.includes('disabled') ? control : ['enabled', ...control];
  const title = [`  ${String(key_rid).padEnd(5)} ${style.strong(brief(name ?? listed ?? '?'))}`, state.join(', ')];
  if (f_rid !== null && f_rid !== key_rid) title.push(style.doubt(`logs on as RID ${f_rid}`));
  const lines = [title.join('  ')];
  if (full_name) lines.push(`          full name ${brief(full_name)}`);
  if (comment) lines.push(`          comment ${brief(comment)}`);
  const { last_logon, pwd_last_set } = account;
  lines.push(
    style.weak(
      `          password set ${pwd_last_set ?? 'never'}, last logon ${last_logon ?? 'never'}${logon_count === null ? '' : ` (${logon_count} in all)`}`,
    ),
  );
  return lines;
}

/** Names of the machine's accounts by their SID. */
function memberNames({ machine_sid, accounts, names }: SamDocument): ReadonlyMap<string, string> {
  const known = new Map<string, string>();
  if (machine_sid === null) return known;
  for (const [name, rid] of Object.entries(names)) if (rid !== null) known.set(`${machine_sid}-${rid}`, name);
  for (const { key_rid, name } of accounts) if (name !== null) known.set(`${machine_sid}-${key_rid}`, name);
  return known;
}

function oddLines(odd: readonly Oddity[], style: Style): string[] {
  if (odd.length === 0) return ['Nothing is odd.'];
  const suspicious = odd.filter(({ weight }) => weight === 'suspicious');
  const informing = odd.filter(({ weight }) => weight === 'information');
  return [
    ...(suspicious.length > 0
      ? [style.heading(`Odd (${suspicious.length})`), ...suspicious.map((one) => oddLine(one, style.doubt))]
      : []),
    ...(informing.length > 0
      ? [style.heading(`To know (${informing.length})`), ...informing.map((one) => oddLine(one, (text) => text))]
      : []),
  ];
}

function oddLine({ kind, where, text }: Oddity, mark: (text: string) => string): string {
  return `  ${mark(kind)}  ${brief(text)}\n          in ${brief(where)}`;
}

export function samDiffLines({ changes, odd, nextRid }: SamDiffDocument, style: Style): string[] {
  const lines = changes.map((change) => changeLine(change, style));
  if (changes.length === 0) lines.push('Nothing changed.');
  if (nextRid.before !== nextRid.after)
    lines.push(style.weak(`next RID ${nextRid.before ?? 'unknown'} -> ${nextRid.after ?? 'unknown'}`));
  if (odd.length > 0) lines.push('', ...oddLines(odd, style));
  return lines;
}

function changeLine({ kind, account, group, member, settings, keyLastWrite, notes }: SamChange, style: Style): string {
  const who = [account, member, group].flatMap((one) => (one === null ? [] : [principalText(one)]));
  const lines = [`${style.strong(kind)}  ${who.join(member === null ? ' ' : ' in ')}`.trimEnd()];
  for (const { name, old, new: fresh } of settings)
    lines.push(`    ${name}: ${old === null ? '' : `${brief(old) || '(empty)'} -> `}${brief(fresh) || '(empty)'}`);
  for (const note of notes) lines.push(`    ${brief(note)}`);
  if (keyLastWrite !== null) lines.push(style.weak(`    not later than ${keyLastWrite}`));
  return lines.join('\n');
}

/** "support (RID 1001)", a SID where there is no name. */
function principalText({
  name,
  sid,
  rid,
}: {
  readonly name: string | null;
  readonly sid: string | null;
  readonly rid: number | null;
}): string {
  if (name === null) return brief(sid ?? '?');
  return `${brief(name)}${rid === null ? '' : ` (RID ${rid})`}`;
}

export function samValueLines({ value, of, size, fields, notes }: SamValueDocument, style: Style): string[] {
  const lines = [
    `${value} of ${of === 'alias' ? 'a local group' : of === 'group' ? 'a global group' : `a ${of}`}, ${count(size, 'byte')}`,
  ];
  for (const [name, field] of Object.entries(fields)) {
    const all = Array.isArray(field) ? field : [field];
    const text =
      all.length === 0
        ? 'none'
        : `${shownOf(all)
            .map((one) => brief(String(one ?? 'none')) || '(empty)')
            .join(', ')}${more(all.length)}`;
    lines.push(`  ${name.replaceAll('_', ' ').padEnd(24)}${text}`);
  }
  for (const note of notes) lines.push(style.doubt(`  ${brief(note)}`));
  return lines;
}
