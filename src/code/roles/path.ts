// Functions that build and change paths: shlwapi, pathcch and kernel32.
import { bothWidths, type RoleRow } from './role.ts';

export const PATH_ROLES: readonly RoleRow[] = [
  ...bothWidths(['PathAppend'], 'pszPath, pszMore', (wide) => ({ kind: 'path-append', to: 0, more: 1, wide })),
  ...bothWidths(['PathCombine'], 'pszDest, pszDir, pszFile', (wide) => ({
    kind: 'path-combine',
    to: 0,
    folder: 1,
    file: 2,
    wide,
  })),
  {
    names: ['PathCchAppend', 'PathCchAppendEx'],
    signature: 'pszPath, cchPath, pszMore',
    role: { kind: 'path-append', to: 0, more: 2, wide: true },
  },
  {
    names: ['PathCchCombine', 'PathCchCombineEx'],
    signature: 'pszPathOut, cchPathOut, pszPathIn, pszMore',
    role: { kind: 'path-combine', to: 0, folder: 2, file: 3, wide: true },
  },
  ...bothWidths(['PathRemoveFileSpec'], 'pszPath', (wide) => ({ kind: 'path-folder', path: 0, wide })),
  {
    names: ['PathCchRemoveFileSpec'],
    signature: 'pszPath, cchPath',
    role: { kind: 'path-folder', path: 0, wide: true },
  },
  ...bothWidths(['PathAddBackslash'], 'pszPath', (wide) => ({ kind: 'path-same', path: 0, wide, adds: '\\' })),
  {
    names: ['PathCchAddBackslash', 'PathCchAddBackslashEx'],
    signature: 'pszPath, cchPath',
    role: { kind: 'path-same', path: 0, wide: true, adds: '\\' },
  },
  ...bothWidths(
    ['PathRemoveBackslash', 'PathQuoteSpaces', 'PathUnquoteSpaces', 'PathRemoveArgs', 'PathRemoveBlanks'],
    'pszPath',
    (wide) => ({ kind: 'path-same', path: 0, wide }),
  ),
  {
    names: ['PathCchRemoveBackslash', 'PathCchRemoveBackslashEx'],
    signature: 'pszPath, cchPath',
    role: { kind: 'path-same', path: 0, wide: true },
  },
  ...bothWidths(['PathCanonicalize'], 'pszBuf, pszPath', (wide) => ({ kind: 'path-same', path: 1, to: 0, wide })),
  {
    names: ['PathCchCanonicalize', 'PathCchCanonicalizeEx'],
    signature: 'pszPathOut, cchPathOut, pszPathIn',
    role: { kind: 'path-same', path: 2, to: 0, wide: true },
  },
  ...bothWidths(['GetShortPathName', 'GetLongPathName'], 'lpszPath, lpszResult, cch', (wide) => ({
    kind: 'path-same',
    path: 0,
    to: 1,
    wide,
  })),
  ...bothWidths(['GetFullPathName'], 'lpFileName, nBufferLength, lpBuffer, lpFilePart', (wide) => ({
    kind: 'path-same',
    path: 0,
    to: 2,
    wide,
  })),
  ...bothWidths(['PathAddExtension', 'PathRenameExtension'], 'pszPath, pszExt', (wide) => ({
    kind: 'path-extension',
    path: 0,
    extension: 1,
    wide,
  })),
  {
    names: ['PathCchAddExtension', 'PathCchRenameExtension'],
    signature: 'pszPath, cchPath, pszExt',
    role: { kind: 'path-extension', path: 0, extension: 2, wide: true },
  },
  ...bothWidths(['SearchPath'], 'lpPath, lpFileName, lpExtension, nBufferLength, lpBuffer, lpFilePart', (wide) => ({
    kind: 'search-path',
    file: 1,
    extension: 2,
    to: 4,
    wide,
  })),
  ...bothWidths(['ExpandEnvironmentStrings'], 'lpSrc, lpDst, nSize', (wide) => ({
    kind: 'expand',
    from: 0,
    to: 1,
    wide,
  })),
  ...bothWidths(['SHExpandEnvironmentStrings'], 'pszSrc, pszDst, cchDest', (wide) => ({
    kind: 'expand',
    from: 0,
    to: 1,
    wide,
  })),
  ...bothWidths(['ExpandEnvironmentStringsForUser'], 'hToken, lpSrc, lpDest, dwSize', (wide) => ({
    kind: 'expand',
    from: 1,
    to: 2,
    wide,
  })),
  ...bothWidths(['DoEnvironmentSubst'], 'pszSrc, cchSrc', (wide) => ({ kind: 'expand', from: 0, to: 0, wide })),
];
