// The handle primitive of T1003.001 over real captures: nearly all noise goes by exclusions that no labelled attack event can evade.
import { existsSync, openAsBlob, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { labelRows } from '../../../src/design/exclusions/labels.ts';
import { mineExclusions } from '../../../src/design/exclusions/mine-exclusions.ts';
import type { AttackRow, Mined } from '../../../src/design/exclusions/mining.ts';
import { rowTest } from '../../../src/design/exclusions/row-values.ts';
import type { Session } from '../../../src/design/technique.ts';
import type { Row } from '../../../src/history/question.ts';
import { valuesOf } from '../../../src/logs/event.ts';
import { LogReport } from '../../../src/logs/log-report.ts';
import { eventsOf, openLogs } from '../../../src/logs/open-logs.ts';
import { AT, LSASS, observable, predicate } from './observable.ts';

/** Captures of OTRF/Security-Datasets, as their publisher packs them; WINNOW_HISTORY names another folder. */
const folder = process.env.WINNOW_HISTORY ?? '../shared/history';
const isThere = existsSync(folder);
if (!isThere)
  console.log(`skipped: exclusions are not mined from real captures, because ${folder} (or WINNOW_HISTORY) is absent`);

/** Captures that their publisher labels T1003.001, with the images of the attack's tools: never what was asked of LSASS. */
const TOOLS: Readonly<Record<string, readonly string[]>> = {
  cmd_lsass_memory_dumpert_syscalls: ['\\Outflank-Dumpert.exe'],
  empire_mimikatz_logonpasswords: ['\\powershell.exe'],
  empire_mimikatz_lsadump_patch: ['\\powershell.exe'],
  metasploit_comsvcs_lsass_memory_dump: ['\\winx64_payload.exe', '\\rundll32.exe'],
  metasploit_logonpasswords_lsass_memory_dump: ['\\winx64_payload.exe'],
  metasploit_nanodump_lsass_memory_dump: ['\\nanodump.x64.exe'],
  'metasploit_out-minidump_lsass_memory_dump': ['\\winx64_payload.exe'],
  'metasploit_outflank-dumpert_lsass_memory_dump': ['\\Outflank-Dumpert.exe'],
  metasploit_procdump_lsass_memory_dump: ['\\procdump.exe', '\\procdump64.exe'],
  metasploit_sharpdump_lsass_memory_dump: ['\\SharpDump.exe'],
  psh_lsass_memory_dump_comsvcs: ['\\rundll32.exe'],
  rdp_interactive_taskmanager_lsass_dump: ['\\taskmgr.exe'],
};
const SESSIONS = Object.entries(TOOLS).map(
  ([id, tools]): Session => ({
    at: AT,
    id,
    path: `${id}.zip`,
    label: 'attack',
    window: undefined,
    attackEvents: predicate(`SourceImage|endswith: [${tools.map((tool) => `'${tool}'`).join(', ')}]`),
  }),
);
const FIELDS = ['SourceImage', 'TargetImage', 'GrantedAccess', 'CallTrace', 'SourceUser'];
const FREE = ['SourceImage', 'GrantedAccess other bits'];
const FORCED = { TargetImage: 'lsass.exe', GrantedAccess: 'bit 0x10 set' };

async function hitsOf(name: string): Promise<readonly Row[]> {
  const blob = await openAsBlob(join(folder, name));
  const report = new LogReport();
  const rows: Row[] = [];
  const isHit = rowTest(predicate(LSASS).condition);
  const blocks = blob.stream() as unknown as AsyncIterable<Uint8Array>;
  for await (const log of openLogs({ name, blocks }, report, (member) => /\.json$/i.test(member)))
    for await (const event of eventsOf(log, report, { criteria: { eventIds: new Set([10]) } })) {
      if (!/sysmon/i.test(event.system.channel ?? '')) continue;
      const values = Object.fromEntries(FIELDS.map((field) => [field, valuesOf(event, field)[0] ?? null]));
      if (isHit({ values, count: 1 })) rows.push({ values, count: 1 });
    }
  return rows;
}

describe.skipIf(!isThere)('handles to lsass in real captures', () => {
  const benign: Row[] = [];
  const attacks: AttackRow[] = [];
  const mine = (forced: Readonly<Record<string, string>>): Mined =>
    mineExclusions({
      observable: observable(LSASS, forced, FREE),
      benign,
      attacks,
      sessions: SESSIONS,
      attackerRights: 'administrator',
      budget: 0,
      acceptances: [],
      today: '2026-11-28',
    });

  beforeAll(async () => {
    for (const name of readdirSync(folder)
      .filter((one) => /\.(?:zip|tar\.gz)$/.test(one))
      .sort()) {
      const rows = await hitsOf(name);
      const session = SESSIONS.find(({ path }) => path === name);
      const labelled = session ? labelRows(rows, [session]) : { attacks: [], others: rows };
      benign.push(...labelled.others);
      attacks.push(...labelled.attacks);
    }
  }, 900_000);

  it('leaves at most one event in a hundred, by exclusions that no labelled event can evade', () => {
    const mined = mine(FORCED);
    expect(benign.length + attacks.length).toBeGreaterThan(5000);
    expect(mined.residual.excluded).toBeGreaterThanOrEqual(0.99 * mined.residual.benign);
    expect(mined.replay.evadable).toBe(0);
    expect(mined.attack.sessions).toEqual(Object.keys(TOOLS).sort());
    expect(mined.entries.map((entry) => entry.class)).toEqual(['forced']);
  });

  it('keeps an event of each labelled session', () => {
    const excluded = rowTest(mine(FORCED).condition!);
    const kept = new Set(attacks.filter((attack) => !excluded(attack)).map(({ session }) => session));
    expect([...kept].sort()).toEqual(Object.keys(TOOLS).sort());
  });

  it('calls nothing forced where the dossier does not', () => {
    expect(mine({}).entries).toEqual([]);
  });
});
