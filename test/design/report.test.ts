// The detection strategy document: what it says of a funnel with and without a scope, and that nothing in a dossier gets out of its place in Markdown or HTML.
import { describe, expect, it } from 'vitest';
import { funnelDiagram } from '../../src/design/diagram.ts';
import type { ExclusionEntry } from '../../src/design/document.ts';
import { isWebAddress } from '../../src/design/report/blocks.ts';
import { reportHtml } from '../../src/design/report/html.ts';
import { escapedMarkdown, reportMarkdown } from '../../src/design/report/markdown.ts';
import { strategyBlocks, strategyTitle } from '../../src/design/report/strategy.ts';
import type { Subject } from '../../src/design/report/subject.ts';
import { fixture, HOSTILE, subjectOf } from './designs.ts';

const markdownOf = (subject: Subject) => reportMarkdown(strategyBlocks(subject), 'diagram.svg');
const htmlOf = (subject: Subject) =>
  reportHtml(strategyTitle(subject), strategyBlocks(subject), funnelDiagram([subject.funnel]));

const EXCLUSION: ExclusionEntry = {
  observable: 'lsass-opened',
  predicate: "{SourceImage|endswith: '\\MsMpEng.exe'}",
  class: 'free',
  covers: 5400,
  proof: { attack_events_hidden: 0, evadable: 22, attack_events: 22, why: 'SourceImage is free' },
  owner: 'the blue team',
  expiry: '2027-01-01',
  abuse: 'name the tool MsMpEng.exe',
};
const LSASS = subjectOf(fixture('lsass-handle'), [EXCLUSION]);
const EXAMPLE = subjectOf(fixture('example-8'));
/** Nothing is collected any more. */
const EMPTY = subjectOf(fixture('lsass-handle').replace('[DC0035, DC0039]', '[DC0082]'));

const SECTIONS = [
  'Goal',
  'Categorisation',
  'Strategy abstract',
  'Technical context',
  'Blind spots and assumptions',
  'False positives',
  'Validation',
  'Priority',
  'Response',
  'Where this comes from',
];

