// The mappings that come with the program: RPC Firewall, and Microsoft Defender XDR.

import defenderXdr from '../../../../data/api-mappings/defender-xdr.json' with { type: 'json' };
import rpcFirewall from '../../../../data/api-mappings/rpc-firewall.json' with { type: 'json' };
import type { ApiMapping } from './api-mapping.ts';
import { readApiMapping } from './mapping-file.ts';

let kept: readonly ApiMapping[] | undefined;

/** Read once, when they are first asked for. */
export function builtInMappings(): readonly ApiMapping[] {
  kept ??= [
    readApiMapping(JSON.stringify(rpcFirewall), 'rpc-firewall.json'),
    readApiMapping(JSON.stringify(defenderXdr), 'defender-xdr.json'),
  ];
  return kept;
}
