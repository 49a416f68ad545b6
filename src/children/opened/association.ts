// What a registry that was given says of a type of file or a scheme: the user's choice, the ProgID, its verb, and the command of that.

import type { RegistryView, RegistryViewKey } from '../../registry/view.ts';
import { fileName } from '../command-text.ts';
import type { OpenedBy, RegistryAnswer } from '../document.ts';
import { type OpenCommand, readOpenCommand } from './open-command.ts';

export interface FileType {
  /** class: an object of the shell's namespace, by its class. */
  readonly kind: 'extension' | 'scheme' | 'class';
  /** Lower case, without dot or colon; a class in braces. */
  readonly name: string;
}

/** What the registry says: a program, or in words what else opens it. */
export interface Association {
  readonly opener?: OpenedBy;
  /** The values that were looked at, in order. */
  readonly answers: readonly RegistryAnswer[];
  readonly why: string;
}

const CLASSES = 'HKEY_CLASSES_ROOT';
const FILE_EXTS = 'HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\FileExts';
const URL_ASSOCIATIONS = 'HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\Shell\\Associations\\UrlAssociations';
const APP_PATHS = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\App Paths';
/** Longest name of a key. */
const LONGEST_NAME = 255;
const MOST_VERSIONS = 4;

/** The keys in which a host says which program opens the type, the one that counts most first. */
export function placesOf({ kind, name }: FileType): readonly { readonly key: string; readonly value: string }[] {
  if (kind === 'class') return [{ key: `${CLASSES}\\CLSID\\${name}\\shell\\open\\command`, value: '' }];
  return kind === 'extension'
    ? [
        { key: `${FILE_EXTS}\\.${name}\\UserChoice`, value: 'ProgId' },
        { key: `${CLASSES}\\.${name}`, value: '' },
      ]
    : [
        { key: `${URL_ASSOCIATIONS}\\${name}\\UserChoice`, value: 'ProgId' },
        { key: `${CLASSES}\\${name}\\shell\\open\\command`, value: '' },
      ];
}

/** What opens `target`, of that type, by the verb (undefined: the type's own); undefined where no file that was given says anything of the type. */
export function associationOf(
  type: FileType,
  target: string,
  verb: string | undefined,
  view: RegistryView,
): Association | undefined {
  const answers: RegistryAnswer[] = [];
  for (const { where, classKey } of classesOf(type, view, answers)) {
    const found = verbOf(classKey, verb);
    if (found === undefined) continue;
    const shown = `the verb ${found.name} of ${where}`;
    const delegate = textOf(found.key, 'DelegateExecute') ?? textOf(found.key.subkey('command'), 'DelegateExecute');
    if (delegate !== undefined && delegate !== '') {
      const holder = textOf(found.key, 'DelegateExecute') === undefined ? found.key.subkey('command') : found.key;
      if (holder !== undefined) answers.push(answer(holder, 'DelegateExecute', delegate));
      const application = textOf(classKey.subkey('Application'), 'AppUserModelID');
      const what =
        application === undefined
          ? `the COM class ${delegate} runs ${shown}: which program that is stands with the class`
          : `${shown} is of the packaged application ${application}, which svchost.exe -k DcomLaunch starts, so that it is no child`;
      return { answers, why: what };
    }
    const holder = found.key.subkey('command');
    const command = textOf(holder, '');
    if (holder === undefined || command === undefined) {
      const clsid = textOf(found.key.subkey('DropTarget'), 'Clsid');
      if (clsid === undefined) continue;
      return { answers, why: `the COM class ${clsid} is handed the file by ${shown}` };
    }
    const read = withFolder(readOpenCommand(command, target), view, answers);
    answers.push(answer(holder, '', command, read));
    if (read === undefined) return { answers, why: `${shown} names no program` };
    const protocol = type.kind === 'scheme' && classKey.value('URL Protocol') === undefined;
    const doubt =
      protocol && where.startsWith(`${CLASSES}\\${type.name}`)
        ? ' (without a value "URL Protocol", so that Windows may not take it)'
        : '';
    const opener: OpenedBy = {
      image: read.image,
      path: read.path,
      commandLine: read.commandLine,
      confidence: 'likely',
      why: `${shown} is registered with it${doubt}`,
      by: 'registry',
      answers: [...answers],
    };
    return { opener, answers, why: opener.why };
  }
  return answers.length === 0 ? undefined : { answers, why: 'no class that is named there has a verb with a command' };
}

interface NamedClass {
  /** Its path, for a sentence. */
  readonly where: string;
  readonly classKey: RegistryViewKey;
}

