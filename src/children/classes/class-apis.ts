// The functions by which a program asks COM or the Windows Runtime for a class: what each is told the class by, and by which argument.

/**
 * How a class is named: by a pointer to its CLSID; by a text that is a CLSID in braces or a ProgID; by a moniker's display name; by an HSTRING
 * with the name of a class of the Windows Runtime.
 */
export type NamedBy = 'class-id' | 'text' | 'moniker' | 'runtime-class';

export interface ClassApi {
  readonly by: NamedBy;
  /** Index of the argument that names the class. */
  readonly name: number;
  /** Index of the argument with the contexts (CLSCTX) in which it may run; none where the function takes no such argument. */
  readonly contexts?: number;
  /** Index of the argument behind which the function leaves the CLSID: it makes nothing itself. */
  readonly out?: number;
  /** The function reads any GUID, so that only a told class says anything. */
  readonly anyGuid?: true;
}

/** combaseapi.h, objbase.h, ole2.h, urlmon.h, shlobj_core.h, roapi.h. */
export const CLASS_APIS: Readonly<Record<string, ClassApi>> = {
  CoCreateInstance: { by: 'class-id', name: 0, contexts: 2 },
  CoCreateInstanceEx: { by: 'class-id', name: 0, contexts: 2 },
  CoCreateInstanceFromApp: { by: 'class-id', name: 0, contexts: 2 },
  CoGetClassObject: { by: 'class-id', name: 0, contexts: 1 },
  OleCreate: { by: 'class-id', name: 0 },
  SHCoCreateInstance: { by: 'class-id', name: 1 },
  CLSIDFromProgID: { by: 'text', name: 0, out: 1 },
  CLSIDFromProgIDEx: { by: 'text', name: 0, out: 1 },
  CLSIDFromString: { by: 'text', name: 0, out: 1, anyGuid: true },
  CoGetObject: { by: 'moniker', name: 0 },
  MkParseDisplayName: { by: 'moniker', name: 1 },
  MkParseDisplayNameEx: { by: 'moniker', name: 1 },
  RoActivateInstance: { by: 'runtime-class', name: 0 },
  RoGetActivationFactory: { by: 'runtime-class', name: 0 },
};

/** Functions that make an HSTRING of a text: the arguments with the text and with the place of the HSTRING (winstring.h). */
export const STRING_MAKERS: Readonly<Record<string, { readonly text: number; readonly out: number } | undefined>> = {
  __proto__: null as never,
  WindowsCreateStringReference: { text: 0, out: 3 },
  WindowsCreateString: { text: 0, out: 2 },
};

/** Functions that write a CLSID as text: the argument with the CLSID (combaseapi.h). */
export const CLASS_WRITERS: Readonly<Record<string, number>> = {
  StringFromGUID2: 0,
  StringFromCLSID: 0,
  StringFromIID: 0,
};

/** CLSCTX (wtypesbase.h), without the prefix CLSCTX_. */
export const CONTEXTS: readonly (readonly [number, string])[] = [
  [0x1, 'INPROC_SERVER'],
  [0x2, 'INPROC_HANDLER'],
  [0x4, 'LOCAL_SERVER'],
  [0x8, 'INPROC_SERVER16'],
  [0x10, 'REMOTE_SERVER'],
  [0x20, 'INPROC_HANDLER16'],
  [0x400, 'NO_CODE_DOWNLOAD'],
  [0x1000, 'NO_CUSTOM_MARSHAL'],
  [0x2000, 'ENABLE_CODE_DOWNLOAD'],
  [0x4000, 'NO_FAILURE_LOG'],
  [0x8000, 'DISABLE_AAA'],
  [0x10000, 'ENABLE_AAA'],
  [0x20000, 'FROM_DEFAULT_CONTEXT'],
  [0x40000, 'ACTIVATE_X86_SERVER'],
  [0x80000, 'ACTIVATE_64_BIT_SERVER'],
  [0x100000, 'ENABLE_CLOAKING'],
  [0x400000, 'APPCONTAINER'],
  [0x800000, 'ACTIVATE_AAA_AS_IU'],
  [0x2000000, 'ACTIVATE_ARM32_SERVER'],
  [0x4000000, 'ALLOW_LOWER_TRUST_REGISTRATION'],
  [0x80000000, 'PS_DLL'],
];

/** The flags of a number, in the order of their values; what has no name is written as a number. */
export function contextNames(contexts: number): readonly string[] {
  let rest = contexts >>> 0;
  const names: string[] = [];
  for (const [flag, name] of CONTEXTS) {
    if ((rest & flag) === 0) continue;
    names.push(name);
    rest = (rest & ~flag) >>> 0;
  }
  return rest === 0 ? names : [...names, `0x${rest.toString(16)}`];
}
