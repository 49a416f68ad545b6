// Who a RID or SID is, by two states of a machine's SAM: the state that is asked first, then the other.

import type { Sam, SamAlias, SamGroup } from '../hive/sam/sam.ts';
import type { Group, Principal } from './document.ts';
import { ridHex } from './principal.ts';
import { nameText } from './sam-name-text.ts';

type Side = 'before' | 'after';

/** One state's names, by RID. */
class NamesOfState {
  readonly machineSid: string | undefined;
  readonly #accounts: ReadonlyMap<number, string>;

  constructor(sam: Sam) {
    this.machineSid = sam.machineSid;
    const accounts = new Map<number, string>();
    for (const { name, rid } of sam.names) if (rid !== undefined) accounts.set(rid, nameText(name));
    for (const { rid, v } of sam.accounts) if (v?.name !== undefined) accounts.set(rid, nameText(v.name));
    this.#accounts = accounts;
  }

  account(rid: number): string | undefined {
    return this.#accounts.get(rid);
  }
}

export class SamNames {
  readonly #states: Readonly<Record<Side, NamesOfState>>;

  constructor(before: Sam, after: Sam) {
    this.#states = { before: new NamesOfState(before), after: new NamesOfState(after) };
  }

  /** An account of the machine, as it is named on that side, else on the other. */
  account(rid: number, side: Side): Principal {
    const [own, other] = this.#sides(side);
    const sid = own.machineSid ?? other.machineSid;
    return {
      name: own.account(rid) ?? other.account(rid) ?? null,
      domain: null,
      sid: sid === undefined ? null : `${sid}-${rid}`,
      rid,
    };
  }

  /** A member by its SID: an account of the machine, or one that the SAM does not name. */
  member(sid: string, side: Side): Principal {
    for (const { machineSid } of this.#sides(side)) {
      if (machineSid === undefined || !sid.startsWith(`${machineSid}-`)) continue;
      return { ...this.account(Number(sid.slice(machineSid.length + 1)), side), sid };
    }
    const rid = /^S-1-5-21-\d+-\d+-\d+-(\d{1,10})$/.exec(sid)?.[1];
    return { name: null, domain: null, sid, rid: rid === undefined ? null : Number(rid) };
  }

  group({ rid, c, ...key }: SamAlias | SamGroup, side: Side): Group {
    const [own, other] = this.#sides(side);
    const isBuiltin = 'domain' in key && key.domain === 'Builtin';
    const authority = isBuiltin ? 'S-1-5-32' : (own.machineSid ?? other.machineSid);
    return {
      name: c?.name === undefined ? null : nameText(c.name),
      domain: isBuiltin ? 'Builtin' : null,
      sid: authority === undefined ? null : `${authority}-${rid}`,
      rid,
      rid_hex: ridHex(rid),
    };
  }

  #sides(side: Side): readonly [NamesOfState, NamesOfState] {
    const { before, after } = this.#states;
    return side === 'before' ? [before, after] : [after, before];
  }
}