/** The classes in which the shell looks for a verb, in its order: the user's choice, the ProgID, the extension itself, its kind, every file. */
function* classesOf(type: FileType, view: RegistryView, answers: RegistryAnswer[]): Generator<NamedClass> {
  const seen = new Set<string>();
  const at = function* (path: string): Generator<NamedClass> {
    const key = current(view, path);
    if (key === undefined || seen.has(key.path.toLowerCase())) return;
    seen.add(key.path.toLowerCase());
    yield { where: key.path, classKey: key };
  };
  const progId = function* (holder: RegistryViewKey | undefined, value: string): Generator<NamedClass> {
    const named = textOf(holder, value);
    if (holder === undefined || named === undefined || named === '') return;
    answers.push(answer(holder, value, named));
    if (named.length <= LONGEST_NAME) yield* at(`${CLASSES}\\${named}`);
  };
  if (type.kind === 'class') {
    yield* at(`${CLASSES}\\CLSID\\${type.name}`);
    return;
  }
  if (type.kind === 'scheme') {
    for (const choice of choicesOf(view, `${URL_ASSOCIATIONS}\\${type.name}`)) yield* progId(choice, 'ProgId');
    yield* at(`${CLASSES}\\${type.name}`);
    return;
  }
  const extension = `.${type.name}`;
  for (const choice of choicesOf(view, `${FILE_EXTS}\\${extension}`)) yield* progId(choice, 'ProgId');
  const own = view.key(`${CLASSES}\\${extension}`);
  yield* progId(own, '');
  yield* at(`${CLASSES}\\${extension}`);
  yield* at(`${CLASSES}\\SystemFileAssociations\\${extension}`);
  const kind = textOf(own, 'PerceivedType');
  if (kind !== undefined && kind !== '' && kind.length <= LONGEST_NAME)
    yield* at(`${CLASSES}\\SystemFileAssociations\\${kind}`);
  if (seen.size > 0) yield* at(`${CLASSES}\\*`);
}

/** Where Windows keeps what the user chose; newer ones in a key of their own. */
function choicesOf(view: RegistryView, path: string): readonly (RegistryViewKey | undefined)[] {
  return [
    view.key(`${path}\\UserChoiceLatest\\ProgId`),
    view.key(`${path}\\UserChoiceLatest`),
    view.key(`${path}\\UserChoice`),
  ];
}

/** The class of that path, or the version of it that CurVer names. */
function current(view: RegistryView, path: string): RegistryViewKey | undefined {
  let key = view.key(path);
  for (let left = MOST_VERSIONS; left > 0 && key !== undefined; left--) {
    const version = textOf(key.subkey('CurVer'), '');
    if (version === undefined || version === '' || version.length > LONGEST_NAME) break;
    const newer = view.key(`${CLASSES}\\${version}`);
    if (newer === undefined) break;
    key = newer;
  }
  return key;
}

interface Verb {
  readonly name: string;
  readonly key: RegistryViewKey;
}

/** The verb that is asked for, else the default one of the key `shell`: those that its default value lists, "open", the first. */
function verbOf(classKey: RegistryViewKey, asked: string | undefined): Verb | undefined {
  const shell = classKey.subkey('shell');
  if (shell === undefined) return undefined;
  const verb = (name: string): Verb | undefined => {
    const key = name === '' || name.length > LONGEST_NAME ? undefined : shell.subkey(name);
    return key === undefined ? undefined : { name, key };
  };
  if (asked !== undefined) return verb(asked);
  for (const name of (textOf(shell, '') ?? '').split(/[ ,]+/).slice(0, 16)) {
    const found = verb(name);
    if (found !== undefined) return found;
  }
  const open = verb('open');
  if (open !== undefined) return open;
  for (const first of shell.subkeys()) return { name: fileName(first.path), key: first };
  return undefined;
}

/** A program without a folder is looked up in App Paths, as ShellExecute does. */
function withFolder(
  read: OpenCommand | undefined,
  view: RegistryView,
  answers: RegistryAnswer[],
): OpenCommand | undefined {
  if (read === undefined || read.path !== null) return read;
  const key = view.key(`${APP_PATHS}\\${read.image}`);
  const path = textOf(key, '')
    ?.trim()
    .replace(/^"(.*)"$/, '$1');
  if (key === undefined || path === undefined || !/[\\/]/.test(path)) return read;
  const found = { ...read, path: path.replace(/%SystemRoot%/gi, '%windir%') };
  answers.push(answer(key, '', path, found));
  return found;
}

function textOf(key: RegistryViewKey | undefined, value: string): string | undefined {
  const content = key?.value(value)?.content;
  return typeof content === 'string' ? content : undefined;
}

function answer(key: RegistryViewKey, value: string, data: string, read?: OpenCommand): RegistryAnswer {
  return {
    source: key.source,
    key: key.path,
    value,
    data,
    ...(key.lastWritten === undefined ? {} : { lastWritten: key.lastWritten }),
    image: read?.image ?? null,
    path: read?.path ?? null,
    commandLine: read?.commandLine ?? null,
  };
}
