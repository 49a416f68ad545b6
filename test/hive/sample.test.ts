// The hives that the documentation shows are those that their writer makes. SAMPLE_HIVES=write makes them again.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sampleHives } from '../../fixtures/hives/sample.ts';

describe('the sample hives', () => {
  it.each(Object.entries(sampleHives))('%s', (name, make) => {
    const folder = `fixtures/hives/sample/${name}`;
    if (process.env.SAMPLE_HIVES === 'write') {
      mkdirSync(folder, { recursive: true });
      writeFileSync(`${folder}/SAM`, make());
    }
    expect(readFileSync(`${folder}/SAM`).equals(Buffer.from(make()))).toBe(true);
  });
});
