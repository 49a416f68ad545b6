// Where the programs lie that run what anyone gives them, so that a folder is no stronger than such a program in it.

import type { Row } from '../../history/question.ts';
import { controlOf, LAUNCHERS, type Nature, PARENT_LAUNCHERS } from '../../rule/field-control.ts';
import { keyOf } from '../../rule/part-facts.ts';
import { ANY_ONE, type TextPattern } from '../../rule/pattern.ts';
import { testsOverlap } from '../../rule/test-overlap.ts';
import type { ValueTest } from '../../rule/value-test.ts';

const NONE: ReadonlySet<string> = new Set();

/** Programs that do for anyone what a field of this nature tells. */
export function launchersOf(nature: Nature): ReadonlySet<string> {
  if (nature === 'parent-program') return PARENT_LAUNCHERS;
  return nature === 'program' || nature === 'name' ? LAUNCHERS : NONE;
}

/** Folders of Windows 10 and 11 that have some, and which; the .NET Framework's are those of its versions 2.0, 3.5 and 4. */
const FOLDERS: readonly (readonly [folder: string, names: string])[] = [
  ...['\\windows\\system32\\', '\\windows\\syswow64\\'].flatMap((folder): [string, string][] => [
    [
      folder,
      'cmd.exe wscript.exe cscript.exe mshta.exe rundll32.exe regsvr32.exe msiexec.exe forfiles.exe odbcconf.exe cmstp.exe svchost.exe',
    ],
    [`${folder}windowspowershell\\v1.0\\`, 'powershell.exe powershell_ise.exe'],
    [`${folder}wbem\\`, 'wmic.exe wmiprvse.exe'],
  ]),
  ['\\windows\\system32\\', 'conhost.exe pcalua.exe bash.exe wsl.exe taskeng.exe'],
  ['\\windows\\', 'explorer.exe'],
  ...['framework', 'framework64'].flatMap((bits): [string, string][] => [
    [`\\windows\\microsoft.net\\${bits}\\v2.0.50727\\`, 'msbuild.exe installutil.exe regasm.exe regsvcs.exe'],
    [`\\windows\\microsoft.net\\${bits}\\v3.5\\`, 'msbuild.exe'],
    [`\\windows\\microsoft.net\\${bits}\\v4.0.30319\\`, 'msbuild.exe installutil.exe regasm.exe regsvcs.exe'],
  ]),
];

interface Launcher {
  readonly name: string;
  readonly path: ValueTest;
}

/** What stands before a folder: a drive, or a volume as the kernel calls it. */
const ROOTS: readonly TextPattern[] = [
  [ANY_ONE, ':'],
  ['\\device\\harddiskvolume', ANY_ONE],
  ['\\device\\harddiskvolume', ANY_ONE, ANY_ONE],
];

const OF_WINDOWS: readonly Launcher[] = FOLDERS.flatMap(([folder, names]) =>
  names.split(' ').flatMap((name) =>
    ROOTS.map((root) => ({
      name,
      path: { kind: 'like', pattern: [...root, `${folder}${name}`], cased: false } as const,
    })),
  ),
);

/** Paths of hits that are remembered, of each thing that fields tell of. */
const MOST_SEEN = 200;

/** Those of Windows, and those that the hits show. */
export class LauncherPlaces {
  readonly #seen = new Map<string, Map<string, Launcher>>();
  readonly #known = new Map<string, WeakMap<ValueTest, { readonly name: string | undefined }>>();

  constructor(rows: readonly Row[]) {
    const fields = new Map<string, boolean>();
    for (const { values } of rows)
      for (const field in values) {
        let isProgram = fields.get(field);
        if (isProgram === undefined) {
          isProgram = launchersOf(controlOf(field)?.nature ?? 'text') !== NONE;
          if (fields.size < 20_000) fields.set(field, isProgram);
        }
        const value = values[field];
        if (isProgram && value) this.#see(field, value);
      }
  }

  #see(field: string, value: string): void {
    const name = value.slice(value.lastIndexOf('\\') + 1).toLowerCase();
    if (!launchersOf(controlOf(field)?.nature ?? 'text').has(name) || value.length > 1024) return;
    const key = keyOf(field);
    const own = this.#seen.get(key) ?? new Map<string, Launcher>();
    this.#seen.set(key, own);
    const path = value.toLowerCase();
    if (own.size < MOST_SEEN && !own.has(path))
      own.set(path, { name, path: { kind: 'like', pattern: [value], cased: false } });
  }

  /** The name of one whose path meets a test of the field; undefined where none does. */
  within(field: string, test: ValueTest): string | undefined {
    const nature = controlOf(field)?.nature ?? 'text';
    const key = `${nature} ${keyOf(field)}`;
    const known = this.#known.get(key) ?? new WeakMap();
    this.#known.set(key, known);
    let found = known.get(test);
    if (found === undefined) {
      const names = launchersOf(nature);
      const all = names === NONE ? [] : [...OF_WINDOWS, ...(this.#seen.get(keyOf(field))?.values() ?? [])];
      found = { name: all.find(({ name, path }) => names.has(name) && testsOverlap(path, test))?.name };
      known.set(test, found);
    }
    return found.name;
  }
}
