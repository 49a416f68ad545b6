// The command that is registered for a verb, as the program that it starts: path, and command line with the file put in.

import { fileName, imageInCommandLine } from '../command-text.ts';
import { imageByName } from '../program-name.ts';

export interface OpenCommand {
  readonly image: string;
  readonly path: string | null;
  /** "*" for what is not known. */
  readonly commandLine: string;
}

/** Longest command line of CreateProcessW, in characters. */
const LONGEST = 32_767;

/** The command with `target` in place of "%1"; undefined where it names no program. */
export function readOpenCommand(command: string, target: string): OpenCommand | undefined {
  const line = command.trim().replace(/%SystemRoot%/gi, '%windir%');
  if (line === '' || line.length > LONGEST) return undefined;
  const { start, end } = imageInCommandLine(line);
  const path = line.slice(start, end).trim();
  const image = imageByName(fileName(path), true);
  if (image === undefined || /^%\d$/.test(path)) return undefined;
  const full = image === fileName(path) ? path : `${path}.exe`;
  return { image, path: /[\\/]/.test(full) ? full : null, commandLine: withTarget(line, target).slice(0, LONGEST) };
}

/** "%1" and its like are the file, "%*" what stands behind it, which is nothing that is known; other numbers are further parameters. */
export function withTarget(command: string, target: string): string {
  return command.replace(/%(?:~?[1lLdDvV]|\*|[02-9siShHuUwW](?![A-Za-z]*%))/g, (mark) =>
    /[1lLdDvV]$/.test(mark) ? target : '*',
  );
}
