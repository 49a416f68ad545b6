// A field that no event of a log source fills makes a question unknown, and never quiet.

import { describe, expect, it } from 'vitest';
import { unfilledFields } from '../../src/history/unfilled-fields.ts';
import { and, not } from '../../src/rule/condition.ts';
import { readSelection } from '../../src/rule/read/selection.ts';
import { MemoryStore } from '../design/memory-store.ts';

const EVENTS = Array.from({ length: 20 }, (_, i) => ({
  day: '2026-03-01',
  host: 'A',
  fields: { EventID: '1', Image: `C:\\x${i}.exe`, User: 'a' },
}));

async function unfilled(selection: string, without?: string) {
  const condition = readSelection(selection);
  const question = {
    id: 'q',
    condition: without === undefined ? condition : and(condition, not(readSelection(without))),
    telemetry: readSelection('EventID: 1'),
    fields: [],
  };
  const store = new MemoryStore(EVENTS);
  const [answer] = await store.ask([question], { values: 0 });
  return (await unfilledFields(store, [{ question, answer }], { values: 0 })).get('q');
}

describe('a field that no event fills', () => {
  it('is named where a hit would need it', async () => {
    expect(await unfilled('{EventID: 1, Imagee|endswith: a.exe}')).toEqual(['Imagee']);
    expect(await unfilled('{Image|endswith: a.exe, Userr: b, Hash: c}')).toEqual(['Userr', 'Hash']);
  });

  it('is none where another field would do, or where it is denied', async () => {
    expect(await unfilled('[{Image|endswith: a.exe}, {Original: a.exe}]')).toBeUndefined();
    expect(await unfilled('Image|endswith: a.exe', 'Signer: x')).toBeUndefined();
    expect(await unfilled('{Image|endswith: a.exe, Signer: null}')).toBeUndefined();
  });

  it('is not asked for where there are hits', async () => {
    expect(await unfilled('Image|endswith: x1.exe')).toBeUndefined();
  });
});
