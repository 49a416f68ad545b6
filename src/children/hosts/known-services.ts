// The services of a Windows without a registry at hand: a table of names, groups and DLLs, each row with where it was seen.
import windows10 from '../../../data/services-windows-10.json' with { type: 'json' };
import type { FoundServices } from './registry-services.ts';

interface Row {
  readonly name: string;
  readonly serviceDll: string;
  readonly serviceMain: string | null;
  readonly group: string | null;
  readonly type: string;
  readonly sources: readonly string[];
  readonly perUser?: boolean;
}

/** By the name that --services takes. */
const TABLES: Readonly<Record<string, { readonly windows: string; readonly services: readonly Row[] }>> = {
  'windows-10': windows10,
};

export const SERVICE_TABLES: readonly string[] = Object.keys(TABLES);

/** Undefined where there is no table of that name. All services of a table run in svchost.exe. */
export function knownServices(name: string): FoundServices | undefined {
  if (!Object.hasOwn(TABLES, name)) return undefined;
  const { windows, services } = TABLES[name];
  return {
    source: { kind: 'table', name, from: [`Windows ${windows}`] },
    services: services.map(({ perUser, type, ...row }) => ({
      ...row,
      arguments: null,
      type: type === 'own' ? 'own' : 'share',
      ...(perUser ? { perUser } : {}),
    })),
    notes: [
      {
        about: name,
        text: `a table of ${services.length} services of Windows ${windows}: a machine has others, and may have these with other DLLs; its SYSTEM hive says so`,
      },
    ],
  };
}
