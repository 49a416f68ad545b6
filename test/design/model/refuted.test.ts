// Random labelled sessions as logs beside a dossier: which claims of necessity they refute, and which sessions cannot tell, held against the definition.

import { afterAll, describe, expect, it } from 'vitest';
import type { FunnelDocument } from '../../../src/design/document.ts';
import type { GapsDocument } from '../../../src/design/gaps-document.ts';
import { Folder, runDesign } from './design-runs.ts';
import { modelFunnel } from './funnel-model.ts';
import { Random } from './random.ts';
import type { DossierTree } from './random-dossiers.ts';
import { anyStyle, writeYaml } from './yaml-writer.ts';

const CASES = 80;
const folder = new Folder();
afterAll(() => folder.remove());

/** What one session holds of one log source: nothing, events of another kind, or what the predicate asks for among them. */
type Held = 'nothing' | 'telemetry' | 'hit';

const SOURCES = [
  {
    component: 'DC0035',
    name: 'WinEventLog:Sysmon',
    channel: 'EventCode=10',
    log: 'Microsoft-Windows-Sysmon/Operational',
    id: 10,
    field: 'TargetImage',
  },
  {
    component: 'DC0032',
    name: 'WinEventLog:Sysmon',
    channel: 'EventCode=1',
    log: 'Microsoft-Windows-Sysmon/Operational',
    id: 1,
    field: 'Image',
  },
  {
    component: 'DC0013',
    name: 'WinEventLog:Security',
    channel: 'EventCode=4703',
    log: 'Security',
    id: 4703,
    field: 'ProcessName',
  },
] as const;

