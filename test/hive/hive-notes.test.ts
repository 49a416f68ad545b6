// Notes are told once each, and a number of them stands for the rest.
import { expect, it } from 'vitest';
import { HiveNotes } from '../../src/hive/hive-notes.ts';

it('tells each once, and counts what is more than a person reads', () => {
  const notes = new HiveNotes();
  for (let i = 0; i < 500; i++) notes.add('x', `note ${i % 250}`);
  expect(notes.all).toHaveLength(201);
  expect(notes.all[0]).toEqual({ about: 'x', text: 'note 0' });
  expect(notes.all[200].text).toMatch(/told 100 times more/);
});
