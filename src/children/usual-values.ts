// What Windows and its tools usually write into registry values that a program starts: known from their documentation, not from the file that is read.

/** A program that usually stands in a registry value. */
export interface UsualValue {
  /** The key without its hive, in lower case; the value's name, in lower case. */
  readonly key: string;
  readonly value: string;
  /** Path of the program as children have it. */
  readonly path: string;
  /** On which hosts. */
  readonly when: string;
  /** Where Microsoft says so. */
  readonly source: string;
}

const WINLOGON = 'software\\microsoft\\windows nt\\currentversion\\winlogon';
const ASSISTIVE_TECHNOLOGIES = 'software\\microsoft\\windows nt\\currentversion\\accessibility\\ats';

/** No command interpreters: let pass with any command line, one would let pass anything. */
export const USUAL_VALUES: readonly UsualValue[] = [
  {
    key: 'software\\microsoft\\windows nt\\currentversion\\aedebug',
    value: 'debugger',
    path: '%windir%\\system32\\vsjitdebugger.exe',
    when: "Visual Studio's just-in-time debugger, on developers' machines",
    source: 'https://learn.microsoft.com/visualstudio/debugger/debug-using-the-just-in-time-debugger',
  },
  {
    key: WINLOGON,
    value: 'shell',
    path: '%windir%\\explorer.exe',
    when: 'the shell of every Windows with a desktop',
    source: 'https://technet.microsoft.com/library/cc939851.aspx',
  },
  {
    key: WINLOGON,
    value: 'userinit',
    path: '%windir%\\system32\\userinit.exe',
    when: 'the value of every installation',
    source: 'https://technet.microsoft.com/library/cc939851.aspx',
  },
  ...['Narrator.exe', 'Magnify.exe', 'osk.exe'].map((image) => ({
    key: ASSISTIVE_TECHNOLOGIES,
    value: 'startexe',
    path: `%windir%\\system32\\${image}`,
    when: 'the assistive technologies that Windows brings along',
    source: 'https://learn.microsoft.com/windows/win32/winauto/ease-of-access---assistive-technology-registration',
  })),
];

/** The programs that usually stand in a value; the key may have unknown parts ("*") and parts below the one that the table names. */
export function usualValues({ key, value }: { readonly key: string; readonly value: string }): readonly UsualValue[] {
  const path = key.toLowerCase();
  return USUAL_VALUES.filter((one) => {
    const at = path.indexOf(one.key);
    const behind = path[at + one.key.length];
    return at >= 0 && (behind === undefined || behind === '\\') && one.value === value.toLowerCase();
  });
}
