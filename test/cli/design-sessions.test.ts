// Labelled sessions of several dossiers: a log that two of them name is read once, and says of each what it would alone.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { judgeSessions } from '../../src/cli/design-sessions.ts';
import { readDossiers } from '../../src/design/read/read-dossiers.ts';
import type { Technique } from '../../src/design/technique.ts';
import { keptFace } from './example-document.ts';

const folder = mkdtempSync(join(tmpdir(), 'winnow-sessions-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Starts of programs, one a minute; `broken` adds a line that is no JSON. */
function session(name: string, programs: readonly string[], broken = false): void {
  const lines = programs.map((Image, i) =>
    JSON.stringify({
      '@timestamp': `2026-03-01T10:0${i}:00Z`,
      Channel: 'Microsoft-Windows-Sysmon/Operational',
      EventID: 1,
      Hostname: 'A',
      Image,
    }),
  );
  writeFileSync(join(folder, name), `${[...lines, ...(broken ? ['{"cut": '] : [])].join('\n')}\n`);
}
session('first.ndjson', ['C:\\a.exe', 'C:\\b.exe', 'C:\\a.exe'], true);
session('second.ndjson', ['C:\\b.exe', 'C:\\other.exe']);

function technique(id: string, sessions: readonly string[], channel = 'EventCode=1'): Technique {
  const { techniques } = readDossiers(
    `
schema: design.technique/1
id: ${id}
procedures: [{id: P, primitives: [PM1]}]
sessions:
${sessions.map((one) => `  - ${one}`).join('\n')}
primitives:
  - id: PM1
    control: attacker_controlled
    observables:
      - id: ${id}-start
        data_component: DC0032
        log_source: {name: 'WinEventLog:Sysmon', channel: '${channel}'}
        requires_fields: [Image]
        predicate: {Image|endswith: ['\\a.exe', '\\b.exe']}
        level: 2
`,
    join(folder, `${id}.yaml`),
  );
  return techniques[0];
}

const attack = (id: string, path: string, more = ''): string =>
  `{id: ${id}, path: ${path}, label: attack, attack_events: {Image|endswith: .exe}${more}}`;
const ONE = technique('one', [attack('S1', 'first.ndjson'), attack('S2', 'second.ndjson')]);
/** The same logs the other way round, and of the first one minute only. */
const TWO = technique('two', [
  attack('S2', 'second.ndjson'),
  attack('S1', 'first.ndjson', ", window: {from: '2026-03-01T10:01:00Z', to: '2026-03-01T10:01:30Z'}"),
]);
const OTHER = technique('other', [attack('S1', 'first.ndjson')], 'EventCode=7');

async function told(techniques: readonly Technique[]) {
  const face = keptFace();
  const judged = await judgeSessions(techniques, undefined, face);
  const rows = techniques.map(({ id }) =>
    judged
      .get(id)!
      .judge.attackRows(`${id}-start`)
      .map(({ session: of, values }) => `${of} ${values.Image}`),
  );
  const evidence = techniques.map(({ id }) => judged.get(id)!.judge.evidence().get(`${id}-start`)!);
  return { rows, evidence, err: face.stderr(), failed: techniques.map(({ id }) => judged.get(id)!.failed) };
}

describe('sessions of several dossiers', () => {
  it('are read once, and tell each what they tell it alone', async () => {
    const all = await told([ONE, TWO, OTHER]);
    expect(all.rows).toEqual([
      ['S1 C:\\a.exe', 'S1 C:\\b.exe', 'S1 C:\\a.exe', 'S2 C:\\b.exe'],
      ['S2 C:\\b.exe', 'S1 C:\\b.exe'],
      [],
    ]);
    expect(all.err.match(/is no JSON/g)).toHaveLength(1);
    for (const [i, one] of [ONE, TWO, OTHER].entries()) {
      const alone = await told([one]);
      expect(alone.rows[0]).toEqual(all.rows[i]);
      expect(alone.evidence[0]).toEqual(all.evidence[i]);
    }
  });

  it('say nothing of an observable whose log source they have not got', async () => {
    const { evidence } = await told([ONE, OTHER]);
    expect([...evidence[0].telemetry]).toEqual(['S1', 'S2']);
    expect([...evidence[0].hit]).toEqual(['S1', 'S2']);
    expect([...evidence[1].telemetry, ...evidence[1].hit]).toEqual([]);
  });
});
