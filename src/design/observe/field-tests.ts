// From a value of an event to the tests that it fulfils: the value itself, and what is general about it (folder, name, extension, bits, words).

/** From the most general on: of equal ones the first is proposed. */
export const TEST_FORMS = ['bit', 'folder', 'extension', 'name', 'word', 'value'] as const;
export type TestForm = (typeof TEST_FORMS)[number];

export interface FieldTest {
  readonly field: string;
  readonly form: TestForm;
  /** Sigma's, or `bits`; "" for the whole value. */
  readonly modifier: '' | 'startswith' | 'endswith' | 'contains' | 'bits';
  /** Without Sigma's wildcards: what it means is what it says. */
  readonly value: string;
}

/** Longer values are individual, and a test of one would be as long. */
const LONGEST = 1000;
const MOST_WORDS = 24;

/** Who, where, when and which one: different with every run, so no test of an action. */
const INDIVIDUAL: readonly RegExp[] = [
  /guid$|^(?:activityid|relatedactivityid|correlation)/i,
  /(?:process|thread|logon|handle|transaction|record|session|operation)_?id$|^[pt]id$|^id$/i,
  /time|date|duration|sequence|recordnumber|startkey/i,
  /^hash|hashes$|^(?:md5|sha\d+|imphash)$/i,
  /^(?:computer|hostname|host|machine|workstation)(?:name)?$|^fqdn$/i,
  /user(?:name|sid|id)?$|domainname$|^domain$|accountname$|^accounttype$|upn$/i,
  /(?:source|client)port|^port$|^version$|^keywords$|^message$|^severity/i,
  /^(?:calltrace|rulename|completionstatus|sourcemodule\w*|provider\w*|tags|type_?original)$/i,
  /^(?:event|agent|log|ecs|winlog|host)\./i,
  /address$|^startaddress|^imagebase|^imagesize/i,
];
const MASKS = /access|mask|flags$|grantedaccess/i;
const TEXTS = /command|argument|script|query|payload/i;
const TEXTS_OR_PATHS = /details?$/i;

/** Whether values of this field can tell an action from another day. */
export function isTelling(field: string): boolean {
  const name = field.replaceAll(' ', '');
  return !INDIVIDUAL.some((one) => one.test(name));
}

/** What stands before the part of a path that is the same on every host and for every user. */
const ROOT =
  /^(?:[a-z]:\\users\\[^\\]+|\\device\\harddiskvolume\d+(?:\\users\\[^\\]+)?|(?:hku|hkey_users)\\[^\\]+|hkcu|hkey_current_user|\\registry\\user\\[^\\]+|%%?\w+%%?)(?=\\)/i;
const EXTENSION = /\.[a-z0-9]{1,8}$/i;

/** Tests that `value` fulfils, each once. */
export function testsOf(field: string, value: string): readonly FieldTest[] {
  if (value === '' || value === '-' || value.length > LONGEST) return [];
  const test = (form: TestForm, modifier: FieldTest['modifier'], of: string): FieldTest => ({
    field,
    form,
    modifier,
    value: of,
  });
  if (isMask(field, value)) return [...bitsOf(value).map((bit) => test('bit', 'bits', bit)), test('value', '', value)];
  if (TEXTS.test(field) || (TEXTS_OR_PATHS.test(field) && /\s/.test(value)))
    return [...wordsOf(value).map((word) => test('word', 'contains', word)), test('value', '', value)];
  const slash = value.lastIndexOf('\\');
  if (slash < 0 || slash === value.length - 1) return [test('value', '', value)];
  const root = ROOT.exec(value)?.[0] ?? '';
  const behind = value.slice(root.length);
  const folder = behind.slice(0, behind.lastIndexOf('\\') + 1);
  const name = value.slice(slash);
  const extension = EXTENSION.exec(name)?.[0];
  return [
    ...(extension === undefined ? [] : [test('extension', 'endswith', extension)]),
    ...(folder.length > 1 ? [test('folder', root === '' ? 'startswith' : 'contains', folder)] : []),
    test('name', 'endswith', name),
    // What begins with a backslash is a name whose folder is not known.
    ...(slash === 0 || behind === name
      ? []
      : [root === '' ? test('value', '', value) : test('value', 'endswith', behind)]),
  ];
}

const isMask = (field: string, value: string): boolean => MASKS.test(field) && /^0x[0-9a-f]{1,8}$/i.test(value);

function bitsOf(mask: string): readonly string[] {
  const value = Number.parseInt(mask, 16);
  return Array.from({ length: 32 }, (_, i) => 2 ** i)
    .filter((bit) => Math.floor(value / bit) % 2 === 1)
    .map((bit) => `0x${bit.toString(16)}`);
}

function wordsOf(text: string): readonly string[] {
  const words = new Map<string, string>();
  for (const [word] of text.matchAll(/[^\s"'|,;=]{4,80}/g)) {
    // Of a path its last part, which is the same wherever it lies.
    const own = word.slice(word.lastIndexOf('\\') + 1);
    if (own.length >= 4 && !words.has(own.toLowerCase())) words.set(own.toLowerCase(), own);
    if (words.size === MOST_WORDS) break;
  }
  return [...words.values()];
}

/** Longer values are cut: no command line of Windows is longer. */
const LONGEST_HELD = 32_768;
const MOST_FOLDERS = 200;

/** Keys of all tests but those for a part in the middle (`contains`) that `value` fulfils: more than {@link testsOf} proposes of it, such as each folder above it. */
export function keysHeld(field: string, value: string): readonly string[] {
  if (value === '' || value === '-') return [];
  const text = textHeld(value);
  const keys = new Set([`${field}||${text}`]);
  if (isMask(field, value)) for (const bit of bitsOf(value)) keys.add(`${field}|bits|${bit}`);
  const extension = EXTENSION.exec(text)?.[0];
  if (extension !== undefined) keys.add(`${field}|endswith|${extension}`);
  let slash = text.indexOf('\\');
  for (let folders = 0; slash >= 0 && folders < MOST_FOLDERS; folders++) {
    keys.add(`${field}|startswith|${text.slice(0, slash + 1)}`);
    slash = text.indexOf('\\', slash + 1);
  }
  slash = text.lastIndexOf('\\');
  for (let folders = 0; slash >= 0 && folders < MOST_FOLDERS; folders++) {
    keys.add(`${field}|endswith|${text.slice(slash)}`);
    slash = slash === 0 ? -1 : text.lastIndexOf('\\', slash - 1);
  }
  return [...keys];
}

/** A value as tests compare it. */
export const textHeld = (value: string): string => value.slice(0, LONGEST_HELD).toLowerCase();

/** What two tests share that mean the same: letter case does not count. */
export function testKey({ field, modifier, value }: FieldTest): string {
  return `${field}|${modifier}|${value.toLowerCase()}`;
}
