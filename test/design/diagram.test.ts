// The funnel's picture: each primitive once with its colour and letter, well formed and within its frame whatever the names are, the same for the same funnel.
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { APPEARANCES } from '../../src/design/appearance.ts';
import { funnelDiagram } from '../../src/design/diagram.ts';
import type { FunnelDocument, PrimitiveState } from '../../src/design/document.ts';
import { textWidth, wrapped } from '../../src/design/svg.ts';
import { fixture, HOSTILE, subjectOf } from './designs.ts';

interface Node {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
}

/** All elements of well-formed XML; throws for any other text. */
function elementsOf(xml: string): readonly Node[] {
  const all: Node[] = [];
  const open: Node[] = [];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => {
    const node = { name, attributes: attributes as Record<string, string>, text: '' };
    all.push(node);
    open.push(node);
  });
  parser.on('text', (text) => {
    const last = open.at(-1);
    if (last) last.text += text;
  });
  parser.on('closetag', () => void open.pop());
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(xml).close();
  return all;
}

const nodesOf = (xml: string) => elementsOf(xml).filter(({ attributes }) => 'data-primitive' in attributes);

const EXAMPLE = subjectOf(fixture('example-8')).funnel;

/** A funnel of so many primitives, a sixth of each colour, all with one name. */
function manyPrimitives(count: number, name: string): FunnelDocument {
  const states = ['optional', 'gap', 'over_budget', 'scope', 'scope', 'refuted'] as const;
  const colours = ['grey', 'purple', 'amber', 'green', 'dark_green', 'red'] as const;
  const primitives = [...Array(count).keys()].map((at): PrimitiveState => {
    const look = APPEARANCES.find(({ colour }) => colour === colours[at % 6])!;
    return {
      ...EXAMPLE.primitives[0],
      id: `P${at}`,
      name,
      state: states[at % 6],
      colour: look.colour,
      letter: look.letter,
    };
  });
  const of = (...wanted: readonly string[]) =>
    primitives.filter(({ state }) => wanted.includes(state)).map(({ id }) => id);
  const drop = (...wanted: readonly string[]) => of(...wanted).map((id) => ({ id, reason: name }));
  return {
    ...EXAMPLE,
    name,
    primitives,
    steps: [
      { id: 'A', kept: primitives.map(({ id }) => id), dropped: [] },
      { id: 'B', kept: of('gap', 'over_budget', 'scope'), dropped: drop('optional', 'refuted') },
      { id: 'C', kept: of('gap', 'over_budget', 'scope'), dropped: [] },
      { id: 'D', kept: of('over_budget', 'scope'), dropped: drop('gap') },
      { id: 'E', kept: of('scope'), dropped: drop('over_budget') },
      { id: 'F', kept: of('scope'), dropped: [] },
    ],
    scope: of('scope').map((primitive) => ({ ...EXAMPLE.scope[0], primitive, observable: name })),
  };
}

describe('the picture of the example', () => {
  const xml = funnelDiagram([EXAMPLE]);
  const nodes = nodesOf(xml).map(({ attributes }) => attributes);

  it('is the one that was looked at', async () => {
    await expect(xml).toMatchFileSnapshot('../golden/design/example-8.svg');
  });

  it('has each primitive once, in its colour and with its letter', () => {
    expect(
      Object.fromEntries(
        nodes.map((one) => [one['data-primitive'], `${one['data-letter']} ${one['data-colour']} ${one['data-state']}`]),
      ),
    ).toEqual({
      PM1: 'G green scope',
      PM2: 'G green scope',
      PM3: 'P purple gap',
      PM4: 'A amber over_budget',
      PM5: 'P purple gap',
      PM6: 'O grey optional',
      PM7: 'O grey optional',
      PM8: 'O grey optional',
    });
    expect(nodes).toHaveLength(8);
  });

  it('has the steps with the counts of the method, each band narrower than the one before', () => {
    const bands = elementsOf(xml).filter(({ attributes }) => 'data-step' in attributes);
    expect(bands.map(({ attributes }) => [attributes['data-step'], attributes['data-count']])).toEqual([
      ['A', '8'],
      ['B', '5'],
      ['C', '3/2'],
      ['D', '3/2'],
      ['E', '2'],
      ['F', '2/8'],
    ]);
    const widths = [
      ...xml.matchAll(/<path d="M([\d.]+) [\d.]+L([\d.]+) [\d.]+L([\d.]+) [\d.]+L([\d.]+) [\d.]+Z"/g),
    ].map(([, left, right, belowRight, belowLeft]) => [
      Number(right) - Number(left),
      Number(belowRight) - Number(belowLeft),
    ]);
    expect(widths).toHaveLength(6);
    for (const [above, below] of widths) expect(below).toBeLessThan(above);
  });

  it('says in words what it shows, and runs and loads nothing', () => {
    const all = elementsOf(xml);
    const [root] = all;
    const named = root.attributes['aria-labelledby']
      .split(' ')
      .map((id) => all.find(({ attributes }) => attributes.id === id)?.name);
    expect(named).toEqual(['title', 'desc']);
    const told = all.find(({ name }) => name === 'desc')!.text;
    for (const part of [
      'Step D, visible: 3 visible, 2 gaps.',
      'PM4 (leave a library on the disk): A,',
      'leaves at step D',
    ])
      expect(told).toContain(part);
    expect(all.map(({ name }) => name).filter((name) => /script|image|use|foreign|style|link/i.test(name))).toEqual([]);
    expect(xml.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|\son\w+=|@import|@font-face/);
  });
});

