// The switches of net.exe's commands about accounts (`net help user`, `net help localgroup` ...), and how it takes them abbreviated.

export type NetVerb = 'user' | 'localgroup' | 'group' | 'accounts' | 'computer';

/** Each switch, and the setting that its value is; those that are the command itself have none. */
export const NET_SWITCHES: Readonly<Record<NetVerb, Readonly<Record<string, string | undefined>>>> = {
  user: {
    add: undefined,
    delete: undefined,
    domain: undefined,
    random: undefined,
    active: undefined,
    comment: 'comment',
    countrycode: 'country code',
    expires: 'account expires',
    fullname: 'full name',
    homedir: 'home directory',
    logonpasswordchg: 'password to be changed at next logon',
    passwordchg: 'user may change password',
    passwordreq: 'password required',
    profilepath: 'profile path',
    scriptpath: 'script path',
    times: 'logon hours',
    usercomment: 'user comment',
    workstations: 'workstations',
  },
  localgroup: { add: undefined, delete: undefined, domain: undefined, comment: 'comment' },
  group: { add: undefined, delete: undefined, domain: undefined, comment: 'comment' },
  accounts: {
    domain: undefined,
    sync: undefined,
    forcelogoff: 'ForceLogoff',
    minpwlen: 'MinPasswordLength',
    maxpwage: 'MaxPasswordAge',
    minpwage: 'MinPasswordAge',
    uniquepw: 'PasswordHistoryLength',
    lockoutthreshold: 'LockoutThreshold',
    lockoutduration: 'LockoutDuration',
    lockoutwindow: 'LockoutObservationWindow',
  },
  computer: { add: undefined, delete: undefined, domain: undefined },
};

/** Switches that every command takes: answers to its questions. */
const ANSWERS: ReadonlySet<string> = new Set(['y', 'yes', 'n', 'no']);

/** Words for the verbs; net.exe takes the plural as well. */
export const NET_VERBS: ReadonlyMap<string, NetVerb> = new Map([
  ['user', 'user'],
  ['users', 'user'],
  ['localgroup', 'localgroup'],
  ['localgroups', 'localgroup'],
  ['group', 'group'],
  ['groups', 'group'],
  ['accounts', 'accounts'],
  ['account', 'accounts'],
  ['computer', 'computer'],
  ['computers', 'computer'],
]);

export interface NetSwitch {
  readonly name: string;
  /** Behind the colon; undefined where there is none. */
  readonly value: string | undefined;
}

/**
 * A switch may be cut to any beginning that only one of the command's switches has: /ad, /del, /do, of `net localgroup` also /a. net.exe refuses what is ambiguous ("/d") or
 * unknown, and changes nothing: "refused". undefined of a word that is no switch, as "-add", and of an answer.
 */
export function netSwitch(verb: NetVerb, word: string): NetSwitch | 'refused' | undefined {
  if (!word.startsWith('/')) return undefined;
  const colon = word.indexOf(':');
  const given = word.slice(1, colon < 0 ? undefined : colon).toLowerCase();
  const value = colon < 0 ? undefined : word.slice(colon + 1);
  if (ANSWERS.has(given)) return undefined;
  const names = Object.keys(NET_SWITCHES[verb]);
  if (names.includes(given)) return { name: given, value };
  const found = given === '' ? [] : names.filter((name) => name.startsWith(given));
  if (found.length === 1) return { name: found[0], value };
  // Those that take no value, or need one, cannot be what is meant.
  const fitting = found.filter((name) => (value === undefined ? !NEEDS_VALUE.has(name) : !TAKES_NONE.has(name)));
  return fitting.length === 1 && value !== undefined ? { name: fitting[0], value } : 'refused';
}

const TAKES_NONE: ReadonlySet<string> = new Set(['add', 'delete', 'domain', 'sync']);
const NEEDS_VALUE: ReadonlySet<string> = new Set(
  Object.values(NET_SWITCHES).flatMap((table) => Object.keys(table).filter((name) => table[name] !== undefined)),
);
