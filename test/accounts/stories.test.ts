// Stories written by hand, told from every subset of their layers: the same story, less what the missing layers alone could know.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLOSE_STORIES, STORIES } from '../../fixtures/accounts/stories.ts';
import type { Story } from '../../fixtures/accounts/story.ts';
import { apartOf, moved, woven } from '../../fixtures/accounts/weave.ts';
import { type Kept, type StoryLogChoices, writeStory } from '../../fixtures/accounts/write-story.ts';
import { Collector } from '../../src/accounts/collector.ts';
import type { AccountsDocument, LayerId } from '../../src/accounts/document.ts';
import { tellStory } from '../../src/accounts/story.ts';
import { Wanted } from '../../src/accounts/wanted.ts';
import { sourceOf } from '../../src/bytes/source.ts';
import type { Glance } from '../../src/logs/glance.ts';
import { LogReport } from '../../src/logs/log-report.ts';
import { eventsOf, openLogs } from '../../src/logs/open-logs.ts';
import { compare, expectedOf } from './story-oracle.ts';

const LAYERS = ['native', 'command', 'api', 'registry'] as const satisfies readonly LayerId[];

/** As the command reads logs. */
async function told(story: Story, choices: StoryLogChoices): Promise<AccountsDocument> {
  const report = new LogReport();
  const collector = new Collector();
  for (const { name, bytes } of writeStory(story, choices)) {
    for await (const log of openLogs(sourceOf(bytes, name), report)) {
      const wanted = new Wanted(collector.names);
      const glance = (one: Glance): boolean => wanted.has(one);
      for await (const event of eventsOf(log, report, { glance })) collector.take(event);
    }
  }
  expect(report.unreadable).toBe(0);
  return tellStory(collector, report.unreadable);
}

async function differences(story: Story, choices: StoryLogChoices): Promise<readonly string[]> {
  const document = await told(story, choices);
  const expected = story.truth.flatMap((truth) => expectedOf(truth, choices) ?? []);
  const { extra, missing } = compare(expected, document.changes, choices.skew);
  for (const { host, layer, verdict } of document.coverage) {
    // A channel may be there for another layer's records.
    const right = choices.layers[layer] === 'kept' ? verdict === 'data' : verdict !== 'data';
    expect(right, `${layer} of ${host} is ${choices.layers[layer]}, and told as ${verdict}`).toBe(true);
  }
  return [...missing.map((text) => `missing: ${text}`), ...extra.map((text) => `told: ${text}`)];
}

/** Every subset of the layers. */
const SUBSETS = Array.from({ length: 16 }, (_, bits) =>
  Object.fromEntries(LAYERS.map((layer, i): [LayerId, Kept] => [layer, (bits >> i) & 1 ? 'kept' : 'absent'])),
) as Record<LayerId, Kept>[];

const ALL = SUBSETS[15];
const PLAIN = { seed: 1, skew: 0, processes: 'sysmon', index: false, below: false, form: 'evtx', noise: 0 } as const;

const keptArbitrary = fc.constantFrom<Kept>('kept', 'kept', 'filtered', 'absent');
const choicesArbitrary: fc.Arbitrary<StoryLogChoices> = fc.record({
  layers: fc.record({ native: keptArbitrary, command: keptArbitrary, api: keptArbitrary, registry: keptArbitrary }),
  seed: fc.integer({ min: 0, max: 0xffff_ffff }),
  skew: fc.constantFrom(0, 0.2, 0.5, 1),
  processes: fc.constantFrom('sysmon', '4688', 'both'),
  index: fc.boolean(),
  below: fc.boolean(),
  form: fc.constantFrom('evtx', 'winlogbeat', 'nxlog'),
  noise: fc.integer({ min: 0, max: 12 }),
});

const SEED = Number(process.env.STORIES_SEED ?? 20_260_504);
const RUNS = Number(process.env.STORIES_RUNS ?? 20);

