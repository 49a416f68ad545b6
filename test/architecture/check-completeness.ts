// Adding one thing means adding all its parts: a sink its fixture and docs line, a language its emitter, golden and section, and so on.
import type { Problems, Tree } from './tree.ts';

/** Each sink is used by a fixture and has a line in docs/sinks.md. */
export function checkSinks(tree: Tree, sinks: readonly string[]): Problems {
  const fixtures = [...tree]
    .filter(([path]) => /^fixtures\/children\/[^/]+\.(?:c|cpp)$/.test(path))
    .map(([, text]) => text);
  const page = tree.get('docs/sinks.md') ?? '';
  return sinks.flatMap((sink) => {
    const word = wordOf(sink);
    return [
      ...(fixtures.some((text) => word.test(text)) ? [] : [`${sink}: no source in fixtures/children uses it`]),
      ...(page.split('\n').some((line) => word.test(line)) ? [] : [`${sink}: docs/sinks.md has no line on it`]),
    ];
  });
}

/** Each rule language has an emitter of its name, its part in a golden file (all languages stand side by side in one) and a section in docs/languages.md. */
export function checkLanguages(tree: Tree, languages: readonly string[]): Problems {
  const headings = (tree.get('docs/languages.md') ?? '').split('\n').filter((line) => /^#+ /.test(line));
  const shown = new Set(
    [...tree]
      .filter(([path]) => path.startsWith('test/golden/rule/'))
      .flatMap(([, text]) => [...text.matchAll(/^=== (\S+)\r?\n\s*\S/gm)].map(([, id]) => id)),
  );
  return languages.flatMap((id) => {
    const word = wordOf(id);
    return [
      ...(tree.has(`src/rule/emit/${id}.ts`) ? [] : [`${id}: src/rule/emit/${id}.ts does not exist`]),
      ...(shown.has(id) ? [] : [`${id}: no file of test/golden/rule/ has a part "=== ${id}"`]),
      ...(headings.some((line) => word.test(line)) ? [] : [`${id}: docs/languages.md has no section on it`]),
    ];
  });
}

/**
 * Each file in src/cli/commands/ is a command that dispatch.ts loads, or, as accounts-sam.ts, one within the command of the first word, whose
 * file imports it; and the README or a page of docs/ shows it.
 */
export function checkCommands(tree: Tree): Problems {
  const pages = [...tree]
    .filter(([path]) => path === 'README.md' || /^docs\/[^/]+\.md$/.test(path))
    .map(([, text]) => text);
  return filesIn(tree, 'src/cli/commands/').flatMap((name) => {
    const outer = tree.has(`src/cli/commands/${name.split('-')[0]}.ts`) ? name.split('-')[0] : name;
    const [loader, path] =
      outer === name
        ? ['src/cli/dispatch.ts', `'./commands/${name}.ts'`]
        : [`src/cli/commands/${outer}.ts`, `'./${name}.ts'`];
    const words = outer === name ? name : name.replace('-', ' ');
    return [
      ...(tree.get(loader)?.includes(path) ? [] : [`${name}: ${loader} does not load it`]),
      ...(pages.some((text) => new RegExp(`\\bwinnow ${words}\\b`).test(text))
        ? []
        : [`${name}: neither README.md nor docs/ shows "winnow ${words}"`]),
    ];
  });
}

/** Files of src/pe/ that are no directory of an image: the door, the headers and the address space. */
const NO_DIRECTORY = new Set(['index', 'image', 'headers', 'layout']);

/** Each directory reader of src/pe/ has a test of its name in test/pe/, or one whose title names it ("load config"). */
export function checkPe(tree: Tree): Problems {
  const tests = [...tree].filter(([path]) => path.startsWith('test/pe/') && path.endsWith('.test.ts'));
  const titles = tests.flatMap(([, text]) =>
    [...text.matchAll(/\b(?:describe|it)\(\s*['"`](.*)/g)].map(([, title]) => title),
  );
  return filesIn(tree, 'src/pe/')
    .filter((name) => !NO_DIRECTORY.has(name) && !tree.has(`test/pe/${name}.test.ts`))
    .filter((name) => !titles.some((title) => new RegExp(`\\b${name.replaceAll('-', ' ')}\\b`, 'i').test(title)))
    .map((name) => `${name}: no test in test/pe/ is named for it or names it in its title`);
}

/** Names without extension of the TypeScript files directly in a folder. */
function filesIn(tree: Tree, folder: string): string[] {
  return [...tree.keys()]
    .filter((path) => path.startsWith(folder) && /^[^/]+\.ts$/.test(path.slice(folder.length)))
    .map((path) => path.slice(folder.length, -3));
}

/** The name as a whole word: "system" is not in "_wsystem", "CreateProcessA" not in "CreateProcessAsUserA". */
function wordOf(name: string): RegExp {
  return new RegExp(`(?<![A-Za-z0-9_])${name}(?![A-Za-z0-9_])`);
}
