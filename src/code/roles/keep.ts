// Functions that have Windows keep a value for the program, and those that take it back: the words and properties of windows, the slots of threads and fibers, and messages.
import { bothWidths, type RoleRow } from './role.ts';

export const KEEP_ROLES: readonly RoleRow[] = [
  ...bothWidths(['SetWindowLongPtr', 'SetWindowLong'], 'hWnd, nIndex, dwNewLong', () => ({
    kind: 'put',
    place: 'window-word',
    key: 1,
    value: 2,
  })),
  ...bothWidths(['GetWindowLongPtr', 'GetWindowLong'], 'hWnd, nIndex', () => ({
    kind: 'take',
    place: 'window-word',
    key: 1,
  })),
  ...bothWidths(['SetProp'], 'hWnd, lpString, hData', () => ({
    kind: 'put',
    place: 'window-property',
    key: 1,
    value: 2,
    named: true,
  })),
  ...bothWidths(['GetProp', 'RemoveProp'], 'hWnd, lpString', () => ({
    kind: 'take',
    place: 'window-property',
    key: 1,
    named: true,
  })),
  {
    names: ['TlsSetValue'],
    signature: 'dwTlsIndex, lpTlsValue',
    role: { kind: 'put', place: 'thread-slot', key: 0, value: 1 },
  },
  { names: ['TlsGetValue'], signature: 'dwTlsIndex', role: { kind: 'take', place: 'thread-slot', key: 0 } },
  {
    names: ['FlsSetValue'],
    signature: 'dwFlsIndex, lpFlsData',
    role: { kind: 'put', place: 'fiber-slot', key: 0, value: 1 },
  },
  { names: ['FlsGetValue'], signature: 'dwFlsIndex', role: { kind: 'take', place: 'fiber-slot', key: 0 } },
  ...bothWidths(['SendMessage'], 'hWnd, Msg, wParam, lParam', (wide) => ({ kind: 'message', message: 1, to: 3, wide })),
  ...bothWidths(['SendDlgItemMessage'], 'hDlg, nIDDlgItem, Msg, wParam, lParam', (wide) => ({
    kind: 'message',
    item: 1,
    message: 2,
    to: 4,
    wide,
  })),
];
