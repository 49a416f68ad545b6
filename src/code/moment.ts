// One moment of a function: registers and memory before one of its instructions.
import type { Moment } from './call.ts';
import type { Frame } from './frame.ts';
import type { InitialMemory } from './initial-memory.ts';
import type { ValueTable } from './value-table.ts';
import type { ValueId } from './values.ts';

/** What a moment asks of its function. */
export interface MomentHost extends Frame {
  text(address: ValueId, wide: boolean | undefined, i: number): ValueId;
  writtenText(address: ValueId, i: number): ValueId;
}

/** The moment before instruction `i`. */
export class MomentAt implements Moment {
  readonly table: ValueTable;
  readonly initial: InitialMemory;
  readonly site: number;
  protected readonly host: MomentHost;
  protected readonly i: number;

  constructor(host: MomentHost, i: number) {
    this.host = host;
    this.i = i;
    this.table = host.table;
    this.initial = host.initial;
    this.site = host.code.rva[i];
  }

  register(r: number): ValueId {
    return this.host.register(r, this.i);
  }

  word(address: ValueId, width: number): ValueId {
    return this.host.word(address, width, this.i);
  }

  text(address: ValueId, wide: boolean | undefined): ValueId {
    return this.host.text(address, wide, this.i);
  }

  writtenText(address: ValueId): ValueId {
    return this.host.writtenText(address, this.i);
  }
}
