// What counts as the name of a program, script, document or URI inside a text, and what only looks like one.

/** How Windows starts a file of this extension. */
export type NameKind = 'program' | 'script' | 'document' | 'link';

export interface NamedExtension {
  /** The process is of the file itself (program), of cmd.exe (script), of the type's own opener (document), or of what it points to (link). */
  readonly kind: NameKind;
  /** The image whose process opens it, where that is not the file itself and Windows fixes it. */
  readonly openedBy?: string;
}

/** The extensions by which a string names something that can be started (Windows' own PATHEXT-like list and shell associations). */
export const PROGRAM_EXTENSIONS = {
  exe: { kind: 'program' },
  com: { kind: 'program' },
  scr: { kind: 'program' },
  bat: { kind: 'script', openedBy: 'cmd.exe' },
  cmd: { kind: 'script', openedBy: 'cmd.exe' },
  cpl: { kind: 'document', openedBy: 'control.exe' },
  msc: { kind: 'document', openedBy: 'mmc.exe' },
  pif: { kind: 'link' },
  lnk: { kind: 'link' },
} as const satisfies Record<string, NamedExtension>;

export type ProgramExtension = keyof typeof PROGRAM_EXTENSIONS;

/** Further document types that ShellExecute opens by association. They are documents where a sink takes them, never hits of the string search. */
export const DOCUMENT_EXTENSIONS: ReadonlySet<string> = new Set(
  'chm hlp htm html mht mhtml url website txt log rtf pdf xml xps doc docx xls xlsx ppt pptx reg theme themepack diagcab msi msp msu inf vbs js jse wsf hta ps1 settingcontent-ms appref-ms library-ms search-ms'.split(
    ' ',
  ),
);

/** A program or document name found inside a text. `start` and `end` are indexes into the text, in UTF-16 units. */
export interface NameInText {
  /** The file name without folder, as written: "cofire.exe". */
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly extension: ProgramExtension;
  readonly kind: NameKind;
  /** False where a part of the name is only known at run time ("setup%d.exe"). */
  readonly exact: boolean;
}

