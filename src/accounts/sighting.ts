// What one record says of an account or group, by one layer, before it is joined with what others say.

import type { ActorProcess, ChangeKind, Direction, Evidence, LayerId, Outcome, Scope, Setting } from './document.ts';

/** Whom a record names; what it does not say is absent. Names are as the record writes them. */
export interface Named {
  readonly name?: string;
  readonly domain?: string;
  readonly sid?: string;
  readonly rid?: number;
}

/** Who a record says did it. */
export interface ActorSeen extends Named {
  /** 0x58d874. */
  readonly logonId?: string;
  /** The address, or host, that the call came from. */
  readonly source?: string;
  readonly process?: Partial<ActorProcess>;
}

/** Where a command stood that would make the change. */
export interface CommandSeen {
  /** It stood in the line, script or task of another program: the record of the program that it starts tells the same more closely. */
  readonly isCarried: boolean;
  /** The process that started this one; net1.exe's is net.exe. */
  readonly parentPid?: number;
}

export interface Sighting {
  readonly layer: LayerId;
  readonly kind: ChangeKind;
  /** 100 ns since 1601, UTC; undefined where the record has none that can be read. */
  readonly at: bigint | undefined;
  /** As the record writes it; undefined where it does not. */
  readonly host: string | undefined;
  readonly outcome: Outcome;
  /** undefined where the record does not tell. */
  readonly scope?: Scope;
  readonly account?: Named;
  readonly group?: Named;
  readonly member?: Named;
  readonly direction?: Direction;
  readonly actor?: ActorSeen;
  readonly settings?: readonly Setting[];
  readonly evidence: Evidence;
  /** It only goes with another change and is none of its own: 4728 into "None" beside 4720, a handle to an alias. */
  readonly isSupport?: boolean;
  /** Of the layer of commands. */
  readonly command?: CommandSeen;
  readonly notes?: readonly string[];
}
