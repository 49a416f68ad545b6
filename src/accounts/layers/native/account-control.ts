// The account control bits of 4720 and 4738 (ntsam.h, USER_ACCOUNT_*), by the message codes that Windows lists for bits that were set and cleared.

/** By bit; they are not the bits of LDAP's userAccountControl. */
export const ACCOUNT_CONTROL = [
  'disabled',
  'home directory required',
  'password not required',
  'temporary duplicate account',
  'normal account',
  'MNS logon account',
  'interdomain trust account',
  'workstation trust account',
  'server trust account',
  'password never expires',
  'automatically locked',
  'reversible encryption of the password allowed',
  'smart card required',
  'trusted for delegation',
  'not delegated',
  'DES keys only',
  'no Kerberos preauthentication',
  'password expired',
  'trusted to authenticate for delegation',
  'no authorization data required',
  'partial secrets account',
  'AES keys',
] as const;

export interface ControlBit {
  readonly bit: number;
  readonly isSet: boolean;
}

/** What a UserAccountControl field says was set and cleared: %%2080+bit and %%2048+bit (msobjs.dll). */
export function controlBits(text: string): readonly ControlBit[] {
  return [...text.matchAll(/%%(\d{4})\b/g)].flatMap(([, code]): ControlBit[] => {
    const number = Number(code);
    if (number >= 2080 && number < 2080 + ACCOUNT_CONTROL.length) return [{ bit: number - 2080, isSet: true }];
    if (number >= 2048 && number < 2048 + ACCOUNT_CONTROL.length) return [{ bit: number - 2048, isSet: false }];
    return [];
  });
}

/** What differs between OldUacValue and NewUacValue ("0x15"); nothing where one is another text. */
export function changedBits(old: string | undefined, own: string | undefined): readonly ControlBit[] {
  if (old === undefined || own === undefined || !HEX.test(old) || !HEX.test(own)) return [];
  const [before, after] = [Number(old), Number(own)];
  return ACCOUNT_CONTROL.flatMap((_, bit) =>
    ((before ^ after) & (1 << bit)) === 0 ? [] : [{ bit, isSet: (after & (1 << bit)) !== 0 }],
  );
}

const HEX = /^0x[\da-f]{1,8}$/i;
