// An answer held against process starts: what is set apart, joined, confirmed, named and unexplained, and that every event is counted once.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventFacts } from '../../../fixtures/logs/text-writer.ts';
import type { ChildrenDocument } from '../../../src/children/document.ts';
import type { RealityDocument, SeenChild } from '../../../src/children/reality/document.ts';
import { Observed } from '../../../src/children/reality/observed.ts';
import { tellReality } from '../../../src/children/reality/reality.ts';
import { eventsOf, LogReport, openLogs, sourceOf } from '../../../src/logs/index.ts';
import { jsonLines, moduleLoad, remoteThread, type Start, securityStart, sysmonStart } from './start-events.ts';

const HARBOUR = 'C:\\Program Files\\Harbour\\harbour.exe';

/** harbour.exe: one proven child, and what the tests add. */
function answer(more: Partial<ChildrenDocument> = {}): ChildrenDocument {
  return {
    schema: 'winnow.children/1',
    parent: {
      image: 'harbour.exe',
      path: 'harbour.exe',
      sha256: '',
      arch: 'x64',
      version: null,
      kind: 'program',
      console: false,
    },
    modules: [],
    sites: [],
    children: [
      {
        image: 'pilot.exe',
        path: '%windir%\\system32\\pilot.exe',
        commandLine: null,
        confidence: 'proven',
        reach: 'image',
        evidence: [
          {
            module: 'harbour.exe',
            sink: 'CreateProcessW',
            site: '0x140001000',
            function: '0x140000f00',
            reach: 'image',
            route: [],
            literals: [],
          },
        ],
      },
    ],
    blindSpots: [],
    verdict: { kind: 'closed', reason: 'x', sites: [] },
    generic: [{ image: 'WerFault.exe', why: 'a crash' }],
    documents: [],
    strings: [],
    rule: [],
    notes: [],
    ...more,
  };
}

async function reality(events: readonly EventFacts[], document = answer()): Promise<RealityDocument> {
  const program = document.parent.image.toLowerCase();
  const observed = new Observed((name) => name === program);
  const report = new LogReport();
  const log = sourceOf(new TextEncoder().encode(jsonLines(events)), 'log.jsonl');
  for await (const opened of openLogs(log, report))
    for await (const event of eventsOf(opened, report)) observed.take(event);
  expect(report.notes).toEqual([]);
  return tellReality(observed, document);
}

const start = (more: Partial<Start> = {}): Start => ({
  at: 10,
  image: 'C:\\Windows\\System32\\pilot.exe',
  pid: 500,
  parent: HARBOUR,
  parentLine: `"${HARBOUR}"`,
  parentPid: 400,
  ...more,
});

async function seen(more: Partial<Start>, document = answer(), before: readonly EventFacts[] = []): Promise<SeenChild> {
  const told = await reality([...before, sysmonStart(start(more))], document);
  expect(told.seen).toHaveLength(1);
  return told.seen[0];
}

