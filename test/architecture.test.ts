// The architecture as written in docs/architecture.md holds, and each check refuses a tree that breaks it.
import { describe, expect, it } from 'vitest';
import { checkFiles, type LongFiles } from './architecture/check-files.ts';
import { checkImports } from './architecture/check-imports.ts';
import { readTree, treeOf } from './architecture/tree.ts';

/** Files past 400 lines that are one idea all the same. */
const LONG: LongFiles = {
  'src/children/document.ts': 'the one shape that every face shows; its types are those of one published schema',
};

describe('the tree', () => {
  const tree = readTree('src');

  it('holds the sources', () => expect(tree.size).toBeGreaterThan(20));
  it('imports only what the table allows, without circles', () => expect(checkImports(tree)).toEqual([]));
  it('names, begins and bounds its files', () => expect(checkFiles(tree, LONG)).toEqual([]));
});

describe('a bad tree is refused', () => {
  const good = '// What this file is, in one sentence.\n';
  const imports = (files: Record<string, string>) =>
    checkImports(treeOf({ 'src/errors.ts': good, 'src/bytes/cursor.ts': good, 'src/rule/rule.ts': good, ...files }));
  const files = (tree: Record<string, string>, long: LongFiles = {}) => checkFiles(treeOf(tree), long);

  it.each([
    ['an arrow upwards', { 'src/pe/image.ts': "import { x } from '../rule/rule.ts';" }, /pe may not import rule/],
    [
      'a type-only arrow upwards',
      { 'src/rule/x.ts': "import type { X } from '../pe/image.ts';", 'src/pe/image.ts': good },
      /rule may not import pe/,
    ],
    ['a re-export upwards', { 'src/bytes/x.ts': "export * from '../rule/rule.ts';" }, /bytes may not import rule/],
    [
      'a dynamic import between missions',
      { 'src/children/x.ts': "const x = await import('../accounts/y.ts');", 'src/accounts/y.ts': good },
      /children may not import accounts/,
    ],
    [
      'node: in the core',
      { 'src/children/x.ts': "import { readFileSync } from 'node:fs';" },
      /the core runs in a browser/,
    ],
    ['a package that is not listed', { 'src/rule/x.ts': "import x from 'left-pad/lib';" }, /package left-pad/],
    [
      'a package in the wrong place',
      { 'src/rule/x.ts': "import x from 'commander';" },
      /package commander, which only src\/cli\//,
    ],
    ['a missing file', { 'src/rule/x.ts': "import './gone.ts';" }, /does not exist/],
    ['a file outside', { 'src/rule/x.ts': "import '../../test/y.ts';" }, /outside src/],
    ['the own door', { 'src/rule/x.ts': "import './index.ts';", 'src/rule/index.ts': good }, /the door/],
    [
      "another folder's door",
      { 'src/children/x.ts': "import '../rule/index.ts';", 'src/rule/index.ts': good },
      /the door/,
    ],
    ['a folder nobody knows', { 'src/flow/x.ts': good }, /no such folder/],
    [
      'a circle',
      {
        'src/pe/a.ts': "import './b.ts';",
        'src/pe/b.ts': "import type { C } from './c.ts';",
        'src/pe/c.ts': "export { a } from './a.ts';",
      },
      /a\.ts -> src\/pe\/b\.ts -> src\/pe\/c\.ts -> src\/pe\/a\.ts/,
    ],
  ])('%s', (_, tree, problem) => {
    const problems = imports(tree as unknown as Record<string, string>);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(problem);
  });

  it('accepts the same arrows downwards, tables of data, and doors for the index', () => {
    expect(
      imports({
        'src/children/x.ts':
          "import '../rule/rule.ts';\nimport d from '../../data/x.json' with { type: 'json' };\n// import '../accounts/y.ts'\nconst text = \"import 'node:fs'\";",
        'src/rule/index.ts': good,
        'src/index.ts': "export * from './rule/index.ts';",
        'src/cli/x.ts': "import 'node:fs';\nimport 'commander';\nimport '../children/x.ts';",
      }),
    ).toEqual([]);
  });

  it.each([
    ['a capital', { 'src/pe/PeImage.ts': good }, /kebab-case/],
    ['a name that says nothing', { 'src/pe/string-utils.ts': good }, /"utils"/],
    ['a folder that says nothing', { 'src/common/x.ts': good }, /"common"/],
    ['data alone', { 'src/pe/data.ts': good }, /"data"/],
    ['no first comment', { 'src/pe/x.ts': "import './y.ts';\n" }, /does not begin with a comment/],
    ['a first comment that is no sentence', { 'src/pe/x.ts': '// Image.\n' }, /no sentence/],
    ['a long file', { 'src/pe/x.ts': good + 'x;\n'.repeat(400) }, /401 lines/],
  ])('%s', (_, tree, problem) => {
    const problems = files(tree as unknown as Record<string, string>);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(problem);
  });

  it('lists long files only with a reason and only while they are long', () => {
    const tree = { 'src/pe/x.ts': good + 'x;\n'.repeat(400) };
    expect(files(tree, { 'src/pe/x.ts': 'one table, a row for each opcode' })).toEqual([]);
    expect(files(tree, { 'src/pe/x.ts': 'long' })[0]).toMatch(/without a reason/);
    expect(files({ 'src/pe/x.ts': good }, { 'src/pe/x.ts': 'one table, a row for each opcode' })[0]).toMatch(/is none/);
    expect(files({}, { 'src/pe/x.ts': 'one table, a row for each opcode' })[0]).toMatch(/is none/);
  });
});
