// `winnow children HOST --with MODULE` on the command line: a host that is a name only, modules by path and by name, exports, and what is refused.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dispatch } from '../../src/cli/dispatch.ts';
import { keptFace } from './example-document.ts';

const BIN = join(import.meta.dirname, '../../fixtures/children/bin/mingw-x64');
const SERVICE = join(BIN, 'module-service.dll');

async function act(...words: string[]) {
  const kept = keptFace();
  const code = await dispatch(['children', ...words], kept, '1.2.3');
  return { code, out: kept.stdout(), err: kept.stderr() };
}

async function images(...words: string[]): Promise<string[]> {
  const { out } = await act(...words, '--json');
  const { children } = JSON.parse(out) as { children: { image: string; reach: string }[] };
  return children.filter(({ reach }) => reach !== 'other-process' && reach !== 'module-only').map(({ image }) => image);
}

const IN_SERVICE = ['mussel.exe', 'limpet.exe', 'lantern.exe'];

describe('winnow children HOST --with MODULE', () => {
  it('takes a host that is no file, and a module by its path', async () => {
    expect((await images('/nowhere/svchost.exe', '--with', SERVICE)).sort()).toEqual([...IN_SERVICE].sort());
    expect((await act('/nowhere/svchost.exe', '--with', SERVICE)).code).toBe(0);
  });

  it('looks a module up by its name in --modules, and beside a host that is there', async () => {
    const found = await images('svchost', '--with', 'Module-Service', '--modules', BIN);
    expect(found.sort()).toEqual([...IN_SERVICE].sort());
    expect(await images(join(BIN, 'win-exec.exe'), '--with', 'module-service.dll')).toContain('lantern.exe');
  });

  it('takes the export behind a comma', async () => {
    expect(await images('rundll32.exe', '--with', `${SERVICE},HarbourTask`)).toEqual(['starfish.exe']);
  });

  it('takes several, and answers for those that are there', async () => {
    const { code, out, err } = await act('svchost.exe', '--with', SERVICE, '--with', 'nowhere.dll', '--modules', BIN);
    expect([code, err]).toEqual([3, expect.stringContaining('no nowhere.dll in')]);
    expect(out).toContain('lantern.exe');
  });

  it('says which name was told in text and rule', async () => {
    const { out } = await act('svchost.exe', '--with', SERVICE);
    expect(out).toMatch(/hosted +module-service.dll +5 call sites; runs in svchost.exe/);
    expect(out).toContain('Unusual Child Process of svchost.exe Hosting module-service.dll');
  });

  it.each([
    [['svchost.exe', 'other.exe', '--with', SERVICE], 2, /different programs/],
    [['svchost.exe', '--with', SERVICE, '--host', 'x.exe'], 2, /--host and --with/],
    [['svchost.exe', '--with', `${SERVICE},`], 2, /name of its export/],
    [['svchost.exe', '--with', 'nowhere.dll', '--modules', BIN], 3, /no nowhere\.dll in/],
    [['svchost.exe', '--with', join(BIN, 'win-exec.exe')], 2, /is a program/],
    [[SERVICE, '--with', SERVICE], 2, /is a module/],
  ] as const)('refuses %j', async (words, code, message) => {
    const told = await act(...words);
    expect([told.code, told.out]).toEqual([code, '']);
    expect(told.err).toMatch(message);
  });

  it('of a host that is no program says so, and answers for the modules', async () => {
    const { code, out, err } = await act(import.meta.filename, '--with', SERVICE);
    expect([code, err]).toEqual([3, expect.stringContaining('children-with.test.ts')]);
    expect(out).toContain('lantern.exe');
  });
});
