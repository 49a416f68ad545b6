// The verdict on a parent: open when a call that it comes to starts whatever somebody outside its code names, closed when its children can be listed.
import type { BlindSpot, BlindSpotReason, OpenSite, ParentImage, Reach, Verdict } from './document.ts';

/**
 * What a blind spot means for the list of children (decision 12). anything: who uses, calls or feeds the program names the child.
 * setting: the child stands in one place of the host, which can be looked up. elsewhere: it is a child of another process. doubt: it was
 * not followed, and may be a constant.
 */
type Bearing = 'anything' | 'setting' | 'elsewhere' | 'doubt';

const BEARING: Readonly<Record<BlindSpotReason, Bearing>> = {
  'command-line': 'anything',
  'standard-input': 'anything',
  rpc: 'anything',
  'shared-memory': 'anything',
  file: 'anything',
  caller: 'doubt',
  registry: 'setting',
  environment: 'setting',
  com: 'elsewhere',
  data: 'doubt',
  'step-limit': 'doubt',
};

/** What an open parent starts, after "it starts". */
const STARTS: Readonly<Partial<Record<BlindSpotReason, string>>> = {
  'command-line': 'what its own command line names',
  'standard-input': 'what it reads from standard input',
  rpc: 'what the client of a remote call names',
  'shared-memory': "what it reads from another process's memory",
  file: 'what a file names that it is told to read',
  caller: 'what the caller of its exported function names',
};

/** Whether the program comes to the code: not where no way to it was found, or only other processes run it. */
export function isReached(reach: Reach): boolean {
  return reach !== 'module-only' && reach !== 'other-process';
}

/** The verdict that follows from the blind spots; the program's name has no part in it. */
export function findVerdict(parent: Pick<ParentImage, 'image' | 'kind'>, blindSpots: readonly BlindSpot[]): Verdict {
  const reached = blindSpots.filter((spot) => isReached(spot.reach));
  const [first, ...more] = reached.filter((spot) => bearingOf(spot, parent) === 'anything').map(openSite);
  if (first !== undefined) return openVerdict([first, ...more]);
  const sitesOf = (bearing: Bearing) =>
    new Set(reached.filter((spot) => bearingOf(spot, parent) === bearing).map((spot) => `${spot.module}|${spot.site}`))
      .size;
  const settings = sitesOf('setting');
  const doubts = sitesOf('doubt');
  const reason = [
    'no call that it comes to takes the program to start from a user, a caller or another process',
    ...(settings > 0 ? [`${calls(settings, 'takes', 'take')} it from a setting of the host`] : []),
    ...(doubts > 0
      ? [
          `${calls(doubts, 'was', 'were')} not followed to the end, so what ${doubts === 1 ? 'it starts' : 'they start'} is in doubt`,
        ]
      : []),
  ].join('; ');
  return { kind: 'closed', reason, sites: [] };
}

/** The open verdict that these sites make together. */
export function openVerdict(sites: readonly [OpenSite, ...OpenSite[]]): Verdict {
  const what = [...new Set(sites.map(({ reason }) => STARTS[reason] ?? 'what comes from outside its code'))];
  return { kind: 'open', reason: `it starts ${what.join(', and ')}`, sites };
}

function bearingOf(spot: BlindSpot, parent: Pick<ParentImage, 'image' | 'kind'>): Bearing {
  // Who names the rest of a name that begins with constant text cannot name any program.
  if (spot.begins !== undefined && BEARING[spot.reason] === 'anything') return 'doubt';
  // A file of a constant name is a place like a registry value.
  if (spot.reason === 'file' && spot.file !== undefined) return 'setting';
  // Who calls an export of the module that was asked about is outside of what was read; an export of a program's module is called by the program.
  if (spot.reason === 'caller' && spot.export !== undefined && parent.kind === 'module' && spot.module === parent.image)
    return 'anything';
  return BEARING[spot.reason];
}

function openSite({ module, sink, site, reason, detail, when }: BlindSpot): OpenSite {
  return { module, sink, site, reason, detail, ...(when === undefined ? {} : { when }) };
}

function calls(count: number, one: string, several: string): string {
  return count === 1 ? `one call ${one}` : `${count} calls ${several}`;
}
