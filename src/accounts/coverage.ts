// Which layers could have seen a change, and what would have to be switched on where one could not.

import { auditCommand } from '../rule/log-settings.ts';
import type { Presence, Span } from './collector.ts';
import type { LayerCoverage, LayerId, LayerVerdict } from './document.ts';
import type { Draft } from './join/draft.ts';
import { SECOND } from './join/draft.ts';

export const LAYERS = ['native', 'command', 'api', 'registry'] as const satisfies readonly LayerId[];

/** Around a layer's records it is taken to have been collected. */
const AROUND = 3600n * SECOND;

/** What a layer says of a change. */
export function verdictOf(draft: Draft, layer: LayerId, presence: Presence | undefined): LayerVerdict {
  if (draft.saw(layer)) return 'saw';
  const span = presence?.layers[layer];
  return span && span.count > 0 && holds(span, draft.at) ? 'missed' : 'no-data';
}

function holds({ first, last }: Span, at: bigint | undefined): boolean {
  return at === undefined || first === undefined || last === undefined || (at >= first - AROUND && at <= last + AROUND);
}

interface Texts {
  readonly data: string;
  readonly filtered: string;
  readonly absent: string;
  readonly fix: string;
}

/** What is said of each layer, and how it is switched on (Microsoft's audit policy reference; Sysmon's). */
const TEXTS: Readonly<Record<LayerId, Texts>> = {
  native: {
    data: 'account-management events of the Security log',
    filtered: 'the Security log is there, but no account-management event is in it',
    absent: 'no event of the Security log',
    fix: `audit policy, Account Management: ${auditCommand(['User Account Management', 'Security Group Management'], true)}`,
  },
  command: {
    data: 'process creation with command lines, or PowerShell',
    filtered: 'process events are there, but without command lines',
    absent: 'no process-creation event and no PowerShell event',
    fix: 'Sysmon event 1, or audit Process Creation with "Include command line in process creation events"; PowerShell: script block logging (event 4104)',
  },
  api: {
    data: 'API or RPC telemetry',
    filtered: 'API telemetry is there, but none of accounts',
    absent: 'no API or RPC telemetry',
    fix: 'an EDR or ETW source of NetUser*, NetLocalGroup* and Samr* calls, read with --api-mapping; for RPC: RPC Firewall',
  },
  registry: {
    data: "Sysmon's or audited writes to the SAM's keys",
    filtered: "Sysmon is there, but its configuration drops the SAM's keys",
    absent: 'no Sysmon event',
    fix: 'the include rules of winnow accounts sysmon-config',
  },
};

/** The layers of one host. */
export function coverageOf(host: string, presence: Presence, drafts: readonly Draft[]): readonly LayerCoverage[] {
  return LAYERS.map((layer) => {
    const verdict =
      presence.layers[layer].count > 0 ? 'data' : presence.channels[layer].count > 0 ? 'filtered' : 'absent';
    const verdicts = drafts.map((draft) => verdictOf(draft, layer, presence));
    return {
      host,
      layer,
      verdict,
      saw: verdicts.filter((one) => one === 'saw').length,
      missed: verdicts.filter((one) => one === 'missed').length,
      why: TEXTS[layer][verdict],
      fix: verdict === 'data' ? null : TEXTS[layer].fix,
    };
  });
}
