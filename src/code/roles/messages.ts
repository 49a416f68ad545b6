// Messages by which a control keeps what a program gives it, and gives it back. Source: winuser.h and commctrl.h.
import type { KeptPlace } from '../values.ts';
import type { FieldOffset } from './role.ts';

/** One message, in its forms for either width of characters. */
export interface KeptMessage {
  readonly name: string;
  readonly numbers: readonly number[];
  readonly place: KeptPlace;
  /** put: lParam is kept. take: it is returned. copy: the text that it points to is written behind lParam. */
  readonly does: 'put' | 'take' | 'copy';
  /** Where lParam points to a structure with the value in it: its offset, and the value is put from there or taken to there. */
  readonly field?: FieldOffset;
}

/** lParam of an LVITEM, of a TVITEM, and of the TVITEM in a TVINSERTSTRUCT. */
const LIST_ITEM = { offset64: 0x28, offset32: 0x20 };
const TREE_ITEM = { offset64: 0x30, offset32: 0x24 };
const TREE_INSERT = { offset64: 0x40, offset32: 0x2c };

const ROWS: readonly KeptMessage[] = [
  { name: 'LB_ADDSTRING', numbers: [0x180], place: 'list-box-text', does: 'put' },
  { name: 'LB_INSERTSTRING', numbers: [0x181], place: 'list-box-text', does: 'put' },
  { name: 'LB_GETTEXT', numbers: [0x189], place: 'list-box-text', does: 'copy' },
  { name: 'LB_SETITEMDATA', numbers: [0x19a], place: 'list-box-data', does: 'put' },
  { name: 'LB_GETITEMDATA', numbers: [0x199], place: 'list-box-data', does: 'take' },
  { name: 'CB_ADDSTRING', numbers: [0x143], place: 'combo-box-text', does: 'put' },
  { name: 'CB_INSERTSTRING', numbers: [0x14a], place: 'combo-box-text', does: 'put' },
  { name: 'CB_GETLBTEXT', numbers: [0x148], place: 'combo-box-text', does: 'copy' },
  { name: 'CB_SETITEMDATA', numbers: [0x151], place: 'combo-box-data', does: 'put' },
  { name: 'CB_GETITEMDATA', numbers: [0x150], place: 'combo-box-data', does: 'take' },
  { name: 'LVM_INSERTITEM', numbers: [0x1007, 0x104d], place: 'list-view-data', does: 'put', field: LIST_ITEM },
  { name: 'LVM_SETITEM', numbers: [0x1006, 0x104c], place: 'list-view-data', does: 'put', field: LIST_ITEM },
  { name: 'LVM_GETITEM', numbers: [0x1005, 0x104b], place: 'list-view-data', does: 'take', field: LIST_ITEM },
  { name: 'TVM_INSERTITEM', numbers: [0x1100, 0x1132], place: 'tree-view-data', does: 'put', field: TREE_INSERT },
  { name: 'TVM_SETITEM', numbers: [0x110d, 0x113f], place: 'tree-view-data', does: 'put', field: TREE_ITEM },
  { name: 'TVM_GETITEM', numbers: [0x110c, 0x113e], place: 'tree-view-data', does: 'take', field: TREE_ITEM },
];

/** A box that was made without strings keeps what is added to it as the item's data. */
const OTHERWISE: Partial<Readonly<Record<KeptPlace, KeptPlace>>> = {
  'list-box-data': 'list-box-text',
  'combo-box-data': 'combo-box-text',
};

const byNumber = new Map(ROWS.flatMap((row) => row.numbers.map((number) => [number, row] as const)));

/** What a message does with what a control keeps; undefined where it does nothing of the kind, or its number is not known. */
export function keptMessage(number: number | undefined): KeptMessage | undefined {
  return number === undefined ? undefined : byNumber.get(number);
}

/** The place from which a value comes when nothing was put to this one. */
export function keptOtherwise(place: KeptPlace): KeptPlace | undefined {
  return OTHERWISE[place];
}
