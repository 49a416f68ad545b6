// Everything that was added has all its parts, and each check refuses a tree in which one is missing.
import { describe, expect, it } from 'vitest';
import { SINKS } from '../src/children/sinks/index.ts';
import { languages } from '../src/rule/emit/index.ts';
import { checkCommands, checkLanguages, checkPe, checkSinks } from './architecture/check-completeness.ts';
import { readTree, treeOf } from './architecture/tree.ts';

describe('the tree', () => {
  const tree = readTree('src', 'docs', 'fixtures/children', 'test/golden', 'test/pe', 'README.md');

  it('has a fixture and a docs line for each sink', () =>
    expect(
      checkSinks(
        tree,
        SINKS.map(({ name }) => name),
      ),
    ).toEqual([]));
  it('has an emitter, a golden and a section for each rule language', () =>
    expect(checkLanguages(tree, Object.keys(languages))).toEqual([]));
  it('loads and shows each command', () => expect(checkCommands(tree)).toEqual([]));
  it('tests each directory of an image', () => expect(checkPe(tree)).toEqual([]));
});

describe('a tree in which a part is missing is refused', () => {
  const whole = {
    'fixtures/children/win-exec.c': '/* winnow: x */ WinExec("a.exe", 0); _wsystem(L"b");',
    'docs/sinks.md': '- `WinExec`: one command line\n- `_wsystem`: the shell',
    'src/rule/emit/eql.ts': '',
    'test/golden/rule/werfault.txt': '=== eql\n\nprocess where true\n',
    'docs/languages.md': '## EQL (`eql`)\n',
    'src/cli/commands/children-of.ts': '',
    'src/cli/commands/children.ts': "import * as of from './children-of.ts';",
    'src/cli/dispatch.ts': "load: () => import('./commands/children.ts')",
    'README.md': 'run `winnow children FILE` or `winnow children of FILE`',
    'src/pe/tls.ts': '',
    'src/pe/image.ts': '',
    'src/pe/load-config.ts': '',
    'test/pe/tls.test.ts': '',
    'test/pe/small.test.ts': "describe('Load config', () => {})",
  };
  const without = (path: keyof typeof whole, text?: string) => {
    const { [path]: _, ...rest } = whole;
    return treeOf(text === undefined ? rest : { ...rest, [path]: text });
  };

  it('accepts the whole one', () => {
    const tree = treeOf(whole);
    const problems = [
      ...checkSinks(tree, ['WinExec', '_wsystem']),
      ...checkLanguages(tree, ['eql']),
      ...checkCommands(tree),
      ...checkPe(tree),
    ];
    expect(problems).toEqual([]);
  });

  it.each([
    ['a fixture', checkSinks(without('fixtures/children/win-exec.c'), ['WinExec']), /no source in fixtures/],
    ['a fixture of just that name', checkSinks(treeOf(whole), ['system']).slice(0, 1), /system: no source/],
    ['a docs line', checkSinks(without('docs/sinks.md', '- `WinExecute`'), ['WinExec']), /docs\/sinks\.md has no line/],
    ['the page of sinks', checkSinks(without('docs/sinks.md'), ['WinExec']), /docs\/sinks\.md has no line/],
    ['an emitter', checkLanguages(without('src/rule/emit/eql.ts'), ['eql']), /emit\/eql\.ts does not exist/],
    ['a golden', checkLanguages(without('test/golden/rule/werfault.txt'), ['eql']), /no file of test\/golden/],
    [
      'a part of the golden',
      checkLanguages(without('test/golden/rule/werfault.txt', '=== sigma\n\neql: x\n'), ['eql']),
      /no file of test\/golden/,
    ],
    [
      'text in that part',
      checkLanguages(without('test/golden/rule/werfault.txt', '=== eql\n'), ['eql']),
      /no file of test\/golden/,
    ],
    ['a section', checkLanguages(without('docs/languages.md', 'eql is a language'), ['eql']), /no section/],
    ['the line in the dispatcher', checkCommands(without('src/cli/dispatch.ts')), /does not load it/],
    [
      'the line in the command that another one is within',
      checkCommands(without('src/cli/commands/children.ts', '')),
      /children-of: src\/cli\/commands\/children\.ts does not load it/,
    ],
    ['a word in the docs', checkCommands(without('README.md', 'winnow children FILE')), /"winnow children of"/],
    ['a test of a directory', checkPe(without('test/pe/tls.test.ts')), /tls: no test/],
    [
      'a title that names a directory',
      checkPe(without('test/pe/small.test.ts', "it('x', load_config)")),
      /load-config: no test/,
    ],
  ])('%s', (_, problems, expected) => {
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(expected);
  });
});