describe('appearances', () => {
  it('differ in letter, fill and pattern', () => {
    for (const of of ['letter', 'fill', 'pattern', 'meaning'] as const)
      expect(new Set(APPEARANCES.map((one) => one[of])).size).toBe(6);
  });
});

describe('any funnel', () => {
  it.each(HOSTILE.map((name) => ({ name })))('keeps $name within its place', ({ name }) => {
    const xml = funnelDiagram([manyPrimitives(7, name)]);
    const all = elementsOf(xml);
    expect(all.filter(({ attributes }) => 'data-primitive' in attributes)).toHaveLength(7);
    expect(
      all
        .map((one) => one.name)
        .filter(
          (one) => !['svg', 'title', 'desc', 'defs', 'pattern', 'rect', 'path', 'g', 'text', 'circle'].includes(one),
        ),
    ).toEqual([]);
    expect(xml).not.toMatch(/[\p{Cf}\p{Cs}]|[^\P{Cc}\n]/u);
    expect(xml.length).toBeLessThan(120_000);
    for (const { attributes, text } of all.filter((one) => one.name === 'text')) {
      const [x, size] = [Number(attributes.x), Number(attributes['font-size'])];
      const width = textWidth(text, { size, ...(attributes['font-weight'] ? { bold: true as const } : {}) });
      const left = x - { middle: width / 2, end: width }[attributes['text-anchor'] as 'middle' | 'end'];
      expect(Number.isNaN(left) ? x + width : Math.max(x, left + width)).toBeLessThanOrEqual(1200);
    }
  });

  it.each([1, 2, 5, 13, 40])('holds %i primitives without one over another', (count) => {
    const xml = funnelDiagram([
      manyPrimitives(count, 'opens the handle of another process with every right that it can get'),
    ]);
    expect(nodesOf(xml)).toHaveLength(count);
    const cards = [...xml.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)" rx="6"/g)].map(
      (found) => found.slice(1).map(Number),
    );
    expect(cards).toHaveLength(count);
    for (const [at, [x, y, width, height]] of cards.entries())
      for (const [left, top, , tall] of cards.slice(at + 1))
        expect(Math.abs(left - x) >= width || y + height <= top || top + tall <= y).toBe(true);
    const [, frame] = /viewBox="0 0 1200 ([\d.]+)"/.exec(xml) ?? [];
    for (const [, y, , height] of cards) expect(y + height).toBeLessThan(Number(frame));
  });

  it('says of an empty scope which step emptied it, and what would change that', () => {
    const empty = { step: 'D', why: 'PM3 is seen by nothing', change: 'collect DC0021' } as const;
    const xml = funnelDiagram([
      {
        ...EXAMPLE,
        scope: [],
        empty,
        steps: EXAMPLE.steps.map((step) => (step.id < 'D' ? step : { ...step, kept: [] })),
      },
    ]);
    expect(xml).toContain('Step D emptied it: PM3 is seen by nothing');
    expect(xml).toContain('Smallest change: collect DC0021');
  });

  it('shows a step alone, and several funnels one below the other with ids of their own', () => {
    const alone = { ...EXAMPLE, steps: EXAMPLE.steps.filter(({ id }) => id === 'D') };
    expect(nodesOf(funnelDiagram([alone]))).toHaveLength(8);
    const both = elementsOf(funnelDiagram([EXAMPLE, manyPrimitives(3, 'x')]));
    expect(both.filter(({ attributes }) => 'data-primitive' in attributes)).toHaveLength(11);
    const ids = both.flatMap(({ attributes }) => attributes.id ?? []);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('gives the same bytes for the same funnel', () =>
    expect(funnelDiagram([structuredClone(EXAMPLE)])).toBe(funnelDiagram([EXAMPLE])));
});

describe('lines of text', () => {
  const font = { size: 12 };
  it('break at spaces, behind separators, or where they must, and end with an ellipsis where they are cut', () => {
    expect(wrapped('one two three', 60, 3, font)).toEqual(['one two', 'three']);
    expect(wrapped('C:\\Windows\\System32\\config', 110, 3, font)).toEqual(['C:\\Windows\\', 'System32\\config']);
    const cut = wrapped('x'.repeat(1000), 60, 2, font);
    expect(cut).toHaveLength(2);
    expect(cut[1]).toMatch(/^x+…$/);
    for (const line of [...cut, ...wrapped('漢字'.repeat(40), 60, 3, font)])
      expect(textWidth(line, font)).toBeLessThanOrEqual(60);
    expect(wrapped('😀', 1, 1, font)).toEqual(['😀']);
  });
});
