// Texts that are written into YAML come back as they were, whatever is in them, and none reaches a terminal with control characters.
import { describe, expect, it } from 'vitest';
import { yamlComment, yamlMap, yamlText, yamlTexts } from '../../src/design/yaml-text.ts';
import { entryOf, textAt, textsAt, yamlNodes } from '../../src/rule/read/yaml-node.ts';

const TEXTS = [
  'plain',
  'two words',
  '',
  ' ',
  ' x ',
  'true',
  'No',
  '18.1',
  '0x10',
  '-',
  'a: b',
  'a #b',
  '# b',
  '\\lsass.exe',
  'C:\\a "b" it\'s',
  'tab\there',
  'line\nbreak\r',
  '\u0000\u001b[31m\u007f\u0085\u2028\ufeff',
  '\u202e\u{e0001}\u{1f600}ä',
  '{x}',
  '[x]',
  '*x',
  '&x',
  '!x',
  '%x',
  '@x',
  '`x',
  "'",
  '"',
  'x,',
  'null',
  '~',
  '...',
  '---',
  '2026-11-28',
  'x'.repeat(3000),
];

describe('a text in YAML', () => {
  it.each(TEXTS)('%j comes back', (text) => {
    const written = `a: ${yamlText(text)}\nb: ${yamlTexts([text, 'x'])}\nc: ${yamlMap({ [text]: text })} # ${yamlComment(text)}\n`;
    expect(written.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
    const [node] = yamlNodes(written);
    if (node instanceof Error) throw node;
    expect(textAt(node, 'a')).toBe(text);
    expect(textsAt(node, 'b')).toEqual([text, 'x']);
    expect(textAt(entryOf(node, 'c')!, text)).toBe(text);
  });
});