describe('labelled sessions', () => {
  it('turn a necessary primitive red where one has its telemetry and does not show it', async () => {
    let refuted = 0;
    let blind = 0;
    const scopes: string[] = [];
    const ranked: string[] = [];
    for (let seed = 1; seed <= CASES; seed++) {
      const random = new Random(seed);
      // PM1 and PM2 have one observable each, PM3 has two of which any will do, PM4 is optional.
      const primitives = [[0], [1], [0, 2], [2]].map((sources, i) => ({
        id: `PM${i + 1}`,
        observables: sources.map((source) => ({ id: `O${i + 1}${source}`, source, program: `p${i + 1}.exe` })),
      }));
      const sessions = Array.from({ length: random.between(1, 4) }, (_, i) => ({
        id: `S${i + 1}`,
        label: random.chance(0.75) ? 'attack' : 'benign',
        present: random.chance(0.85),
        has: SOURCES.map(() => random.chance(0.7)),
        programs: primitives.map(() => random.chance(0.8)),
      }));
      const held = (session: (typeof sessions)[number], source: number, primitive: number): Held => {
        if (!session.present || !session.has[source]) return 'nothing';
        return session.programs[primitive] ? 'hit' : 'telemetry';
      };

      const technique: DossierTree = {
        schema: 'design.technique/1',
        id: `sessions-${seed}`,
        procedures: [
          { id: 'A', primitives: ['PM1', 'PM2', 'PM3', 'PM4'] },
          { id: 'B', primitives: ['PM1', 'PM2', 'PM3'], sessions: sessions.map(({ id }) => id) },
        ],
        primitives: primitives.map(({ id, observables }) => ({
          id,
          control: random.pick(['fixed', 'attacker_controlled']),
          observables: observables.map(({ id: observable, source, program }) => ({
            id: observable,
            data_component: SOURCES[source].component,
            log_source: { name: SOURCES[source].name, channel: SOURCES[source].channel },
            predicate: { [`${SOURCES[source].field}|endswith`]: `\\${program}` },
            level: 3,
          })),
        })),
        sessions: sessions.map(({ id, label }) => ({ id, label, path: `${id}.json` })),
      };
      const environment: DossierTree = {
        schema: 'design.environment/1',
        id: 'env',
        data_sources: [
          { id: 'some', data_components: SOURCES.filter(() => random.chance(0.6)).map((one) => one.component) },
        ],
        baseline_results: Object.fromEntries(
          ['O10', 'O21', 'O30', 'O32']
            .filter(() => random.chance(0.6))
            .map((id) => [id, { hits_per_day: random.pick([1, 90]) }]),
        ),
        budget: { max_hits_per_day: 10 },
      };
      const [dossier, environmentFile] = folder.write([
        { name: 'dossier.yml', text: writeYaml([technique], anyStyle(random), random).text },
        { name: 'environment.yml', text: writeYaml([environment], anyStyle(random), random).text },
        ...sessions
          .filter(({ present }) => present)
          .map((session) => ({
            name: `${session.id}.json`,
            text: eventsOf(
              // Another event is always there: a log is never empty.
              [{ Channel: 'System', EventID: 7036 }],
              ...SOURCES.map((source, s) =>
                session.has[s]
                  ? [
                      { Channel: source.log, EventID: source.id, [source.field]: 'C:\\Windows\\other.exe' },
                      ...primitives
                        .filter(
                          ({ observables }, p) => observables.some((one) => one.source === s) && session.programs[p],
                        )
                        .map(({ observables }) => ({
                          Channel: source.log,
                          EventID: source.id,
                          [source.field]: `C:\\x\\${observables[0].program}`,
                        })),
                    ]
                  : [],
              ),
            ),
          })),
      ]);
      const ran = await runDesign('funnel', dossier, '--environment', environmentFile, '--fixtures', '--json');
      expect({ code: ran.code, dossier }).toEqual({ code: 0, dossier });
      const document = JSON.parse(ran.out) as FunnelDocument;

      // The ranking of gaps has the same scopes: a refuted primitive is in none.
      const gaps = await runDesign('gaps', dossier, '--environment', environmentFile, '--fixtures', '--json');
      if (document.scope.length > 0) scopes.push(document.id);
      ranked.push(...(JSON.parse(gaps.out) as GapsDocument).scope_now);
      const said = document.primitives.map(({ id, necessity, evidence, state, letter }) => ({
        id,
        necessity,
        hit: [...evidence.sessions_hit].sort(),
        total: evidence.sessions_total,
        broken: [...evidence.broken_by].sort(),
        blind: [...evidence.cannot_tell].sort(),
        state,
        letter,
      }));
      const model = modelFunnel(technique, environment);
      const attacks = sessions.filter(({ label }) => label === 'attack');
      const expected = primitives.map(({ id, observables }, p) => {
        const best = (session: (typeof sessions)[number]): Held => {
          const all = observables.map(({ source }) => held(session, source, p));
          return all.includes('hit') ? 'hit' : all.includes('telemetry') ? 'telemetry' : 'nothing';
        };
        const of = (wanted: Held) => attacks.filter((one) => best(one) === wanted).map((one) => one.id);
        const necessary = id !== 'PM4';
        const broken = of('telemetry');
        const red = necessary && broken.length > 0;
        if (red) refuted++;
        const without = model.primitives.find((one) => one.id === id);
        blind += of('nothing').length;
        return {
          id,
          necessity: necessary ? 'necessary' : 'optional',
          hit: of('hit'),
          total: of('hit').length + broken.length,
          broken,
          blind: of('nothing'),
          // Red goes before everything else, a gap too.
          state: red ? 'refuted' : without?.state,
          letter: red ? 'R' : without?.letter,
        };
      });
      expect({ dossier, said }).toEqual({ dossier, said: expected });
    }
    // One question over both documents, asked of each case above.
    expect(scopes).toEqual(ranked);
    expect(refuted).toBeGreaterThan(CASES / 2);
    expect(blind).toBeGreaterThan(CASES / 2);
  }, 120_000);
});

/** Records a line each, as nxlog writes them. */
function eventsOf(...groups: readonly (readonly object[])[]): string {
  return groups
    .flat()
    .map((event, i) => {
      const time = `2020-09-04T10:00:${String(i).padStart(2, '0')}.000Z`;
      return `${JSON.stringify({ '@timestamp': time, Hostname: 'WS1.lab', ...event })}\n`;
    })
    .join('');
}
