// The changes of accounts and groups as CSV, a row each, safe to open in a spreadsheet.

import Papa from 'papaparse';
import type { Change } from '../accounts/document.ts';
import { evidenceWords, inferredWords, sentenceOf, settingWords } from './accounts-words.ts';
import { plain } from './print.ts';

type Cell = string | number | null | undefined;

const COLUMNS: Readonly<Record<string, (change: Change) => Cell>> = {
  time: ({ time }) => time,
  host: ({ host }) => host,
  kind: ({ kind }) => kind,
  outcome: ({ outcome }) => outcome,
  scope: ({ scope }) => scope,
  change: sentenceOf,
  account: ({ account }) => account?.name,
  account_domain: ({ account }) => account?.domain,
  account_sid: ({ account }) => account?.sid,
  account_rid: ({ account }) => account?.rid,
  group: ({ group }) => group?.name,
  group_sid: ({ group }) => group?.sid,
  group_rid_hex: ({ group }) => group?.rid_hex,
  member: ({ member }) => member?.name,
  member_sid: ({ member }) => member?.sid,
  direction: ({ direction }) => direction,
  inferred: inferredWords,
  actor: ({ actor }) => actor?.name,
  actor_domain: ({ actor }) => actor?.domain,
  actor_sid: ({ actor }) => actor?.sid,
  logon_id: ({ actor }) => actor?.logonId,
  source: ({ actor }) => actor?.source,
  process: ({ actor }) => actor?.process?.image,
  process_id: ({ actor }) => actor?.process?.pid,
  command_line: ({ actor }) => actor?.process?.commandLine,
  parent_process: ({ actor }) => actor?.process?.parentImage,
  native: ({ layers }) => layers.native,
  command: ({ layers }) => layers.command,
  api: ({ layers }) => layers.api,
  registry: ({ layers }) => layers.registry,
  benign: ({ benign }) => benign?.by,
  benign_proof: ({ benign }) => benign?.proof,
  settings: settingWords,
  notes: ({ notes }) => notes.join('; '),
  evidence: ({ evidence }) => evidenceWords(evidence),
};

/** With a row of names. A cell that a spreadsheet would take for a formula gets an apostrophe in front. */
export function accountsCsv(changes: readonly Change[]): string {
  const data = changes.map((change) =>
    Object.values(COLUMNS).map((of) => {
      const cell = of(change);
      return typeof cell === 'string' ? plain(cell) : cell;
    }),
  );
  return `${Papa.unparse({ fields: Object.keys(COLUMNS), data }, { newline: '\n', escapeFormulae: true })}\n`;
}
