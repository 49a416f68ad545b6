// What can still be detected of an open parent, whatever it is told to start: a child that lies where ordinary users can write.
import { type Condition, like, named, not, or } from '../rule/condition.ts';
import { ANY_MANY, joinPatterns, type TextPattern } from '../rule/pattern.ts';
import type { RuleNotes } from '../rule/rule.ts';
import { type Exclusion, exclusionAbout } from './child-rule-exclusions.ts';
import type { OpenVerdict } from './document.ts';

/** Folders of the system drive that only administrators write to. A whole folder of any drive would let an ISO image with a folder of that name pass. */
const PROTECTED = ['Windows', 'Program Files', 'Program Files (x86)'];

/** Folders below those that ordinary users can write to, as Windows sets them up. */
const WRITABLE = [
  'Windows\\Temp',
  'Windows\\SystemTemp',
  'Windows\\Tasks',
  'Windows\\Tracing',
  'Windows\\Registration\\CRMLog',
  ...['System32', 'SysWOW64'].flatMap((system) =>
    [
      'com\\dmp',
      'FxsTmp',
      'Microsoft\\Crypto\\RSA\\MachineKeys',
      'spool\\drivers\\color',
      'spool\\PRINTERS',
      'spool\\SERVERS',
      'Tasks',
    ].map((folder) => `Windows\\${system}\\${folder}`),
  ),
];

const below = (folder: string): TextPattern => joinPatterns([`C:\\${folder}\\`], [ANY_MANY]);

/** Holds for a child outside the protected folders, or in a folder of theirs that users can write to. */
export function unprotectedChild(): Condition {
  return or(
    not(
      named(
        'protected_folder',
        'the child lies in a folder that only administrators write to',
        [],
        like('process.image.path', ...PROTECTED.map(below)),
      ),
    ),
    named(
      'writable_folder',
      'the child lies in a folder of Windows that ordinary users can write to',
      [],
      like('process.image.path', ...WRITABLE.map(below)),
    ),
  );
}

/** The exclusions that the protected folders do not make idle. */
export function besideProtected(exclusions: readonly Exclusion[]): readonly Exclusion[] {
  return exclusions.filter(({ paths }) => paths.length === 0 || !paths.every(isProtected));
}

function isProtected([drive, rest, ...more]: TextPattern): boolean {
  if (typeof drive !== 'object' || drive.any !== 'one' || typeof rest !== 'string') return false;
  const begins = (folder: string) => rest.toLowerCase().startsWith(`:\\${folder.toLowerCase()}\\`);
  // An unknown part of a path below Windows might lead into a folder that users can write to.
  const whole = more.length === 0 || !begins('Windows');
  return whole && PROTECTED.some(begins) && !WRITABLE.some(begins);
}

export function openNotes(process: string, verdict: OpenVerdict, excluded: readonly Exclusion[]): readonly RuleNotes[] {
  const children = excluded.filter(({ origin }) => origin === 'file').map(exclusionAbout);
  return [
    {
      heading: 'Open parent',
      lines: [
        `The rule "parent is ${process} and child is none of these" is not written: ${verdict.reason}, so any child can be legitimate.`,
        `This rule finds what is unusual whatever ${process} is told to start: a child outside the folders of Windows and of installed programs, or in one of them that ordinary users can write to.`,
        'Those folders are looked for on drive C: where Windows or programs are on another drive, write that one.',
        `A program of Windows that an attacker starts through ${process} (indirect command execution) passes: read the command line of ${process} where it matters, and look for its arguments that you never use.`,
      ],
    },
    ...(children.length > 0 ? [{ heading: 'Children that the file itself names', lines: children }] : []),
  ];
}