// The extension must end the name: "a.exec", "a.exe.config", "A.EXE-1F.pf" and the key "a.exe\Debugger" name other things.
const EXTENSION_END = /\.(exe|com|scr|bat|cmd|cpl|msc|pif|lnk)(?![\w\\]|\.\w|-\w)/gi;
const LONGEST_NAME = 255;
// "%windir%" before "%s": in "%s%s.exe" nothing stands between two percent signs but a conversion.
const FORMAT_MARKS =
  /%(?!(?:h|l|ll|w)?[a-zA-Z]%)[A-Za-z_][\w()]*%|%[-+ #0]*(?:\d+|\*)?(?:\.(?:\d+|\*))?(?:hh|h|ll|l|I64|I32|w|z)?[diouxXcCsSpZ]|%\d{1,2}|\{\d{0,2}(?:[,:][^{}]{0,16})?\}|\$\(\w+\)/g;

// The .com programs that Windows and DOS ship; any other bare "word.com" is a domain unless it stands behind a backslash.
const COM_PROGRAMS = new Set(
  'attrib chcp command debug diskcomp diskcopy edit format graftabl graphics help kb16 keyb loadfix mode more share sys tree win'.split(
    ' ',
  ),
);

/** The first program or document name in a text, or undefined where there is none. */
export function programNameIn(text: string): NameInText | undefined {
  return programNamesIn(text, 1)[0];
}

/** Every program or document name in a text, in order, at most `most`. Cost is linear in the text. */
export function programNamesIn(text: string, most = 64): readonly NameInText[] {
  const found: NameInText[] = [];
  let after = 0;
  let quoted = false;
  for (const match of text.matchAll(EXTENSION_END)) {
    const dot = match.index;
    for (let at = after; at < dot; at++) if (text[at] === '"') quoted = !quoted;
    const end = dot + match[0].length;
    const extension = match[1].toLowerCase() as ProgramExtension;
    const start = nameStart(text, dot, after, quoted);
    const stem = text.slice(start, dot);
    after = end;
    if (!isStem(stem)) continue;
    if (extension === 'com' && isDomain(text, start, end, stem)) continue;
    const literal = stem.replace(FORMAT_MARKS, '');
    if (!/[\p{L}\p{N}]/u.test(literal)) continue;
    found.push({
      name: text.slice(start, end),
      start,
      end,
      extension,
      kind: PROGRAM_EXTENSIONS[extension].kind,
      exact: literal === stem,
    });
    if (found.length >= most) break;
  }
  return found;
}

/** Where the file name that ends at `dot` begins: behind the last separator, or, without a path or open quotes, behind the last blank. */
function nameStart(text: string, dot: number, least: number, quoted: boolean): number {
  const floor = Math.max(least, dot - LONGEST_NAME);
  let blank = -1;
  const behind = (at: number): number => (blank >= 0 && !quoted ? blank : at) + 1;
  for (let at = dot - 1; at >= floor; at--) {
    const c = text[at];
    if (c === '\\' || (c === '/' && !isSwitchSlash(text, at))) {
      return blank >= 0 && isPathWithBlanks(text, at, blank, dot) ? at + 1 : behind(at);
    }
    if (c === '"' || STOPS.includes(c) || c < ' ') return behind(at);
    if (c === ' ' && blank < 0) blank = at;
  }
  return behind(floor - 1);
}

// Characters no file name can hold, and those that part one item of a list or command line from the next.
const STOPS = "*?<>|:;,=()[]'`!&@^";

/** "/c" and "/select" are switches: a slash at the start or behind a blank or comma parts nothing. */
function isSwitchSlash(text: string, slash: number): boolean {
  return slash === 0 || ' ,"'.includes(text[slash - 1]);
}

/**
 * In "C:\Program Files\my tool.exe" and "\my tool.exe" (to be appended to a folder) the blank belongs to the name. In
 * "copy C:\x\a.txt b.exe" and "%windir%\system32\rundll32 x.cpl" it does not.
 */
function isPathWithBlanks(text: string, separator: number, blank: number, dot: number): boolean {
  const word = text.slice(separator + 1, blank);
  if (/[./]/.test(word) || !/^\.(?:exe|com|scr)/i.test(text.slice(dot, dot + 4))) return false;
  const before = text.slice(Math.max(0, separator - LONGEST_NAME), separator);
  return before === '' || (/(?:^|["=,] ?)(?:[A-Za-z]:|\\\\|%\w+%)[^"<>|]*$/.test(before) && !/\.\w{2,4} /.test(before));
}

function isStem(stem: string): boolean {
  return stem.length > 0 && !/^[\s.]|[\s.]$/.test(stem);
}

/** "example.com" is a domain; "tree.com", "C:\x\tool.com" and "\tool.com" are programs. */
function isDomain(text: string, start: number, end: number, stem: string): boolean {
  if (text[start - 1] === '\\' && text[start - 2] !== '\\') return /[/?]/.test(text[end] ?? '');
  return (
    !COM_PROGRAMS.has(stem.toLowerCase()) ||
    /[/:?@]/.test(text[end] ?? '') ||
    text[start - 1] === '@' ||
    text[start - 1] === '/'
  );
}

/** What is known of a URI scheme: whether the scheme alone can be started, and whether it only ever names content. */
interface Scheme {
  /** The scheme with nothing behind it starts its program ("ms-settings:"). */
  readonly alone?: boolean;
  /** Names a resource or namespace that code looks up; ShellExecute is not given it. */
  readonly reference?: boolean;
}

// Schemes that Windows registers, beside the open family "ms-*" (which programs write in lower case; "MS-IME:" is a label). "c:" and other single letters are drives.
const SCHEMES: Readonly<Record<string, Scheme>> = {
  'ms-settings': { alone: true },
  http: {},
  https: {},
  ftp: {},
  file: {},
  mailto: { alone: true },
  tel: {},
  sms: {},
  callto: {},
  telnet: {},
  shell: {},
  search: {},
  'search-ms': {},
  'microsoft-edge': { alone: true },
  'microsoft.windows.camera': { alone: true },
  windowsdefender: { alone: true },
  'feedback-hub': { alone: true },
  onenote: { alone: true },
  'onenote-cmd': { alone: true },
  outlookcal: { alone: true },
  outlookmail: { alone: true },
  bingmaps: { alone: true },
  bingnews: { alone: true },
  bingweather: { alone: true },
  calculator: { alone: true },
  insiderhub: { alone: true },
  skype: { alone: true },
  xbox: { alone: true },
  'ms-resource': { reference: true },
  'ms-appx': { reference: true },
  'ms-appx-web': { reference: true },
  'ms-appdata': { reference: true },
  'ms-aad-brokerplugin': { reference: true },
  'ms-winsoundevent': { reference: true },
};

/** A namespace is compared, never opened: the hosts under which XML vocabularies are named. */
const NAMESPACE = /^https?:\/\/(?:schemas\.|www\.w3\.org\/(?:\d|TR|XML)|ns\.adobe\.com|[^/]*\/(?:xml|xaml)\/ns)/i;

/** The scheme of a URI that a program can open, in lower case, or undefined: unknown schemes, drives, content references and XML namespaces have none. */
export function uriScheme(text: string): string | undefined {
  const match = /^\s*"?([A-Za-z][A-Za-z0-9+.-]{1,40}):(?!\s)([^"]?)/.exec(text);
  if (match === null) return undefined;
  const name = match[1].toLowerCase();
  const scheme: Scheme | undefined = Object.hasOwn(SCHEMES, name)
    ? SCHEMES[name]
    : /^ms-[a-z0-9][a-z0-9-]*$/.test(match[1])
      ? { alone: true }
      : undefined;
  if (scheme === undefined || scheme.reference) return undefined;
  if (!scheme.alone && match[2] === '') return undefined;
  if (match[2] === ':' && name !== 'shell') return undefined; // a scope of C++, not a scheme
  if (/^(?:https?|ftp|file)$/.test(name) && !/:\/\/[^\s"]/.test(text)) return undefined;
  return NAMESPACE.test(text.trimStart()) ? undefined : name;
}

/** Whether a text ends with a scheme that a URI can have, before its colon; a quick test for the string search. */
export function endsWithScheme(text: string): boolean {
  scheming ??= new RegExp(`(?:ms-[a-z0-9-]+|${Object.keys(SCHEMES).join('|').replaceAll('.', '\\.')})$`, 'i');
  return scheming.test(text);
}

let scheming: RegExp | undefined;

/** Whether a text is a URI that Windows opens by its scheme ("ms-settings:display", "https://..."). */
export function isUri(text: string): boolean {
  return uriScheme(text) !== undefined;
}

/** Whether a text, as the file of a sink, names a document: a URI, or a file whose type another program opens. */
export function isDocument(text: string): boolean {
  if (isUri(text)) return true;
  const file = text.trim().replace(/^"([^"]*)".*$/, '$1');
  const extension = /\.([A-Za-z0-9-]{1,20})$/.exec(file)?.[1].toLowerCase();
  if (extension === undefined) return false;
  if (Object.hasOwn(PROGRAM_EXTENSIONS, extension)) {
    const kind: NameKind = PROGRAM_EXTENSIONS[extension as ProgramExtension].kind;
    return (kind === 'document' || kind === 'link') && programNameIn(file) !== undefined;
  }
  return DOCUMENT_EXTENSIONS.has(extension) && /[^\\/.]\.[^.]+$/.test(file);
}

/** Whether a text is a path in the registry or a class identifier: a program named there is a key, not a command. */
export function isRegistryPath(text: string): boolean {
  return /^(?:\\?registry\\|hkey_|hk(?:lm|cu|cr|u)\\|software\\|system\\(?:currentcontrolset|controlset\d|setup)|clsid\\|applications\\|.*\\currentversion\\(?:app paths|image file execution options)\\)/i.test(
    text,
  );
}

/** Whether a text is an indirect string ("@%SystemRoot%\\System32\\x.exe,-101"): it names a file to take a text or icon from. */
export function isResourceReference(text: string): boolean {
  return /^@?[^"]*,-?\d+$/.test(text) && (text.startsWith('@') || /\.(?:exe|dll|cpl|ico),-?\d+$/i.test(text));
}
