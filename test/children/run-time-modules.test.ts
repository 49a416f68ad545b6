// More modules than are looked for: the rest is told, and what is asked for by name or serves any program takes no room.
import { expect, it } from 'vitest';
import { considerServers } from '../../src/children/classes/server-modules.ts';
import type { ClassEntry, LoadEntry } from '../../src/children/document.ts';
import { considerLoaded } from '../../src/children/loads/run-time-modules.ts';
import type { ConsideredModule, ConsideredModules } from '../../src/children/modules.ts';
import type { Note } from '../../src/errors.ts';
import type { PeImage } from '../../src/pe/image.ts';

const image = { name: 'host.exe' } as PeImage;
const considered = {
  modules: [] as readonly ConsideredModule[],
  consider: (module: ConsideredModule) => ({ ...module, found: false }),
} as unknown as ConsideredModules;
const names = Array.from({ length: 250 }, (_, i) => `plug-in${i}.dll`);

it('is a note of a program that loads too many modules', () => {
  const loads = [...names, 'kernel32.dll', 'asked.dll'].map(
    (name): LoadEntry => ({
      module: 'host.exe',
      site: '0x1',
      function: '0x1',
      api: 'LoadLibraryW',
      name,
      detail: name,
    }),
  );
  const notes: Note[] = [];
  const found = considerLoaded(image, loads, considered, { include: ['asked.dll'] }, notes);
  expect(found.filter(({ role }) => role === 'run-time')).toHaveLength(201);
  expect(found.slice(200).map(({ name, role }) => [name, role])).toEqual([
    ['kernel32.dll', 'generic'],
    ['asked.dll', 'run-time'],
  ]);
  expect(notes).toEqual([{ about: 'host.exe', text: expect.stringContaining('50 of them are not read') }]);
});

it('is a note of a program into which COM loads too many', () => {
  const servers = names.map((path) => ({ source: 'x', kind: 'in-process' as const, path, parent: 'host.exe' }));
  const entry = { module: 'host.exe', classId: '1', servers } as unknown as ClassEntry;
  const notes: Note[] = [];
  expect(considerServers([entry], considered, image, {}, notes)).toHaveLength(200);
  expect(notes).toEqual([{ about: 'host.exe', text: expect.stringContaining('50 of them are not read') }]);
});
