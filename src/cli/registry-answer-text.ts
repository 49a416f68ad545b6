// What a registry file says of a blind spot, in one line.

import type { RegistryAnswer } from '../children/document.ts';
import { brief, type Style } from './print.ts';

/** "with SOFTWARE: C:\...\vsjitdebugger.exe -p * -e * (HKEY_..., value Debugger, key written 2024-05-01T10:00:00Z)". */
export function answerLine(answer: RegistryAnswer, style: Style): string {
  const { source, key, value, data, lastWritten, image, path, commandLine, detail } = answer;
  const from = `with ${brief(source)}`;
  if (data === null) return `${from}: it has no such value (${brief(key)}, ${valueName(value)})`;
  const what = image === null ? `"${brief(data)}"` : style.strong(brief(commandLine ?? path ?? image));
  const written = lastWritten === undefined ? '' : `, key written ${brief(lastWritten.replace(/\.0+Z$/, 'Z'))}`;
  const doubt = detail === undefined ? '' : `; ${brief(detail)}`;
  return `${from}: ${what} (${brief(key)}, ${valueName(value)}${written}${doubt})`;
}

function valueName(value: string): string {
  return value === '' ? 'the default value' : `value ${brief(value)}`;
}