describe('what the parent field says', () => {
  it.each([
    ['no-name', ''],
    ['no-name', '-'],
    ['no-name', '0x3e8'],
    ['sid', 'S-1-5-18'],
    ['sid', 'S-1-5-21-1004336348-1177238915-682003330-512'],
    ['service-name', 'PlugPlay'],
    ['kernel', 'System'],
    ['kernel', 'Registry'],
  ])('sets %s apart: "%s"', async (kind, parent) => {
    const told = await reality([
      sysmonStart(start({ parent, parentPid: undefined })),
      sysmonStart(start({ image: 'C:\\x\\other.exe', parent: 'C:\\x\\other-parent.exe' })),
    ]);
    expect(told.setApart).toMatchObject([{ kind, text: parent, events: 1, joined: 0, hosts: ['ws1.example'] }]);
    expect(told.counts).toMatchObject({ all: 2, ofParent: 0, ofOthers: 1, setApart: 1 });
    expect(told.neverSeen.map(({ image }) => image)).toEqual(['pilot.exe']);
  });

  it('takes a name with folders, or with the extension of a program, for a program', async () => {
    const told = await reality([
      sysmonStart(start({ parent: 'harbour.exe' })),
      sysmonStart(start({ parent: '\\Device\\HarddiskVolume2\\Harbour\\HARBOUR.EXE' })),
      sysmonStart(start({ parent: 'C:\\x\\no-extension' })),
    ]);
    expect(told.counts).toMatchObject({ all: 3, ofParent: 2, ofOthers: 1, setApart: 0 });
    expect(told.parentPaths).toHaveLength(2);
  });

  it('joins an event without a parent name to the process that had its id on that host before', async () => {
    const parent = { image: HARBOUR, pid: 400, parent: 'C:\\x\\explorer.exe' };
    const child = { ...start(), parent: undefined };
    const told = await reality([
      securityStart({ ...parent, at: 1 }),
      securityStart({ ...child, at: 2 }),
      // Another host, and an id that was given to another program since.
      securityStart({ ...child, at: 3, host: 'ws2.example' }),
      securityStart({ ...parent, at: 4, image: 'C:\\x\\later.exe' }),
      securityStart({ ...child, at: 5 }),
    ]);
    expect(told.counts).toMatchObject({ all: 5, ofParent: 1, ofOthers: 3, setApart: 1, joined: 1 });
    expect(told.setApart).toMatchObject([{ kind: 'no-name', text: '', events: 3, joined: 2 }]);
    expect(told.seen).toMatchObject([{ image: 'pilot.exe', reason: 'child', events: 1 }]);
  });

  it("joins by Sysmon's name of the process, whatever its id and place in the log", async () => {
    const told = await reality([
      sysmonStart(start({ parent: '-', parentGuid: '{A}', parentPid: 9 })),
      sysmonStart({ at: 1, image: HARBOUR, pid: 400, guid: '{a}', parent: 'C:\\x\\explorer.exe' }),
    ]);
    expect(told.counts).toMatchObject({ ofParent: 1, joined: 1, setApart: 0 });
  });

  it('does not join to a start that came later', async () => {
    const told = await reality([
      securityStart({ ...start(), at: 1, parent: undefined }),
      securityStart({ at: 2, image: HARBOUR, pid: 400, parent: 'C:\\x\\explorer.exe' }),
    ]);
    expect(told.counts).toMatchObject({ ofParent: 0, setApart: 1 });
  });
});