/** Elements of HTML that has no optional tags; throws where one is not closed in its order. */
function elementsOf(html: string): readonly { readonly name: string; readonly tag: string }[] {
  const open: string[] = [];
  const all: { name: string; tag: string }[] = [];
  for (const [tag, close, name, end] of html.matchAll(
    /<(\/?)([a-zA-Z][\w-]*)(?:\s+[\w:-]+(?:="[^"<]*")?)*\s*(\/?)>/g,
  )) {
    if (close === '/') {
      if (open.pop() !== name) throw new Error(`${tag} closes nothing`);
      continue;
    }
    all.push({ name, tag });
    if (end !== '/' && name !== 'meta') open.push(name);
  }
  if (open.length > 0) throw new Error(`not closed: ${open.join(', ')}`);
  return all;
}

describe('words of the report', () => {
  it('agree with one: a hit, a second', () => {
    const one = subjectOf(fixture('lsass-handle').replace('max_hits_per_day: 10', 'max_hits_per_day: 1'));
    const text = markdownOf(one);
    expect(text).toContain('a budget of 1 hit a day');
    expect(text).toContain('Up to 1 hit a day is bearable');
    expect(text).not.toMatch(/\b1 (?:hits|days|hosts|seconds|events|sessions)\b/);
  });

  it('tell sessions that tell nothing from those that tell of some primitives only', () => {
    const { funnel } = LSASS;
    const [first, second] = funnel.primitives;
    const primitives = funnel.primitives.map((one) => {
      if (one === first)
        return { ...one, evidence: { ...one.evidence, sessions_hit: ['S1'], sessions_total: 1, cannot_tell: ['S2'] } };
      return one === second ? { ...one, evidence: { ...one.evidence, cannot_tell: ['S1', 'S2'] } } : one;
    });
    const text = markdownOf({ ...LSASS, funnel: { ...funnel, primitives } });
    expect(text).toContain(
      '1 labelled session cannot tell of any primitive, for want of telemetry or of the file itself: `S2`.',
    );
    expect(text).toMatch(new RegExp(`- Of .*\\(\`${second.id}\`\\) \`S1\` cannot tell, for want of telemetry\\.`));
  });

  it('name the page of the technique once', () => {
    const [, after] = markdownOf(LSASS).split('Where this comes from');
    expect(after.match(/^- .*T1003\/001/gm)).toHaveLength(1);
  });
});

describe('the document', () => {
  it('is the one that was read', async () => {
    await expect(markdownOf(LSASS)).toMatchFileSnapshot('../golden/design/lsass-handle.md');
    await expect(markdownOf(EMPTY)).toMatchFileSnapshot('../golden/design/empty-scope.md');
    await expect(htmlOf(EXAMPLE)).toMatchFileSnapshot('../golden/design/example-8.html');
  });

  it.each([
    ['with a scope', LSASS],
    ['without predicates', EXAMPLE],
    ['with an empty scope', EMPTY],
  ])('has every section, %s', (_, subject) => {
    const headings = [...markdownOf(subject).matchAll(/^## (.*)$/gm)].map(([, text]) => text);
    expect(headings).toEqual(SECTIONS);
    expect([...htmlOf(subject).matchAll(/<h2>(.*?)<\/h2>/g)].map(([, text]) => text)).toEqual(SECTIONS);
  });

  it('carries the figures of the funnel', () => {
    const text = markdownOf(EXAMPLE);
    for (const part of [
      'Of the 8 primitives',
      '5 are needed',
      'shows 3 of these (step D)',
      '2 are left (step E)',
      '**2/8**',
      '41000 hits a day',
      '23 values are known',
      'the list is open-ended',
    ])
      expect(text).toContain(part);
  });

  it('says of an empty scope which step emptied it, the smallest change, and that there is no rule', () => {
    const { empty } = EMPTY.funnel;
    const text = markdownOf(EMPTY);
    expect(empty).not.toBeNull();
    expect(text).toContain('**There is no detection scope for this technique today.**');
    expect(text).toContain(`step ${empty?.step} emptied the scope`);
    expect(text).toContain(`The smallest change that would give one: ${empty?.change}.`);
    expect(text).toContain('There is no rule to deploy yet.');
    expect(text).not.toContain('winnow design rules');
  });

  it('says what is not known', () => {
    const text = markdownOf(EXAMPLE);
    for (const part of [
      'Which rights an attacker has at this point is not known',
      'no history was counted',
      'how many hosts it covers is not recorded',
      'has not measured them',
      'no session labelled as an attack',
      'How hard the scope is to evade was not computed',
      'How many alerts an analyst can take in a day is not recorded',
    ])
      expect(text).toContain(part);
  });

  it('tells exclusions with their proof, and of a free one its owner, its day and its abuse', () => {
    const text = markdownOf(LSASS);
    for (const part of [
      '1 exclusion of 1 can be satisfied by an attacker',
      '0 of 22 hidden, 22 evadable',
      'the blue team answers for it until 2027-01-01',
      'name the tool MsMpEng.exe',
    ])
      expect(text).toContain(part);
    expect(markdownOf(subjectOf(fixture('lsass-handle')))).not.toContain('### Exclusions');
  });

  it('is whole sentences: nothing empty, doubled or undefined', () => {
    for (const subject of [LSASS, EXAMPLE, EMPTY]) {
      const text = markdownOf(subject);
      expect(text).not.toMatch(/undefined|null|NaN|\[object|\.\.(?!\.)| ,| {2}|\( ?\)/);
      for (const line of text.split('\n').filter((one) => /^[A-Z][^|]*$/.test(one))) expect(line).toMatch(/[.:]$/);
    }
  });

  it('is the same for the same funnel', () => {
    expect(htmlOf(structuredClone(LSASS))).toBe(htmlOf(LSASS));
  });
});

/** A dossier in which every free text is the same hostile one. */
function hostileSubject(text: string): Subject {
  const { funnel, technique, environment } = LSASS;
  const enriched = {
    ...funnel.scope[0],
    enrichment: [text],
    log_source: text,
    predicate: text,
    context: { dossiers: [text], techniques: [text] },
    advice_reason: text,
  };
  return {
    funnel: {
      ...funnel,
      name: text,
      technique: text,
      engine: text,
      notes: [text],
      window: { from: text, to: text, excluded_days: [text] },
      primitives: funnel.primitives.map((one) => ({
        ...one,
        name: text,
        evidence: { ...one.evidence, sessions_total: 1, cannot_tell: [text], broken_by: [text] },
      })),
      steps: funnel.steps.map((step) => ({ ...step, dropped: step.dropped.map((one) => ({ ...one, reason: text })) })),
      scope: [enriched],
      exclusions: [
        {
          ...EXCLUSION,
          predicate: text,
          owner: text,
          expiry: text,
          abuse: text,
          proof: { ...EXCLUSION.proof, why: text },
        },
      ],
      gaps: funnel.gaps.map((gap) => ({ ...gap, data_component: text })),
      side_rules: [{ primitive: 'write', field: text, value: text, level: 1, kind: 'signature' }],
      resilience: { score: text, spanning_set: [text], sessions: text, notes: [text] },
    },
    technique: {
      ...technique,
      scopeNote: text,
      attackerRights: text,
      references: [text],
      attack: { at: technique.at, version: text, technique: text, detectionStrategy: text, analytics: [text] },
      procedures: technique.procedures.map((one) => ({ ...one, name: text, atomic: [text], references: [text] })),
    },
    environment: {
      ...environment,
      dataSources: environment.dataSources.map((one) => ({ ...one, product: text, checkedAt: text })),
    },
  };
}

describe('hostile texts', () => {
  const TAGS = new Set(
    elementsOf(htmlOf(LSASS))
      .map(({ name }) => name)
      .concat(elementsOf(htmlOf(EXAMPLE)).map(({ name }) => name)),
  );

  it.each(HOSTILE.map((text) => ({ text })))('stay text: $text', ({ text }) => {
    const subject = hostileSubject(text);
    const html = htmlOf(subject);
    const elements = elementsOf(html);
    for (const { name, tag } of elements) {
      expect(TAGS.has(name), tag).toBe(true);
      expect(tag).not.toMatch(/\son\w+=|javascript:/i);
    }
    const markdown = markdownOf(subject);
    for (const written of [html, markdown]) expect(written).not.toMatch(/[\p{Cf}\p{Cs}]|[^\P{Cc}\n]/u);
    // Outside of code, nothing begins a heading or a tag but what the report itself writes.
    const outside = markdown.replace(/^```[\s\S]*?^```$/gm, '');
    const headings = (text: string) => text.split('\n').filter((line) => /^#{1,6} /.test(line)).length;
    expect(headings(outside)).toBe(headings(markdownOf(LSASS)));
    const bare = outside.replace(/`[^`\n]*`/g, '').replaceAll(/<\/?code>|<https?:[^>\s]*>/g, '');
    expect(bare).not.toMatch(/<[a-zA-Z!/]/);
  });

  it('take no place in a table but their own', () => {
    for (const text of HOSTILE)
      for (const block of markdownOf(hostileSubject(text))
        .split('\n\n')
        .filter((one) => one.startsWith('| '))) {
        const columns = block.split('\n').map((row) => row.split('|').length);
        expect(new Set(columns).size, block).toBe(1);
      }
  });
});

describe('links', () => {
  it('are addresses of the web alone', () => {
    for (const good of ['https://attack.mitre.org/techniques/T1003/001/', 'http://example.com:8080/a?b=c#d'])
      expect(isWebAddress(good)).toBe(true);
    for (const bad of [
      'javascript:alert(1)',
      'https://a b',
      'https://a>b',
      'https://example.com/"onclick=x',
      'file:///etc',
      '//example.com',
      'https://example.com/`x`',
    ])
      expect(isWebAddress(bad)).toBe(false);
  });
});

describe('a line of Markdown', () => {
  it.each([
    ['1. item', '1&#46; item'],
    ['18.1', '18.1'],
    ['- item', '&#45; item'],
    ['> quote', '&#62; quote'],
    ['a|b', 'a&#124;b'],
    ['*x*', '\\*x\\*'],
  ])('shows %s as it is', (text, written) => expect(escapedMarkdown(text)).toBe(written));
});
