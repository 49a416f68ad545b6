// Functions that copy, append, duplicate, search, compare or measure text.
import { bothWidths, type Role, type RoleRow } from './role.ts';

const COMPARES: Role = { kind: 'compare', left: 0, right: 1, same: 0 };
const COMPARES_SOME: Role = { kind: 'compare', left: 0, right: 1, count: 2, same: 0 };
/** What CompareString returns for equal texts (stringapiset.h); 0 is a failure. */
const CSTR_EQUAL = 2;

export const TEXT_ROLES: readonly RoleRow[] = [
  ...bothWidths(['lstrcpy', 'StrCpy', 'StrCpyN', 'lstrcpyn'], 'to, from[, count]', (wide) => ({
    kind: 'copy',
    to: 0,
    from: 1,
    wide,
    returns: 'to',
  })),
  ...bothWidths(['lstrcat', 'StrCat'], 'to, from', (wide) => ({ kind: 'append', to: 0, from: 1, wide, returns: 'to' })),
  ...bothWidths(['StrCatBuff', 'StrNCat'], 'to, from, count', (wide) => ({
    kind: 'append',
    to: 0,
    from: 1,
    wide,
    returns: 'to',
  })),
  {
    names: ['lstrcpy', 'strcpy', 'strncpy', '_mbscpy'],
    signature: 'to, from[, count]',
    role: { kind: 'copy', to: 0, from: 1, wide: false, returns: 'to' },
  },
  {
    names: ['wcscpy', 'wcsncpy'],
    signature: 'to, from[, count]',
    role: { kind: 'copy', to: 0, from: 1, wide: true, returns: 'to' },
  },
  {
    names: ['strcpy_s', 'strncpy_s'],
    signature: 'to, size, from[, count]',
    role: { kind: 'copy', to: 0, from: 2, wide: false },
  },
  {
    names: ['wcscpy_s', 'wcsncpy_s'],
    signature: 'to, size, from[, count]',
    role: { kind: 'copy', to: 0, from: 2, wide: true },
  },
  {
    names: ['lstrcat', 'strcat', 'strncat', '_mbscat'],
    signature: 'to, from[, count]',
    role: { kind: 'append', to: 0, from: 1, wide: false, returns: 'to' },
  },
  {
    names: ['wcscat', 'wcsncat'],
    signature: 'to, from[, count]',
    role: { kind: 'append', to: 0, from: 1, wide: true, returns: 'to' },
  },
  {
    names: ['strcat_s', 'strncat_s'],
    signature: 'to, size, from[, count]',
    role: { kind: 'append', to: 0, from: 2, wide: false },
  },
  {
    names: ['wcscat_s', 'wcsncat_s'],
    signature: 'to, size, from[, count]',
    role: { kind: 'append', to: 0, from: 2, wide: true },
  },
  { names: ['strlcpy'], signature: 'to, from, size', role: { kind: 'copy', to: 0, from: 1, wide: false } },
  ...bothWidths(['StrDup'], 'from', (wide) => ({ kind: 'duplicate', from: 0, wide })),
  { names: ['_strdup', 'strdup'], signature: 'from', role: { kind: 'duplicate', from: 0, wide: false } },
  {
    names: ['_wcsdup', 'wcsdup', 'SysAllocString'],
    signature: 'from',
    role: { kind: 'duplicate', from: 0, wide: true },
  },
  { names: ['SysAllocStringLen'], signature: 'from, count', role: { kind: 'duplicate', from: 0, wide: true } },
  ...bothWidths(['LoadString'], 'hInstance, uID, lpBuffer, cchBufferMax', (wide) => ({
    kind: 'load-string',
    module: 0,
    id: 1,
    to: 2,
    size: 3,
    wide,
  })),
  ...bothWidths(['FindResource'], 'hModule, lpName, lpType', (wide) => ({
    kind: 'find-resource',
    module: 0,
    name: 1,
    type: 2,
    wide,
  })),
  ...bothWidths(['FindResourceEx'], 'hModule, lpType, lpName, wLanguage', (wide) => ({
    kind: 'find-resource',
    module: 0,
    type: 1,
    name: 2,
    wide,
  })),
  { names: ['LoadResource'], signature: 'hModule, hResInfo', role: { kind: 'returns', argument: 1 } },
  { names: ['LockResource'], signature: 'hResData', role: { kind: 'returns', argument: 0 } },
  ...bothWidths(
    ['FormatMessage'],
    'dwFlags, lpSource, dwMessageId, dwLanguageId, lpBuffer, nSize, Arguments',
    (wide) => ({ kind: 'format-message', flags: 0, source: 1, id: 2, to: 4, list: 6, wide }),
  ),
  ...bothWidths(
    ['StrChr', 'StrRChr', 'CharPrev', 'PathFindFileName', 'PathFindExtension', 'PathGetArgs', 'PathSkipRoot'],
    'text, ...',
    () => ({ kind: 'find', text: 0 }),
  ),
  ...bothWidths(['CharNext'], 'lpsz', () => ({ kind: 'walk', text: 0 })),
  {
    names: ['wcschr', 'wcsrchr', 'strchr', 'strrchr', '_mbsrchr', '_mbschr', 'wcspbrk', 'strpbrk'],
    signature: 'text, characters',
    role: { kind: 'find', text: 0 },
  },
  ...bothWidths(['StrStr', 'StrStrI'], 'text, what', () => ({ kind: 'find', text: 0, what: 1 })),
  { names: ['wcsstr', 'strstr'], signature: 'text, what', role: { kind: 'find', text: 0, what: 1 } },
  ...bothWidths(['CharUpper', 'CharLower'], 'text', () => ({ kind: 'returns', argument: 0 })),
  {
    names: ['_wcslwr', '_wcsupr', '_strlwr', '_strupr', '_wcslwr_s', '_wcsupr_s'],
    signature: 'text',
    role: { kind: 'returns', argument: 0 },
  },
  ...bothWidths(
    ['lstrcmp', 'lstrcmpi', 'StrCmp', 'StrCmpI', 'StrCmpC', 'StrCmpIC', 'StrCmpLogical'],
    'left, right',
    () => COMPARES,
  ),
  ...bothWidths(['StrCmpN', 'StrCmpNI', 'StrCmpNC', 'StrCmpNIC'], 'left, right, count', () => COMPARES_SOME),
  {
    names: ['wcscmp', '_wcsicmp', 'strcmp', '_stricmp', '_mbscmp', '_mbsicmp'],
    signature: 'left, right',
    role: COMPARES,
  },
  {
    names: ['wcsncmp', '_wcsnicmp', 'strncmp', '_strnicmp'],
    signature: 'left, right, count',
    role: COMPARES_SOME,
  },
  ...bothWidths(['CompareString'], 'Locale, dwCmpFlags, lpString1, cchCount1, lpString2, cchCount2', () => ({
    kind: 'compare',
    left: 2,
    leftCount: 3,
    right: 4,
    rightCount: 5,
    same: CSTR_EQUAL,
  })),
  {
    names: ['CompareStringEx'],
    signature: 'lpLocaleName, dwCmpFlags, lpString1, cchCount1, lpString2, cchCount2, ...',
    role: { kind: 'compare', left: 2, leftCount: 3, right: 4, rightCount: 5, same: CSTR_EQUAL },
  },
  {
    names: ['CompareStringOrdinal'],
    signature: 'lpString1, cchCount1, lpString2, cchCount2, bIgnoreCase',
    role: { kind: 'compare', left: 0, leftCount: 1, right: 2, rightCount: 3, same: CSTR_EQUAL },
  },
  {
    names: ['memcmp', 'RtlEqualUnicodeString', 'RtlCompareUnicodeString', 'PathMatchSpecW', 'PathMatchSpecA'],
    signature: 'left, right',
    role: { kind: 'reads', use: 'compare' },
  },
  ...bothWidths(['lstrlen'], 'text', () => ({ kind: 'reads', use: 'length' })),
  { names: ['wcslen', 'strlen', 'wcsnlen', 'strnlen'], signature: 'text', role: { kind: 'reads', use: 'length' } },
  {
    names: ['MultiByteToWideChar'],
    signature: 'CodePage, dwFlags, lpMultiByteStr, cbMultiByte, lpWideCharStr, cchWideChar',
    role: { kind: 'copy', to: 4, from: 2, wide: false },
  },
  {
    names: ['WideCharToMultiByte'],
    signature: 'CodePage, dwFlags, lpWideCharStr, cchWideChar, lpMultiByteStr, cbMultiByte, ...',
    role: { kind: 'copy', to: 4, from: 2, wide: true },
  },
  {
    names: ['RtlInitUnicodeString', 'RtlInitUnicodeStringEx'],
    signature: 'DestinationString, SourceString',
    role: { kind: 'unicode-string', to: 0, from: 1, wide: true },
  },
  {
    names: ['RtlCreateUnicodeString'],
    signature: 'DestinationString, SourceString',
    role: { kind: 'unicode-string', to: 0, from: 1, wide: true },
  },
];