describe('why a child was seen', () => {
  it('confirms one that the answer lists, with the call', async () => {
    expect(await seen({})).toMatchObject({
      image: 'pilot.exe',
      share: 'explained',
      reason: 'child',
      confidence: 'proven',
      events: 1,
      hosts: ['ws1.example'],
      first: '2024-01-01T10:00:10.000Z',
      evidence: [{ module: 'harbour.exe', site: '0x140001000' }],
    });
  });

  it.each(['C:\\Windows\\SysWOW64\\pilot.exe', '\\Device\\HarddiskVolume3\\Windows\\System32\\pilot.exe', 'pilot.exe'])(
    'takes %s for the same file',
    async (image) => expect(await seen({ image })).toMatchObject({ share: 'explained', reason: 'child' }),
  );

  it('does not confirm a file of the same name elsewhere', async () => {
    expect(await seen({ image: 'C:\\Users\\alice\\pilot.exe' })).toMatchObject({
      share: 'named',
      reason: 'child',
      fit: 'possible',
    });
  });

  it('knows what Windows starts for anyone', async () => {
    expect(await seen({ image: 'C:\\Windows\\System32\\WerFault.exe' })).toMatchObject({
      share: 'explained',
      reason: 'generic',
    });
    expect(
      await seen({ image: 'C:\\Windows\\System32\\conhost.exe', line: '\\??\\C:\\Windows\\system32\\conhost.exe 0x4' }),
    ).toMatchObject({ share: 'named', reason: 'generic', fit: 'shown' });
  });

  const other = { image: 'C:\\x\\stranger.exe', line: 'stranger.exe -x' };
  const spot = {
    module: 'harbour.exe',
    sink: 'CreateProcessW',
    site: '0x140002000',
    reach: 'image' as const,
    detail: 'd',
  };

  it('says so where nothing fits', async () => {
    expect(await seen(other)).toMatchObject({ share: 'unexplained', reason: 'none', evidence: [] });
  });

  it('names the value of the registry that may hold it, and not a call that is never come to', async () => {
    const registry = [{ key: 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Harbour', value: 'Launcher' }];
    const blindSpots = [{ ...spot, reason: 'registry' as const, registry }];
    expect(await seen(other, answer({ blindSpots }))).toMatchObject({
      share: 'named',
      reason: 'registry',
      fit: 'possible',
      evidence: [{ key: registry[0].key, value: 'Launcher', site: '0x140002000' }],
    });
    const unreached = [{ ...blindSpots[0], reach: 'module-only' as const }];
    expect(await seen(other, answer({ blindSpots: unreached }))).toMatchObject({ reason: 'none' });
  });

  it('holds a name that begins with constant text against the child', async () => {
    const blindSpots = [{ ...spot, reason: 'data' as const, begins: 'C:\\Harbour\\' }];
    expect(await seen(other, answer({ blindSpots }))).toMatchObject({ reason: 'none' });
    const inside = { image: 'C:\\Harbour\\a.exe' };
    expect(await seen(inside, answer({ blindSpots }))).toMatchObject({ reason: 'not-followed', fit: 'possible' });
  });

  it('ties a child whose name stands in the file to the call that was not followed there', async () => {
    const blindSpots = [{ ...spot, reason: 'data' as const }];
    const text = { text: '%s\\stranger.exe', module: 'harbour.exe', address: '0x140009000', referrers: [], why: 'x' };
    expect(await seen(other, answer({ blindSpots, strings: [text] }))).toMatchObject({
      reason: 'not-followed',
      fit: 'shown',
      evidence: [{ module: 'harbour.exe' }, { site: '0x140002000' }],
    });
    expect(await seen(other, answer({ blindSpots, strings: [{ ...text, module: 'x.dll' }] }))).toMatchObject({
      fit: 'possible',
    });
    const [child] = answer().children;
    const near = { ...child, image: 'stranger.exe', path: null, confidence: 'possible' as const };
    expect(await seen(other, answer({ children: [near] }))).toMatchObject({
      share: 'named',
      reason: 'child',
      fit: 'shown',
    });
  });

  it('knows the program that opens a document of the answer, unless another process starts it', async () => {
    const opener = { image: 'stranger.exe', path: null, commandLine: null, confidence: 'likely' as const, why: 'x' };
    const target = { target: 'chart.tide', module: 'harbour.exe', site: '0x140005000', sink: 'ShellExecuteW' };
    const opening = (more: object) =>
      answer({ documents: [{ ...target, openedBy: [{ ...opener, by: 'usual' as const, ...more }] }] });
    expect(await seen(other, opening({}))).toMatchObject({ share: 'explained', reason: 'document' });
    expect(await seen(other, opening({ parent: 'svchost.exe' }))).toMatchObject({
      share: 'named',
      reason: 'document',
      fit: 'possible',
      evidence: [{ key: 'HKEY_CLASSES_ROOT\\.tide', site: '0x140005000' }],
    });
  });

  it('says that a service key names the child of the service control manager', async () => {
    const blindSpots = [{ ...spot, reason: 'registry' as const, registry: [{ key: '*', value: 'ImagePath' }] }];
    expect(await seen({ ...other, line: 'host.exe -k netsvcs -s Tide' }, answer({ blindSpots }))).toMatchObject({
      reason: 'service',
      fit: 'shown',
      evidence: [{ service: 'Tide' }, { value: 'ImagePath' }],
    });
  });

  const open: Partial<ChildrenDocument> = {
    verdict: {
      kind: 'open',
      reason: 'x',
      sites: [
        { module: 'harbour.exe', sink: 'CreateProcessW', site: '0x140003000', reason: 'command-line', detail: 'd' },
      ],
    },
  };

  it("explains by the user's choice where the parent is open, and says whether its command line names the child", async () => {
    expect(await seen({ ...other, parentLine: 'harbour.exe /run stranger -x' }, answer(open))).toMatchObject({
      share: 'explained',
      reason: 'users-choice',
      fit: 'shown',
    });
    expect(await seen({ ...other, parentLine: 'harbour.exe /run strangers' }, answer(open))).toMatchObject({
      fit: 'possible',
      evidence: [{ site: '0x140003000' }],
    });
  });

  it('leaves out a call that needs an argument which the parent did not have', async () => {
    const { verdict } = answer(open);
    if (verdict.kind !== 'open') throw new Error('not open');
    const [site] = verdict.sites;
    const when = { parentArguments: [{ anyOf: ['/run'], comparedAt: [] }] as const };
    const needing = answer({ verdict: { ...verdict, sites: [{ ...site, when }] } });
    expect(await seen({ ...other, parentLine: 'harbour.exe /stop' }, needing)).toMatchObject({ reason: 'none' });
    expect(await seen({ ...other, parentLine: undefined }, needing)).toMatchObject({ reason: 'users-choice' });
  });

  it.each([
    ['plug-in', 'harbour.exe -load C:\\x\\chart.dll,Entry'],
    ['plug-in', 'harbour.exe -m:chart.dll'],
    ['users-choice', 'harbour.exe //e:js C:\\x\\chart.js'],
    ['users-choice', 'harbour.exe javascript:a=GetObject("x")'],
    ['com', 'harbour.exe /Processid:{3E5FC7F9-9A51-4367-9063-A120244FBEC7}'],
    ['service', 'harbour.exe -k netsvcs -p -s Tide'],
    ['none', 'harbour.exe -verbose'],
  ])('reads %s out of the command line of the parent: %s', async (reason, parentLine) => {
    expect(await seen({ ...other, parentLine })).toMatchObject({ reason });
  });

  it('does not call a module a plug-in that was read', async () => {
    const modules = [
      { name: 'Chart.dll', path: null, sha256: null, role: 'specific' as const, found: true, reason: 'x', sites: 0 },
    ];
    expect(await seen({ ...other, parentLine: 'harbour.exe chart.dll' }, answer({ modules }))).toMatchObject({
      reason: 'none',
    });
  });

  it('knows the command line of a COM server, under a service host only', async () => {
    const line = '"C:\\x\\stranger.exe" -Embedding';
    const parentLine = 'C:\\Windows\\system32\\host.exe -k DcomLaunch -p';
    expect(await seen({ ...other, line, parentLine })).toMatchObject({ reason: 'com', fit: 'shown' });
    expect(await seen({ ...other, line })).toMatchObject({ reason: 'none' });
  });

  it('shows the script engine or the foreign module that the parent had loaded, and not one that came later', async () => {
    const loaded = (at: number, module: string) => [moduleLoad(at, HARBOUR, '{P}', module)];
    const asked = { ...other, parentGuid: '{p}' };
    expect(await seen(asked, answer(), loaded(1, 'C:\\Windows\\System32\\jscript.dll'))).toMatchObject({
      share: 'named',
      reason: 'users-choice',
      fit: 'shown',
    });
    expect(await seen(asked, answer(), loaded(1, 'C:\\ProgramData\\chart.dll'))).toMatchObject({ reason: 'plug-in' });
    expect(await seen(asked, answer(), loaded(1, 'C:\\Windows\\System32\\ole32.dll'))).toMatchObject({
      reason: 'none',
    });
    expect(await seen(asked, answer(), loaded(11, 'C:\\ProgramData\\chart.dll'))).toMatchObject({ reason: 'none' });
  });

  it('leaves a child of a process that another one had started a thread in unexplained, and says so', async () => {
    const blindSpots = [{ ...spot, reason: 'data' as const }];
    const thread = (source: string) => [remoteThread(1, source, HARBOUR, '{P}')];
    const asked = { ...other, parentGuid: '{P}' };
    expect(await seen(asked, answer({ blindSpots }), thread('C:\\x\\evil.exe'))).toMatchObject({
      share: 'unexplained',
      reason: 'injected',
    });
    expect(await seen(asked, answer({ blindSpots }), thread('C:\\Windows\\System32\\csrss.exe'))).toMatchObject({
      reason: 'not-followed',
    });
  });

  it("takes the parent's command line for Security's event from Sysmon's event of the same start", async () => {
    const parentLine = 'harbour.exe -k netsvcs -s Tide';
    const told = await reality([
      sysmonStart(start({ ...other, parentLine })),
      securityStart(start({ ...other, at: 11, parentLine: undefined })),
    ]);
    expect(told.seen).toMatchObject([{ reason: 'service', events: 2 }]);
    expect(told.sources).toEqual([
      { source: 'Sysmon 1', events: 1 },
      { source: 'Security 4688', events: 1 },
    ]);
  });

  it('uses the lists of loaded modules and classes where an answer has them', async () => {
    const load = {
      module: 'harbour.exe',
      site: '0x140004000',
      function: '0x140003f00',
      api: 'LoadLibraryExW',
      reach: 'image',
    };
    const registry = [{ key: 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Harbour\\Plug-ins', value: '*' }];
    const withLoads = (...loads: object[]) => ({ ...answer(), loads }) as ChildrenDocument;
    expect(
      await seen(other, withLoads({ ...load, name: null, reason: 'registry', registry, detail: 'd' })),
    ).toMatchObject({ share: 'named', reason: 'plug-in', fit: 'possible', evidence: [{ key: registry[0].key }] });
    expect(await seen(other, withLoads({ ...load, name: 'mscoree.dll', detail: 'd' }))).toMatchObject({
      reason: 'plug-in',
      evidence: [{ site: '0x140004000' }],
    });
    expect(await seen(other, withLoads({ ...load, name: 'chart.dll', detail: 'd' }))).toMatchObject({ reason: 'none' });
    const classes = [{ ...load, api: 'CoCreateInstance', classId: null, contexts: null, detail: 'd' }];
    const elsewhere = [{ ...classes[0], contexts: ['LOCAL_SERVER'] }];
    const known = [{ ...classes[0], classId: '3e5fc7f9-9a51-4367-9063-a120244fbec7' }];
    for (const list of [elsewhere, known])
      expect(await seen(other, { ...answer(), classes: list } as ChildrenDocument)).toMatchObject({ reason: 'none' });
    expect(await seen(other, { ...answer(), classes } as ChildrenDocument)).toMatchObject({ reason: 'com' });
    const data = { ...load, name: null, reason: 'registry', asData: 'LOAD_LIBRARY_AS_DATAFILE', detail: 'd' };
    expect(await seen(other, withLoads(data))).toMatchObject({ reason: 'none' });
  });
});

describe('counts', () => {
  const image = fc.constantFrom(
    'C:\\Windows\\System32\\pilot.exe',
    'C:\\x\\stranger.exe',
    'C:\\Windows\\System32\\WerFault.exe',
    HARBOUR,
  );
  const parent = fc.constantFrom(HARBOUR, '', '-', 'S-1-5-18', 'PlugPlay', 'System', 'C:\\x\\explorer.exe', undefined);
  const event = fc.record({
    at: fc.integer({ min: 0, max: 50 }),
    host: fc.constantFrom('ws1.example', 'ws2.example'),
    image,
    parent,
    pid: fc.integer({ min: 1, max: 4 }),
    parentPid: fc.integer({ min: 1, max: 4 }),
  });

  it('add up to the number of events, whatever they hold', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.boolean(), event), { minLength: 1, maxLength: 30 }), async (given) => {
        const told = await reality(given.map(([isSysmon, one]) => (isSysmon ? sysmonStart(one) : securityStart(one))));
        const { counts } = told;
        const sum = (list: readonly { readonly events: number }[]) => list.reduce((all, { events }) => all + events, 0);
        expect(counts.all).toBe(given.length);
        expect(counts.ofParent + counts.ofOthers + counts.setApart + counts.notKept).toBe(counts.all);
        expect(counts.explained + counts.named + counts.unexplained).toBe(counts.ofParent);
        expect(sum(told.seen)).toBe(counts.ofParent);
        expect(sum(told.sources)).toBe(counts.all);
        const joined = told.setApart.reduce((all, one) => all + one.joined, 0);
        expect(sum(told.setApart) - joined).toBe(counts.setApart);
      }),
      { numRuns: 100 },
    ));
});
