// Which records are built: those that tell of accounts, and of each host and number one in so many chunks.

import { describe, expect, it } from 'vitest';
import { Wanted } from '../../src/accounts/wanted.ts';
import type { Glance } from '../../src/logs/glance.ts';

function record(eventId: number, fields: Readonly<Record<string, string>>, computer = 'WS1', chunk = 0): Glance {
  const field = (name: string): string | undefined => fields[name];
  return { eventId, chunk, computer, field, fileName: (name) => field(name)?.split(/[\\/]/).at(-1) };
}

describe('a record', () => {
  it('that says nothing of accounts is built once for each host, for its channel to be seen', () => {
    const wanted = new Wanted(new Set());
    const asked = ['WS1', 'WS1', 'WS2', 'WS1', 'WS2'].map((computer) => wanted.has(record(5156, {}, computer)));
    expect(asked).toEqual([true, false, true, false, false]);
    expect(wanted.passedOver).toBe(3);
  });

  it('is built again after enough chunks', () => {
    const wanted = new Wanted(new Set());
    const asked = [0, 1, 511, 512, 513].map((chunk) => wanted.has(record(5156, {}, 'WS1', chunk)));
    expect(asked).toEqual([true, false, false, true, false]);
  });

  it.each([
    [4688, { NewProcessName: 'C:\\Windows\\System32\\NET1.exe', CommandLine: 'net1 user x /add' }, true],
    [4688, { NewProcessName: 'C:\\net user\\notepad.exe', CommandLine: 'net user x /add' }, false],
    [1, { Image: 'C:/x/renamed.exe', OriginalFileName: 'net.exe', CommandLine: 'renamed user x /add' }, true],
    [1, { Image: 'x.exe', ParentImage: 'C:\\net.exe', ParentCommandLine: 'net localgroup a b /add' }, true],
    [1, { Image: 'x.exe', User: 'WS1\\Eve' }, true],
    [1, { Image: 'x.exe', User: 'WS1\\Adam' }, false],
    [4624, { TargetUserName: 'EVE' }, true],
    [4624, { TargetUserName: 'SYSTEM' }, false],
  ])('%i %o is built: %s', (eventId, fields, isBuilt) => {
    const wanted = new Wanted(new Set(['eve']));
    wanted.has(record(eventId, {}));
    expect(wanted.has(record(eventId, fields))).toBe(isBuilt);
  });
});
