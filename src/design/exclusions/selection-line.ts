// An exclusion as a Sigma selection in one line, with `bits` beside Sigma's own modifiers.

import type { Part } from '../../rule/alternatives.ts';
import { sigmaText } from '../../rule/emit/sigma-selection.ts';
import { yamlString } from '../../rule/emit/yaml-text.ts';
import { networkText } from '../../rule/network.ts';
import { patternShape } from '../../rule/pattern.ts';
import type { ValueTest } from '../../rule/value-test.ts';

/** "{SourceImage|endswith: '\a.exe', GrantedAccess|bits|neq: 0x10}": a map in YAML's flow style, in which all hold. */
export function selectionLine(parts: readonly Part[]): string {
  const entries = new Map<string, { texts: string[]; parts: number; negated: boolean }>();
  for (const { of, negated } of parts) {
    if (of.kind !== 'match') continue;
    const tests = of.values.flatMap(bitByBit);
    const written = tests.map(writtenTest);
    const hasOneForm = new Set(written.map(({ modifiers }) => modifiers.join('|'))).size === 1;
    const modifiers = hasOneForm ? written[0].modifiers : [];
    const key = [of.field, ...modifiers, ...(negated ? ['neq'] : [])].join('|');
    const texts = tests.map((test, index) => (hasOneForm ? written[index].text : plainText(test, written[index].text)));
    const own = entries.get(key) ?? { texts: [], parts: 0, negated };
    own.texts.push(...texts);
    own.parts++;
    entries.set(key, own);
  }
  return `{${[...entries].map(([key, entry]) => entryText(key, entry)).join(', ')}}`;
}

/** Parts of one field hold together: a list of values means any of them, unless it says all. Denied, it means none, which is the same. */
function entryText(
  key: string,
  { texts, parts, negated }: { readonly texts: readonly string[]; readonly parts: number; readonly negated: boolean },
): string {
  const own = parts > 1 && !negated ? `${key}|all` : key;
  return `${keyText(own)}: ${texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`}`;
}

/** A list of values means any of them, and `bits` all of those of a number. */
function bitByBit(test: ValueTest): readonly ValueTest[] {
  if (test.kind !== 'bits' || test.wanted === 'all') return [test];
  const tests: ValueTest[] = [];
  for (let bit = 1n; bit <= test.mask; bit <<= 1n)
    if ((test.mask & bit) !== 0n) tests.push({ kind: 'bits', mask: bit, wanted: 'all' });
  return tests;
}

function keyText(key: string): string {
  return /^[A-Za-z_][\w.|-]*$/.test(key) ? key : yamlString(key);
}

/** With wildcards in the value, where values share no modifier. */
function plainText(test: ValueTest, otherwise: string): string {
  return test.kind === 'like' ? yamlString(wellFormed(sigmaText(test.pattern))) : otherwise;
}

function writtenTest(test: ValueTest): { readonly modifiers: readonly string[]; readonly text: string } {
  switch (test.kind) {
    case 'like': {
      const shape = patternShape(test.pattern);
      const isWhole = shape.shape === 'other' || shape.shape === 'equals';
      const text = yamlString(wellFormed(sigmaText(isWhole ? test.pattern : [shape.text])));
      return { modifiers: [...(isWhole ? [] : [shape.shape]), ...(test.cased ? ['cased'] : [])], text };
    }
    case 'bits':
      return { modifiers: ['bits'], text: `0x${test.mask.toString(16)}` };
    case 'cidr':
      return { modifiers: ['cidr'], text: yamlString(networkText(test.network)) };
    case 'number':
      return { modifiers: test.op === 'eq' ? [] : [test.op], text: String(test.than) };
    case 'regex':
      return { modifiers: ['re', ...(test.cased ? [] : ['i'])], text: yamlString(wellFormed(test.source)) };
    case 'time':
      return { modifiers: [test.part, ...(test.op === 'eq' ? [] : [test.op])], text: String(test.than) };
    case 'exists':
      return { modifiers: ['exists'], text: String(test.wanted) };
    case 'null':
      return { modifiers: [], text: 'null' };
    case 'boolean':
      return { modifiers: [], text: String(test.wanted) };
    case 'field':
      return { modifiers: ['fieldref'], text: yamlString(wellFormed(test.name)) };
  }
}

/** Half a character of UTF-16 cannot be written; the sign that stands for it fits no such value, so that the selection is narrower. */
function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
}
