// The script in powershell.exe's own command line: behind -Command, decoded behind -EncodedCommand, or by itself.

import { utf16le } from '../../../../bytes/text.ts';

/** Options of powershell.exe and pwsh.exe (about_PowerShell_exe), in an order in which a beginning finds the one that is meant; whether each has a value. */
const OPTIONS: readonly (readonly [name: string, hasValue: boolean])[] = [
  ['executionpolicy', true],
  ['ex', true],
  ['ep', true],
  ['windowstyle', true],
  ['version', true],
  ['psconsolefile', true],
  ['inputformat', true],
  ['outputformat', true],
  ['configurationname', true],
  ['configurationfile', true],
  ['custompipename', true],
  ['settingsfile', true],
  ['workingdirectory', true],
  ['wd', true],
  ['encodedarguments', true],
  ['ea', true],
  ['noprofile', false],
  ['nologo', false],
  ['noexit', false],
  ['noninteractive', false],
  ['noprofileloadtime', false],
  ['sta', false],
  ['mta', false],
  ['interactive', false],
  ['login', false],
];

/** Base64 of more is no command line of Windows. */
const LONGEST_BASE64 = 1 << 20;

/** The script that these words tell the program to run; undefined where they tell none, or a file. */
export function scriptOfPowerShell(words: readonly string[]): string | undefined {
  for (let i = 0; i < words.length; i++) {
    const option = /^[-/\u2013\u2014\u2015](\w{1,32})(:?)$/.exec(words[i])?.[1].toLowerCase();
    if (option === undefined) return words.slice(i).join(' ');
    if ('command'.startsWith(option) && option.startsWith('c')) return words.slice(i + 1).join(' ');
    if (option === 'commandwithargs' || option === 'cwa') return words[i + 1];
    if (option === 'ec' || 'encodedcommand'.startsWith(option)) return decodedCommand(words[i + 1] ?? '');
    if ('file'.startsWith(option)) return undefined;
    const known = OPTIONS.find(([name]) => name.startsWith(option));
    if (known?.[1]) i++;
  }
  return undefined;
}

/** The text of base64 over UTF-16; undefined of what is none. */
export function decodedCommand(text: string): string | undefined {
  const plain = text.slice(0, LONGEST_BASE64).replaceAll(/\s/g, '');
  if (plain.length < 8 || !/^[\w+/]+={0,2}$/.test(plain)) return undefined;
  try {
    const raw = atob(plain);
    const bytes = Uint8Array.from(raw, (c) => c.charCodeAt(0));
    return utf16le(bytes, 0, bytes.length);
  } catch {
    return undefined;
  }
}
