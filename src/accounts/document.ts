// The document of `winnow accounts`, schema winnow.accounts/1: changes of accounts and groups, each told once, and what each layer could have seen of them.

export const ACCOUNTS_SCHEMA = 'winnow.accounts/1';

/** What was done. */
export type ChangeKind =
  | 'account-created'
  | 'account-deleted'
  | 'account-enabled'
  | 'account-disabled'
  | 'account-renamed'
  | 'account-changed'
  | 'account-unlocked'
  /** SpecialAccounts\UserList, or UserDontShowInLogonUI. */
  | 'account-hidden'
  /** A deleted or cloned account that comes by a registry import, without 4720. */
  | 'account-resurrected-by-registry'
  | 'password-changed'
  | 'password-reset'
  /** A write of ForcePasswordReset and the like. */
  | 'password-setting-changed'
  /** 4794: the password of Directory Services Restore Mode. */
  | 'dsrm-password-set'
  | 'sid-history-added'
  | 'rid-hijack-suspected'
  | 'group-created'
  | 'group-deleted'
  | 'group-changed'
  | 'group-renamed'
  /** 4781 with the same name before and after. */
  | 'group-renamed-noop'
  | 'member-added'
  | 'member-removed'
  /** Sysmon on an alias's C value: who, and whether added or removed, is unknown. */
  | 'membership-changed'
  | 'computer-account-created'
  | 'computer-account-changed'
  | 'computer-account-deleted'
  /** 4739; of the host itself outside a domain controller. */
  | 'domain-policy-changed';

/** `attempt`: a command whose effect no layer shows. */
export type Outcome = 'success' | 'failure' | 'attempt';
export type Scope = 'local' | 'domain';
export type Direction = 'added' | 'removed';

/** A layer of visibility: native events (A), command lines (B), API and RPC (C), the SAM's registry keys (D). */
export type LayerId = 'native' | 'command' | 'api' | 'registry';
/** `no-data`: its channel is not there, or was filtered, so that it could not have seen. */
export type LayerVerdict = 'saw' | 'missed' | 'no-data';

/** Whom a change is about; what is not known is null. */
export interface Principal {
  readonly name: string | null;
  readonly domain: string | null;
  readonly sid: string | null;
  /** Decimal; the last part of a SID of an account or group, null where the SID is none of those (S-1-5-20). */
  readonly rid: number | null;
}

export interface Group extends Principal {
  /** Eight digits: 00000220. */
  readonly rid_hex: string | null;
}

/** Who did it, as far as any layer tells. */
export interface Actor extends Omit<Principal, 'rid'> {
  /** Of the logon session: 0x58d874. */
  readonly logonId: string | null;
  /** Where the session came from, of its logon event. */
  readonly source: string | null;
  /** The program that asked for it; never lsass.exe, which carries out what others ask. */
  readonly process: ActorProcess | null;
}

export interface ActorProcess {
  readonly image: string | null;
  readonly pid: number | null;
  readonly commandLine: string | null;
  readonly parentImage: string | null;
}

/** A record that shows it. */
export interface Evidence {
  readonly layer: LayerId;
  readonly file: string;
  /** EVTX: the record's number; text forms: see winnow.hunt/1. */
  readonly record: number | string;
  /** What the record adds: "4720", "4738", "Sysmon 13 Names\support". */
  readonly what: string;
}

/** What is concluded and was not seen. */
export interface Inferred {
  readonly direction: Direction;
  readonly member: Principal;
  readonly confidence: 'sure' | 'likely';
  readonly why: string;
}

export interface Benign {
  /** windows-setup, laps-rotation ... */
  readonly by: string;
  /** The facts that say so. */
  readonly proof: string;
}

export interface Change {
  readonly kind: ChangeKind;
  /** ISO 8601, UTC; null where no record has a time that can be read. */
  readonly time: string | null;
  readonly host: string | null;
  readonly outcome: Outcome;
  readonly scope: Scope;
  readonly account: Principal | null;
  readonly group: Group | null;
  /** A name that is only likely says so: "support (likely)". */
  readonly member: Principal | null;
  readonly direction: Direction | null;
  readonly actor: Actor | null;
  readonly benign?: Benign;
  readonly inferred?: Inferred;
  /** Settings that were changed, as the records write them. */
  readonly settings: readonly Setting[];
  readonly layers: Readonly<Record<LayerId, LayerVerdict>>;
  /** In the order of time. */
  readonly evidence: readonly Evidence[];
  readonly notes: readonly string[];
}

export interface Setting {
  readonly name: string;
  readonly old: string | null;
  readonly new: string;
}

/** What a layer had of a host. */
export interface LayerCoverage {
  readonly host: string;
  readonly layer: LayerId;
  readonly verdict: 'data' | 'filtered' | 'absent';
  /** Changes of the host that it saw, and that others did. */
  readonly saw: number;
  readonly missed: number;
  /** What is there or not, and how to have it. */
  readonly why: string;
  readonly fix: string | null;
}

/** One account's life on a host: a name may live several, a RID only one. */
export interface AccountLife {
  readonly host: string;
  readonly account: Principal;
  /** Names it had, in order. */
  readonly names: readonly string[];
  readonly created: string | null;
  readonly deleted: string | null;
  /** At the end of what is known; null where nothing tells. */
  readonly enabled: boolean | null;
  /** Groups that it is known to be in at the end. */
  readonly groups: readonly Group[];
  /** Indexes of its changes. */
  readonly changes: readonly number[];
  /** What it did, or ran, afterwards. */
  readonly activity: readonly Activity[];
}

export interface Activity {
  readonly kind: 'logon' | 'process';
  readonly time: string | null;
  readonly what: string;
  readonly evidence: Evidence;
}

export interface AccountsDocument {
  readonly schema: typeof ACCOUNTS_SCHEMA;
  /** In the order of time. */
  readonly changes: readonly Change[];
  readonly coverage: readonly LayerCoverage[];
  readonly accounts: readonly AccountLife[];
  /** Other findings: SAM ACL tampering, possible unhooking ... */
  readonly findings: readonly {
    readonly what: string;
    readonly host: string | null;
    readonly evidence: readonly Evidence[];
  }[];
  readonly counts: {
    readonly events: number;
    readonly unreadable: number;
  };
}
