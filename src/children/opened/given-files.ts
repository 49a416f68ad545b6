// A shortcut, console or Control Panel file that was found in the folders given: what it leads to, or what it is.

import { FormatError, type Note } from '../../errors.ts';
import { readImage } from '../../pe/image.ts';
import { readShortcut, type Shortcut } from '../../shortcuts/shortcut.ts';
import type { ShortcutTarget } from '../../shortcuts/shortcut-target.ts';
import type { ModuleFile } from '../modules.ts';

/** What a file that was found says. */
export interface GivenFile {
  /** In words, for a person. */
  readonly told: string;
  /** Of a shortcut: the file, address or object to go on with. */
  readonly next?: { readonly target: string; readonly parameters?: string; readonly from: string };
}

/** Types that are looked for in the folders. */
export const GIVEN_TYPES: ReadonlySet<string> = new Set(['lnk', 'pif', 'url', 'website', 'msc', 'cpl']);
const MOST_TOLD = 8;

/** Reads the file; undefined where it is none of these, with a note. */
export function readGivenFile(file: ModuleFile, notes: Note[]): GivenFile | undefined {
  try {
    if (file.bytes[0] === 0x4d && file.bytes[1] === 0x5a) return readControlPanelFile(file);
    const shortcut = readShortcut(file.bytes, file.name);
    if (shortcut === undefined) {
      notes.push({
        about: file.name,
        text: 'it is no shortcut, Internet shortcut or console; what it leads to is not known',
      });
      return undefined;
    }
    notes.push(...shortcut.notes.map(({ about, text }) => ({ about: `${file.name}: ${about}`, text })));
    return givenShortcut(shortcut);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const text = error.message.startsWith(`${file.name}: `) ? error.message.slice(file.name.length + 2) : error.message;
    notes.push({ about: file.name, text });
    return undefined;
  }
}

function givenShortcut(shortcut: Shortcut): GivenFile {
  if (shortcut.kind === 'console') {
    const { snapIns, commands, addresses } = shortcut.console;
    return {
      told: [
        `a console with ${snapIns.length === 0 ? 'no snap-ins' : `the snap-ins ${some(snapIns)}`}`,
        ...(commands.length === 0
          ? []
          : [
              `tasks that run ${some(commands.map(({ command, parameters }) => `${command} ${parameters}`.trim()))} as children of mmc.exe`,
            ]),
        ...(addresses.length === 0 ? [] : [`the addresses ${some(addresses)}`]),
      ].join(', '),
    };
  }
  const { target } = shortcut;
  const told = describeTarget(target);
  const next = target === undefined ? undefined : nextOf(target);
  return next === undefined ? { told } : { told, next };
}

/** A shortcut's target in words. */
export function describeTarget(target: ShortcutTarget | undefined): string {
  if (target === undefined) return 'nothing that it names';
  const parameters = 'arguments' in target && target.arguments !== undefined ? ` ${target.arguments}` : '';
  switch (target.kind) {
    case 'file':
      return `${target.path}${parameters}`;
    case 'uri':
      return target.uri;
    case 'advertised':
      return `what Windows Installer has for the product ${target.product}${parameters}: its path is not in the shortcut`;
    case 'application':
      return `the packaged application ${target.id}${parameters}, which svchost.exe -k DcomLaunch starts`;
    case 'shell-object':
      return `${target.name}${parameters}`;
  }
}

function nextOf(target: ShortcutTarget): GivenFile['next'] {
  const parameters = 'arguments' in target && target.arguments !== undefined ? { parameters: target.arguments } : {};
  if (target.kind === 'file') return { target: target.path, from: target.from, ...parameters };
  if (target.kind === 'uri') return { target: target.uri, from: 'address' };
  return target.kind === 'shell-object' ? { target: target.name, from: 'item list', ...parameters } : undefined;
}

function readControlPanelFile(file: ModuleFile): GivenFile {
  const image = readImage(file.bytes, file.name);
  const applet = image.exports?.symbols.some(({ name }) => name === 'CPlApplet') === true;
  return {
    told: applet
      ? 'a module that exports CPlApplet, so a file of the Control Panel; its own children are those of rundll32.exe (give it as FILE with --host rundll32.exe)'
      : 'a module without the export CPlApplet: Windows loads it, and finds no item of the Control Panel in it',
  };
}

function some(list: readonly string[]): string {
  const more = list.length - MOST_TOLD;
  return `${list.slice(0, MOST_TOLD).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
