// The shipped dossiers: each can be read, their ids are sound, and each predicate finds what it is said to find in the captures (test/golden/dossiers.json; DESIGN_SHOWN=write makes it again).
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isLogName, logsOf } from '../../src/cli/log-inputs.ts';
import { necessityOf } from '../../src/design/funnel/necessity.ts';
import { checkTogether, readDossiers } from '../../src/design/read/read-dossiers.ts';
import { SessionJudge } from '../../src/design/sessions/session-judge.ts';
import type { Session, Technique } from '../../src/design/technique.ts';
import { OWN_NAMES } from '../../src/hunt/event-binding.ts';
import { eventsOf, type LogEvent, LogReport } from '../../src/logs/index.ts';

const folder = 'data/dossiers';
const shownFile = 'test/golden/dossiers.json';
/** Public captures; WINNOW_HISTORY names another folder, and has the large ones read too. */
const history = process.env.WINNOW_HISTORY ?? '../shared/history';
const LARGEST = process.env.WINNOW_HISTORY ? Number.POSITIVE_INFINITY : 500_000;

const read = (file: string) => readDossiers(readFileSync(join(folder, file), 'utf8'), file).techniques;
const techniques = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .sort()
  .flatMap(read);

/** Dossier, session, observables that it shows, and how many of the events are labelled as the attack's. */
type Shown = Record<string, Record<string, Record<string, number>>>;
const shown: Shown = JSON.parse(readFileSync(shownFile, 'utf8'));

const placeOf = ({ path }: Session) =>
  path.startsWith('sessions/') ? join(folder, path) : existsSync(join(history, path)) ? join(history, path) : undefined;

describe('the shipped dossiers', () => {
  it('are of twelve techniques at least, and stand together', () => {
    expect(new Set(techniques.map(({ attack }) => attack?.technique)).size).toBeGreaterThanOrEqual(12);
    expect(() => checkTogether(techniques)).not.toThrow();
  });

  it.each(techniques.map((one) => [one.id, one] as const))('%s says what a reader needs', (_, technique) => {
    const { attack, procedures, primitives, sessions, references } = technique;
    expect(attack?.version).toBe('18.1');
    expect(attack?.technique).toMatch(/^T\d{4}(\.\d{3})?$/);
    expect(attack?.detectionStrategy).toMatch(/^DET\d{4}$/);
    expect(attack?.analytics.every((one) => /^AN\d{4}$/.test(one)) && attack.analytics.length).toBeGreaterThan(0);
    expect(technique.scopeNote).toMatch(/not covered|other dossiers/);
    expect(['user', 'administrator', 'system']).toContain(technique.attackerRights);
    expect(procedures.length).toBeGreaterThanOrEqual(2);
    const sets = procedures.map(({ primitives }) => [...primitives].sort().join());
    expect(new Set(sets).size).toBeGreaterThanOrEqual(2);
    expect(procedures.flatMap(({ atomic }) => atomic).length).toBeGreaterThan(0);
    for (const id of procedures.flatMap(({ atomic }) => atomic))
      expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    for (const { control, observables } of primitives) {
      expect(observables.length).toBeGreaterThan(0);
      for (const { dataComponent, level, column, predicate, requiresFields, forced, free, context } of observables) {
        expect(dataComponent).toMatch(/^DC\d{4}$/);
        expect([level, column]).not.toContain(undefined);
        if (!predicate) continue;
        expect(requiresFields.length + forced.length + free.length).toBeGreaterThan(0);
        expect(context.enrichment.length).toBeGreaterThan(0);
        // What an attacker sets at will is forced nowhere, but for the part that words single out.
        for (const { field } of forced) expect(free, control).not.toContain(field);
      }
    }
    expect(sessions.some(({ label }) => label === 'attack')).toBe(true);
    for (const { label, attackEvents } of sessions) expect(attackEvents !== undefined).toBe(label === 'attack');
    for (const address of references) expect(address).toMatch(/^https:\/\/\S+$/);
    expect(references.length).toBeGreaterThan(0);
  });

  it('each observable is shown by a session, or README says that none does', () => {
    const all = techniques.flatMap(({ primitives }) => primitives).flatMap(({ observables }) => observables);
    const seen = new Set(Object.values(shown).flatMap((sessions) => Object.values(sessions).flatMap(Object.keys)));
    const unseen = all.filter(({ id, predicate }) => predicate && !seen.has(id)).map(({ id }) => id);
    const page = readFileSync(join(folder, 'README.md'), 'utf8');
    const told = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, id]) => id);
    expect(told.sort()).toEqual(unseen.sort());
  });
});

const named = techniques.flatMap((technique) => technique.sessions.map((session) => ({ technique, session })));
const absent = named.filter(({ session }) => placeOf(session) === undefined).map(({ session }) => session.path);
if (absent.length > 0)
  console.log(
    `skipped: ${absent.length} sessions of dossiers are not read, ${history} (or WINNOW_HISTORY) has not got them`,
  );
const isSmall = (session: Session) => statSync(placeOf(session)!).size <= LARGEST && isLogName(session.path);
const large = named.filter(({ session }) => placeOf(session) !== undefined && !isSmall(session));
if (large.length > 0)
  console.log(
    `skipped: ${large.length} large sessions of dossiers are not read; WINNOW_HISTORY=${history} has them read`,
  );

async function judged(technique: Technique, sessions: readonly Session[]) {
  const judge = new SessionJudge<LogEvent>(technique, OWN_NAMES);
  const unread: string[] = [];
  for (const session of sessions) {
    const report = new LogReport();
    const take = judge.taker(session);
    let logs = 0;
    for await (const log of logsOf(placeOf(session)!, report)) {
      logs++;
      for await (const event of eventsOf(log, report)) take(event);
    }
    if (logs === 0) unread.push(session.path);
  }
  return { judge, unread };
}

describe('their sessions', () => {
  it.each(techniques.map((one) => [one.id, one] as const))(
    '%s shows what is written down',
    { timeout: 300_000 },
    async (_, technique) => {
      const sessions = technique.sessions.filter((one) => placeOf(one) !== undefined && isSmall(one));
      const { judge, unread } = await judged(technique, sessions);
      expect(unread).toEqual([]);
      const evidence = judge.evidence();
      const found = Object.fromEntries(
        sessions.map(({ id }) => [
          id,
          Object.fromEntries(
            [...evidence]
              .filter(([, { hit }]) => hit.has(id))
              .map(([observable]) => [
                observable,
                judge.attackRows(observable).filter(({ session }) => session === id).length,
              ]),
          ),
        ]),
      );
      if (process.env.DESIGN_SHOWN === 'write') {
        shown[technique.id] = { ...shown[technique.id], ...found };
        writeFileSync(shownFile, `${JSON.stringify(shown, null, 1)}\n`);
      }
      expect(found).toEqual(Object.fromEntries(sessions.map(({ id }) => [id, shown[technique.id]?.[id]])));
      for (const primitive of technique.primitives) {
        const { isRefuted, evidence: of } = necessityOf(primitive, technique, evidence);
        expect(isRefuted, `${primitive.id}: ${of.broken_by.join()}`).toBe(false);
      }
      // What a session is labelled with is found by more than one label alone.
      for (const { id, label } of sessions.filter((one) => one.label === 'attack'))
        expect(
          Object.values(found[id]).some((labelled) => labelled > 0),
          `${label} ${id}`,
        ).toBe(true);
    },
  );
});
