// Functions that format text into a buffer: the printf family of the C run-time, user32, shlwapi and strsafe.
import type { RoleRow } from './role.ts';

// swprintf and vswprintf are exported by msvcrt.dll in their first form, without a count; the later form is inlined to __stdio_common_vswprintf.
export const FORMAT_ROLES: readonly RoleRow[] = [
  {
    names: ['wsprintfA'],
    signature: 'lpOut, lpFmt, ...',
    role: { kind: 'format', to: 0, format: 1, rest: 2, wide: false },
  },
  {
    names: ['wsprintfW'],
    signature: 'lpOut, lpFmt, ...',
    role: { kind: 'format', to: 0, format: 1, rest: 2, wide: true },
  },
  {
    names: ['wvsprintfA'],
    signature: 'lpOut, lpFmt, arglist',
    role: { kind: 'format', to: 0, format: 1, list: 2, wide: false },
  },
  {
    names: ['wvsprintfW'],
    signature: 'lpOut, lpFmt, arglist',
    role: { kind: 'format', to: 0, format: 1, list: 2, wide: true },
  },
  {
    names: ['wnsprintfA'],
    signature: 'pszDest, cchDest, pszFmt, ...',
    role: { kind: 'format', to: 0, format: 2, rest: 3, wide: false },
  },
  {
    names: ['wnsprintfW'],
    signature: 'pszDest, cchDest, pszFmt, ...',
    role: { kind: 'format', to: 0, format: 2, rest: 3, wide: true },
  },
  {
    names: ['wvnsprintfA'],
    signature: 'pszDest, cchDest, pszFmt, arglist',
    role: { kind: 'format', to: 0, format: 2, list: 3, wide: false },
  },
  {
    names: ['wvnsprintfW'],
    signature: 'pszDest, cchDest, pszFmt, arglist',
    role: { kind: 'format', to: 0, format: 2, list: 3, wide: true },
  },
  {
    names: ['sprintf'],
    signature: 'buffer, format, ...',
    role: { kind: 'format', to: 0, format: 1, rest: 2, wide: false },
  },
  {
    names: ['vsprintf'],
    signature: 'buffer, format, argptr',
    role: { kind: 'format', to: 0, format: 1, list: 2, wide: false },
  },
  {
    names: ['_swprintf', 'swprintf'],
    signature: 'buffer, format, ...',
    role: { kind: 'format', to: 0, format: 1, rest: 2, wide: true },
  },
  {
    names: ['_vswprintf', 'vswprintf'],
    signature: 'buffer, format, argptr',
    role: { kind: 'format', to: 0, format: 1, list: 2, wide: true },
  },
  {
    names: ['_snprintf', 'snprintf', 'sprintf_s'],
    signature: 'buffer, count, format, ...',
    role: { kind: 'format', to: 0, format: 2, rest: 3, wide: false },
  },
  {
    names: ['_snwprintf', 'swprintf_s'],
    signature: 'buffer, count, format, ...',
    role: { kind: 'format', to: 0, format: 2, rest: 3, wide: true },
  },
  {
    names: ['_vsnprintf', 'vsnprintf', 'vsprintf_s'],
    signature: 'buffer, count, format, argptr',
    role: { kind: 'format', to: 0, format: 2, list: 3, wide: false },
  },
  {
    names: ['_vsnwprintf', 'vswprintf_s', '_vswprintf_c'],
    signature: 'buffer, count, format, argptr',
    role: { kind: 'format', to: 0, format: 2, list: 3, wide: true },
  },
  {
    names: ['_snprintf_s'],
    signature: 'buffer, sizeOfBuffer, count, format, ...',
    role: { kind: 'format', to: 0, format: 3, rest: 4, wide: false },
  },
  {
    names: ['_snwprintf_s'],
    signature: 'buffer, sizeOfBuffer, count, format, ...',
    role: { kind: 'format', to: 0, format: 3, rest: 4, wide: true },
  },
  {
    names: ['_vsnprintf_s'],
    signature: 'buffer, sizeOfBuffer, count, format, argptr',
    role: { kind: 'format', to: 0, format: 3, list: 4, wide: false },
  },
  {
    names: ['_vsnwprintf_s'],
    signature: 'buffer, sizeOfBuffer, count, format, argptr',
    role: { kind: 'format', to: 0, format: 3, list: 4, wide: true },
  },
  {
    names: ['__stdio_common_vswprintf', '__stdio_common_vswprintf_s', '__stdio_common_vswprintf_p'],
    signature: 'options, buffer, count, format, locale, arglist',
    role: { kind: 'format', to: 1, format: 3, list: 5, wide: true },
    role32: { kind: 'format', to: 2, format: 4, list: 6, wide: true },
  },
  {
    names: ['__stdio_common_vsprintf', '__stdio_common_vsprintf_s', '__stdio_common_vsprintf_p'],
    signature: 'options, buffer, count, format, locale, arglist',
    role: { kind: 'format', to: 1, format: 3, list: 5, wide: false },
    role32: { kind: 'format', to: 2, format: 4, list: 6, wide: false },
  },
  {
    names: ['__stdio_common_vsnwprintf_s'],
    signature: 'options, buffer, bufferCount, maxCount, format, locale, arglist',
    role: { kind: 'format', to: 1, format: 4, list: 6, wide: true },
    role32: { kind: 'format', to: 2, format: 5, list: 7, wide: true },
  },
  {
    names: ['__stdio_common_vsnprintf_s'],
    signature: 'options, buffer, bufferCount, maxCount, format, locale, arglist',
    role: { kind: 'format', to: 1, format: 4, list: 6, wide: false },
    role32: { kind: 'format', to: 2, format: 5, list: 7, wide: false },
  },
];
