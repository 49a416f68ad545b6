// Which host a record is of, and whether the accounts it tells of are the host's own or a domain's.

import type { Scope } from './document.ts';
import type { Named, Sighting } from './sighting.ts';

/** Letters of a NetBIOS name: the name of a host as the domain of its accounts is cut to this. */
export const NETBIOS = 15;

/** The same for "JUMP01.offsec.lan" and "jump01". */
export function hostKey(host: string | undefined): string {
  const name = (host ?? '').toLowerCase();
  // An address has no first label.
  return /^[\d.:]+$/.test(name) ? name : name.split('.')[0];
}

/** What the records of all hosts tell of each. */
export class Hosts {
  readonly #controllers = new Set<string>();
  /** Of hosts that are members of a domain, or write themselves as one. */
  readonly #qualified = new Set<string>();

  constructor(sightings: readonly Sighting[]) {
    for (const one of sightings) {
      const key = hostKey(one.host);
      if (one.host?.includes('.')) this.#qualified.add(key);
      if (one.layer === 'native' && isOfController(one)) this.#controllers.add(key);
    }
    // A domain's accounts are changed on its controllers alone.
    for (const one of sightings)
      if (one.layer === 'native' && one.scope === undefined && this.#isForeign(one))
        this.#controllers.add(hostKey(one.host));
  }

  #isForeign({ host, account, group }: Sighting): boolean {
    const domain = (account ?? group)?.domain;
    if (domain === undefined || isBuiltin(account ?? group)) return false;
    return this.#qualified.has(hostKey(host)) && !isOwnDomain(hostKey(host), domain);
  }

  isController(key: string): boolean {
    return this.#controllers.has(key);
  }

  scopeOf(one: Sighting): Scope {
    // Directory Services Restore Mode has the controller's own accounts.
    if (one.kind === 'dsrm-password-set') return 'local';
    if (one.scope !== undefined) return one.scope;
    // A call names the domain that it is made to.
    const domain = (one.account ?? one.group)?.domain;
    if (one.layer === 'api' && domain !== undefined && !isBuiltin(one.group))
      return isOwnDomain(hostKey(one.host), domain) ? 'local' : 'domain';
    return one.layer === 'native' && this.isController(hostKey(one.host)) ? 'domain' : 'local';
  }
}

function isOwnDomain(key: string, domain: string): boolean {
  return key.slice(0, NETBIOS) === domain.toLowerCase().slice(0, NETBIOS);
}

function isBuiltin(named: Named | undefined): boolean {
  return named?.sid?.startsWith('S-1-5-32-') === true || named?.domain?.toLowerCase() === 'builtin';
}

/** RID of the group "None" of a host, "Domain Users" of a domain. */
export const PRIMARY_GROUP_RID = 513;

/** Computers and global or universal groups of one's own are a domain's; a host has the group None alone. */
function isOfController({ kind, scope, group, evidence }: Sighting): boolean {
  if (scope === 'domain' || kind.startsWith('computer-account-')) return true;
  const id = Number(evidence.what);
  const isGlobal = [4727, 4728, 4729, 4730, 4737, 4754, 4755, 4756, 4757, 4758].includes(id);
  return isGlobal && group?.rid !== undefined && group.rid !== PRIMARY_GROUP_RID;
}
