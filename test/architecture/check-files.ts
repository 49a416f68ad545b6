// How files are named, how they begin and how long they are.
import type { Problems, Tree } from './tree.ts';

/** Words that name nothing; a file or folder with one hides what it holds. */
export const BANNED = [
  'util',
  'utils',
  'helper',
  'helpers',
  'manager',
  'common',
  'misc',
  'handler',
  'handlers',
  'engine',
  'data',
];

const MOST_LINES = 400;

/** Files past 400 lines, each with the reason why it is still one idea. */
export type LongFiles = Readonly<Record<string, string>>;

/** Problems of the files under src/: names, first comments, lengths; and of the list of long files itself. */
export function checkFiles(tree: Tree, long: LongFiles): Problems {
  const problems: string[] = [];
  for (const [path, text] of tree) {
    if (!path.startsWith('src/') || !path.endsWith('.ts')) continue;
    for (const problem of [...nameProblems(path), ...commentProblems(text), ...lengthProblems(path, text, long)]) {
      problems.push(`${path}: ${problem}`);
    }
  }
  for (const [path, reason] of Object.entries(long)) {
    const text = tree.get(path);
    if (text === undefined || linesOf(text) <= MOST_LINES)
      problems.push(`${path}: is listed as a long file and is none`);
    if (reason.trim().split(' ').length < 5) problems.push(`${path}: is listed as a long file without a reason`);
  }
  return problems;
}

function nameProblems(path: string): string[] {
  const problems: string[] = [];
  for (const part of path.split('/').slice(1)) {
    const name = part.replace(/\.ts$/, '');
    if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name)) problems.push(`"${part}" is not in kebab-case`);
    const banned = name === 'data' ? 'data' : name.split('-').find((word) => word !== 'data' && BANNED.includes(word));
    if (banned !== undefined) problems.push(`the name holds "${banned}", which does not say what it is`);
  }
  return problems;
}

/** The first comment says in one sentence what the file is. */
function commentProblems(text: string): string[] {
  const start = text.replace(/^#!.*\n/, '');
  const comment = /^\/\/ ?(.*)|^\/\*\*?([\s\S]*?)\*\//.exec(start);
  if (comment === null) return ['does not begin with a comment that says what it is'];
  const words = (comment[1] ?? comment[2]).trim().split(/\s+/);
  return words.length >= 4 ? [] : ['its first comment is no sentence'];
}

function lengthProblems(path: string, text: string, long: LongFiles): string[] {
  const lines = linesOf(text);
  if (lines <= MOST_LINES || Object.hasOwn(long, path)) return [];
  return [`${lines} lines; past ${MOST_LINES}, ask what second idea moved in (or list it with its reason)`];
}

function linesOf(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}
