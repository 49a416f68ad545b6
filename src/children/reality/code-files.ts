// Files of a command line whose code runs in the process that is told of them: modules, scripts and pages.
import { fileName } from '../command-text.ts';

export interface CodeFile {
  /** As it stands in the command line, at most 120 characters. */
  readonly text: string;
  /** File name in lower case. */
  readonly name: string;
  /** Of a module: what it starts is that of a plug-in. Of a script: what who wrote it chose. */
  readonly reason: 'plug-in' | 'users-choice';
}

const MODULE = /\.(?:dll|ocx|cpl|ax|drv|acm|tsp|xll|wll|node|msc)$/i;
const SCRIPT =
  /\.(?:js|jse|vbs|vbe|wsf|wsh|hta|sct|wsc|chm|htm|html|xsl|xslt|ps1|psm1|psd1|psc1|bat|cmd|inf|py|pyw|pl|rb|jar|csproj|vbproj|proj|sln|xml|xaml|xoml|application|msi|msp|mof|sql|doc|docx|docm|dotm|rtf|xls|xlsx|xlsm|xlsb|xlam|ppt|pptx|pptm|cdxml|diagcab|theme|rdp|txt)$/i;
/** A script in the command line itself, and one that is fetched. */
const INLINE = /(?:^|[\s"'=:,])((?:javascript|vbscript|script|about):[^\s"]*)/i;
const MOST_TEXT = 120;

/** The first file with code in what stands behind the program in a command line; a module before a script. */
export function codeFileIn(line: string): CodeFile | undefined {
  // "x.dll,Entry", "-m:x.dll", "/i:http://h/x.sct", "--file=x"
  const words = line.split(/[\s"',;=()]+/).map((word) => word.replace(/^[-/][a-z_]+:/i, ''));
  for (const [pattern, reason] of [
    [MODULE, 'plug-in'],
    [SCRIPT, 'users-choice'],
  ] as const) {
    const word = words.find((one) => pattern.test(one));
    if (word !== undefined) return { text: word.slice(0, MOST_TEXT), name: fileName(word).toLowerCase(), reason };
  }
  const inline = INLINE.exec(line)?.[1];
  return inline === undefined ? undefined : { text: inline.slice(0, MOST_TEXT), name: '', reason: 'users-choice' };
}
