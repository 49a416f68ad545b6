// Each trap of real programs that can be left unhandled: the fixture that fails without its handler, and passes with it.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findChildren, type ModuleFile } from '../../src/children/find-children.ts';
import { flowWithout, TRAPS, type Trap } from '../../truth/without.ts';
import { differences } from './fixtures-compare.ts';
import { binaryName, readExpected } from './fixtures-expected.ts';

const FOLDER = fileURLToPath(new URL('../../fixtures/children/', import.meta.url));
const BUILD = 'clang-x64';

/** The fixture for each trap. */
const FIXTURES: Readonly<Record<Trap, string>> = {
  'api-set': 'api-set',
  'kernelbase-ntdll': 'create-process-internal-w',
  'delay-import': 'delay-import',
  'get-proc-address': 'getprocaddress',
  'guarded-call': 'guard-dispatch',
  'jump-thunk': 'jump-thunk',
  'chained-code': 'chained-cold-part',
  wrapper: 'literal-from-caller',
  'shell-execute-info': 'shell-execute-ex-w',
  'callee-output': 'callee-out-parameter',
  variable: 'global-pointer',
  format: 'printf-system-directory',
  append: 'copy-wcscat',
  path: 'path-append',
  expand: 'expand-environment',
  ordinal: 'expand-environment-ordinal',
  'unicode-string': 'nt-create-user-process',
  system: 'system',
  ansi: 'create-process-a',
  'own-image': 'own-image',
  registry: 'registry-value',
  'kept-value': 'kept-list-box',
  routine: 'routine-thread',
  'no-return': 'noreturn-callee',
};

function failures(idea: string, without: readonly Trap[], build = BUILD): readonly string[] {
  const source = readFileSync(`${FOLDER}${idea}.${existsSync(`${FOLDER}${idea}.cpp`) ? 'cpp' : 'c'}`, 'utf8');
  const expected = readExpected(source, idea);
  const load = (name: string): ModuleFile | undefined => {
    const path = `${FOLDER}bin/${build}/${name}`;
    return existsSync(path) ? { name, path: name, bytes: readFileSync(path) } : undefined;
  };
  const file = load(binaryName(idea, expected))!;
  const options = { loadModule: (name: string) => load(name.toLowerCase()), makeFlow: flowWithout(without) };
  return differences(findChildren(file, options), expected, build);
}

describe('traps', () => {
  it.each(TRAPS.map(({ trap }) => ({ trap, idea: FIXTURES[trap] })))(
    '$trap: $idea fails without its handler',
    ({ trap, idea }) => {
      expect(failures(idea, [])).toEqual([]);
      expect(failures(idea, [trap])).not.toEqual([]);
    },
  );
});
