// Sections that lie over one another are gone through once for the file's length.
import { expect, it } from 'vitest';
import { readImage } from '../../src/pe/image.ts';
import { sectionStretches } from '../../src/pe/section-stretches.ts';
import { buildPe, Content } from './build-pe.ts';

const lengths = (sections: number): number => {
  const content = () => new Content(0x1000, 0x1000);
  const bytes = buildPe({ sections: Array.from({ length: sections }, () => ({ content: content() })) });
  const image = readImage(bytes, 'test.exe');
  let sum = 0;
  for (const { begin, end } of sectionStretches(image, () => true)) sum += end - begin;
  expect(sum).toBeLessThanOrEqual(bytes.length);
  return sum;
};

it('gives a section as far as the file holds it, and none that are not wanted', () => {
  expect(lengths(1)).toBe(0x1000);
  const image = readImage(buildPe({ sections: [{ content: new Content(0x1000, 0x1000) }] }), 'test.exe');
  expect([...sectionStretches(image, () => false)]).toEqual([]);
});

it('stops at the length of the file', () => {
  expect(lengths(4)).toBeGreaterThan(0x1000);
});
