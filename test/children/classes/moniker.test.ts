// Which class a moniker's display name asks for.
import { describe, expect, it } from 'vitest';
import { classIdIn, classOfMoniker, progIdIn } from '../../../src/children/classes/moniker.ts';

const ID = '3e5fc7f9-9a51-4367-9063-a120244fbec7';

describe('a display name', () => {
  it.each([
    [`new:{${ID}}`, { classId: ID }],
    [`New:${ID.toUpperCase()}`, { classId: ID }],
    ['new:Harbour.Crane', { progId: 'Harbour.Crane' }],
    [`Elevation:Administrator!new:{${ID}}`, { classId: ID, elevated: true }],
    [`Elevation:Highest!clsid:{${ID}}`, { classId: ID, elevated: true }],
    [`session:1!new:{${ID}}`, { classId: ID }],
    [`clsid:${ID}:parameter`, { classId: ID }],
    ['winmgmts:\\\\.\\root\\cimv2', { progId: 'winmgmts' }],
    ['script:https://example.com/a.sct', { progId: 'script' }],
    ['Elevation:Administrator!new:%s', { elevated: true }],
    ['C:\\Harbour\\list.xls', {}],
    ['new:', {}],
    ['', {}],
  ])('%s', (text, told) => expect(classOfMoniker(text)).toEqual(told));
});

describe('a text', () => {
  it('is a CLSID with or without braces, and only as a whole', () => {
    expect(classIdIn(`{${ID.toUpperCase()}}`)).toBe(ID);
    expect(classIdIn(` ${ID} `)).toBe(ID);
    expect(classIdIn(`${ID}0`)).toBeUndefined();
    expect(classIdIn(`new:${ID}`)).toBeUndefined();
  });
  it('is a ProgID where it could be one', () => {
    expect(progIdIn('Shell.Application.1')).toBe('Shell.Application.1');
    expect(progIdIn('1st')).toBeUndefined();
    expect(progIdIn('a b')).toBeUndefined();
    expect(progIdIn('a'.repeat(300))).toBeUndefined();
  });
});