describe.each(STORIES.map((story) => [story.title, story] as const))('%s', (_, story) => {
  it('is told as it was', async () => expect(await differences(story, { ...PLAIN, layers: ALL })).toEqual([]));

  it.each(SUBSETS)('is told less what is missing: $native $command $api $registry', async (layers) =>
    expect(await differences(story, { ...PLAIN, layers })).toEqual([]),
  );

  it(`is told so by any clocks, in any order and form (seed ${SEED})`, async () => {
    await fc.assert(
      fc.asyncProperty(choicesArbitrary, async (choices) => {
        expect(await differences(story, choices)).toEqual([]);
      }),
      { seed: SEED, numRuns: RUNS },
    );
  }, 600_000);
});

describe('acts near one another', () => {
  const withoutRegistry = SUBSETS.filter(({ registry }) => registry === 'absent');

  it.each(CLOSE_STORIES.flatMap((story) => withoutRegistry.map((layers) => [story.title, layers, story] as const)))(
    '%s: %o',
    async (_, layers, story) => {
      for (const processes of ['sysmon', '4688', 'both'] as const)
        expect(await differences(story, { ...PLAIN, processes, layers })).toEqual([]);
    },
  );

  it('two commands, each recorded twice by two logs, are two beside two writes that name nobody', async () => {
    const story = STORIES.find(({ title }) => title.startsWith('two members are added within a second'))!;
    const layers = { native: 'absent', command: 'kept', api: 'absent', registry: 'kept' } as const;
    for (let seed = 0; seed < 60; seed++)
      expect(await differences(story, { ...PLAIN, layers, seed, skew: 1, processes: 'both' })).toEqual([]);
  });

  it.each([
    ['nxlog', { EventID: 4724, Channel: 'Security', Keywords: '-9218868437227405312' }],
    ['nxlog, its word', { EventID: 4724, Channel: 'Security', EventType: 'AUDIT_FAILURE' }],
    ['Winlogbeat', { winlog: { channel: 'Security', event_id: '4724', keywords: ['Audit Failure'] } }],
    ['an Elastic integration', { winlog: { channel: 'Security', event_id: '4724' }, event: { outcome: 'failure' } }],
  ])('a failure as %s writes it is one', async (_, object) => {
    const report = new LogReport();
    const collector = new Collector();
    const bytes = new TextEncoder().encode(`${JSON.stringify(object)}\n`);
    for await (const log of openLogs(sourceOf(bytes, 'log.ndjson'), report))
      for await (const event of eventsOf(log, report)) collector.take(event);
    expect(tellStory(collector, 0).changes.map(({ kind, outcome }) => [kind, outcome])).toEqual([
      ['password-reset', 'failure'],
    ]);
  });
});

const storyArbitrary = fc.constantFrom(...STORIES);

describe('stories at once', () => {
  it(`on hosts of their own are each told as alone (seed ${SEED})`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(storyArbitrary, { minLength: 2, maxLength: 5 }),
        choicesArbitrary,
        async (stories, choices) => {
          const story = woven(stories.map((one, i) => moved(one, { host: i + 1 })));
          expect(await differences(story, choices)).toEqual([]);
        },
      ),
      { seed: SEED, numRuns: RUNS * 10 },
    );
  }, 600_000);

  it(`on one host, four seconds apart at least, are each told as alone (seed ${SEED})`, async () => {
    const placed = fc.tuple(storyArbitrary, fc.integer({ min: 0, max: 240 }));
    await fc.assert(
      fc.asyncProperty(fc.array(placed, { minLength: 2, maxLength: 3 }), choicesArbitrary, async (all, choices) => {
        const stories = all.map(([one, seconds], i) => moved(one, { seconds, people: i }));
        fc.pre(apartOf(stories) >= 4);
        expect(await differences(woven(stories), choices)).toEqual([]);
      }),
      { seed: SEED, numRuns: RUNS * 10 },
    );
  }, 600_000);
});
