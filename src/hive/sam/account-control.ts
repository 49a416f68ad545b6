// The account control bits in the F value of a user of the SAM (ACB_*, MS-SAMR's and Samba's lmaccess.h order).

/** Bit and what it says. They are neither those of userAccountControl nor those of the events 4720 and 4738. */
export const AccountControl = {
  disabled: 0x1,
  homeDirectoryRequired: 0x2,
  passwordNotRequired: 0x4,
  temporaryDuplicate: 0x8,
  normal: 0x10,
  mnsLogon: 0x20,
  interdomainTrust: 0x40,
  workstationTrust: 0x80,
  serverTrust: 0x100,
  passwordNeverExpires: 0x200,
  autoLocked: 0x400,
} as const;

/** What each bit says, in words, lowest first. */
export const CONTROL_WORDS: readonly (readonly [bit: number, words: string])[] = [
  [AccountControl.disabled, 'disabled'],
  [AccountControl.homeDirectoryRequired, 'home directory required'],
  [AccountControl.passwordNotRequired, 'password not required'],
  [AccountControl.temporaryDuplicate, 'temporary duplicate account'],
  [AccountControl.normal, 'normal account'],
  [AccountControl.mnsLogon, 'MNS logon account'],
  [AccountControl.interdomainTrust, 'interdomain trust account'],
  [AccountControl.workstationTrust, 'workstation trust account'],
  [AccountControl.serverTrust, 'server trust account'],
  [AccountControl.passwordNeverExpires, 'password never expires'],
  [AccountControl.autoLocked, 'automatically locked'],
];

/** The words of the bits that are set; one that is not known as its number. */
export function controlWords(control: number): readonly string[] {
  const words = CONTROL_WORDS.filter(([bit]) => (control & bit) !== 0).map(([, text]) => text);
  const known = CONTROL_WORDS.reduce((all, [bit]) => all | bit, 0);
  const rest = control & ~known;
  return rest === 0 ? words : [...words, `0x${rest.toString(16)}`];
}
