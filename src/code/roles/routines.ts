// Functions that are given a routine and have Windows call it: where the routine stands, and what it is given of what they were given.

import type { FieldOffset } from './role.ts';

/** Where an argument of the call, or a field of the structure that it points to, holds the routine's address. */
export interface RoutinePlace {
  readonly argument: number;
  readonly field?: FieldOffset;
}

/** What the routine gets as its `parameter`, by index: an argument of the call, or a number. */
export type Given =
  | { readonly parameter: number; readonly argument: number }
  | { readonly parameter: number; readonly number: number };

export interface RoutineRow {
  readonly names: readonly string[];
  /** Argument names as documented, for a reader of the table. */
  readonly signature: string;
  readonly routine: RoutinePlace;
  readonly gives: readonly Given[];
}

/** The message with which a dialog's procedure gets what the dialog was made with. */
const WM_INITDIALOG = 0x110;

/** The A and W forms of names. */
const both = (...names: readonly string[]): readonly string[] => names.flatMap((name) => [`${name}A`, `${name}W`]);

const ROWS: readonly RoutineRow[] = [
  {
    names: ['CreateThread'],
    signature: 'lpThreadAttributes, dwStackSize, lpStartAddress, lpParameter, ...',
    routine: { argument: 2 },
    gives: [{ parameter: 0, argument: 3 }],
  },
  {
    names: ['CreateRemoteThread', 'CreateRemoteThreadEx'],
    signature: 'hProcess, lpThreadAttributes, dwStackSize, lpStartAddress, lpParameter, ...',
    routine: { argument: 3 },
    gives: [{ parameter: 0, argument: 4 }],
  },
  {
    names: ['_beginthreadex', '_o__beginthreadex'],
    signature: 'security, stack_size, start_address, arglist, ...',
    routine: { argument: 2 },
    gives: [{ parameter: 0, argument: 3 }],
  },
  {
    names: ['_beginthread', '_o__beginthread'],
    signature: 'start_address, stack_size, arglist',
    routine: { argument: 0 },
    gives: [{ parameter: 0, argument: 2 }],
  },
  {
    names: ['SHCreateThread', 'SHCreateThreadWithHandle'],
    signature: 'pfnThreadProc, pData, flags, pfnCallback',
    routine: { argument: 0 },
    gives: [{ parameter: 0, argument: 1 }],
  },
  {
    names: ['QueueUserWorkItem', 'CreateFiber'],
    signature: 'Function, Context, Flags',
    routine: { argument: 0 },
    gives: [{ parameter: 0, argument: 1 }],
  },
  {
    names: [
      'CreateThreadpoolWork',
      'CreateThreadpoolTimer',
      'CreateThreadpoolWait',
      'TrySubmitThreadpoolCallback',
      'TpSimpleTryPost',
    ],
    signature: 'pfnwk, pv, pcbe',
    routine: { argument: 0 },
    gives: [{ parameter: 1, argument: 1 }],
  },
  {
    names: ['RegisterWaitForSingleObject'],
    signature: 'phNewWaitObject, hObject, Callback, Context, ...',
    routine: { argument: 2 },
    gives: [{ parameter: 0, argument: 3 }],
  },
  {
    names: ['CreateTimerQueueTimer'],
    signature: 'phNewTimer, TimerQueue, Callback, Parameter, ...',
    routine: { argument: 2 },
    gives: [{ parameter: 0, argument: 3 }],
  },
  {
    names: ['InitOnceExecuteOnce'],
    signature: 'InitOnce, InitFn, Parameter, Context',
    routine: { argument: 1 },
    gives: [{ parameter: 1, argument: 2 }],
  },
  {
    names: ['EnumWindows'],
    signature: 'lpEnumFunc, lParam',
    routine: { argument: 0 },
    gives: [{ parameter: 1, argument: 1 }],
  },
  {
    names: ['EnumChildWindows', 'EnumThreadWindows'],
    signature: 'hWndParent, lpEnumFunc, lParam',
    routine: { argument: 1 },
    gives: [{ parameter: 1, argument: 2 }],
  },
  {
    names: ['SetWindowSubclass'],
    signature: 'hWnd, pfnSubclass, uIdSubclass, dwRefData',
    routine: { argument: 1 },
    gives: [
      { parameter: 4, argument: 2 },
      { parameter: 5, argument: 3 },
    ],
  },
  {
    names: both('RegisterServiceCtrlHandlerEx'),
    signature: 'lpServiceName, lpHandlerProc, lpContext',
    routine: { argument: 1 },
    gives: [{ parameter: 3, argument: 2 }],
  },
  {
    names: both('DialogBoxParam', 'CreateDialogParam', 'DialogBoxIndirectParam', 'CreateDialogIndirectParam'),
    signature: 'hInstance, lpTemplateName, hWndParent, lpDialogFunc, dwInitParam',
    routine: { argument: 3 },
    gives: [
      { parameter: 1, number: WM_INITDIALOG },
      { parameter: 3, argument: 4 },
    ],
  },
  {
    // pfnDlgProc of the PROPSHEETPAGE, which the procedure itself gets.
    names: both('CreatePropertySheetPage'),
    signature: 'lppsp',
    routine: { argument: 0, field: { offset64: 0x28, offset32: 0x18 } },
    gives: [
      { parameter: 1, number: WM_INITDIALOG },
      { parameter: 3, argument: 0 },
    ],
  },
];

const byName = new Map(ROWS.flatMap((row) => row.names.map((name) => [name, row] as const)));

/** The row of a function by its export name; undefined where it is not known to have a routine called. */
export function routineRow(name: string): RoutineRow | undefined {
  return byName.get(name);
}
