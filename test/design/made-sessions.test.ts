// The sessions that the shipped dossiers bring along are those that their writer makes. DESIGN_SESSIONS=write makes them again.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { designSessions } from '../../fixtures/designs/sessions.ts';

const folder = 'data/dossiers/sessions';

describe('the made sessions', () => {
  const made = designSessions();
  if (process.env.DESIGN_SESSIONS === 'write') {
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of made) writeFileSync(`${folder}/${name}`, text);
  }

  it.each([...made])('%s', (name, text) => {
    expect(readFileSync(`${folder}/${name}`, 'utf8')).toBe(text);
  });

  it('are all that is there', () => {
    expect(readdirSync(folder).sort()).toEqual([...made.keys()].sort());
  });
});
