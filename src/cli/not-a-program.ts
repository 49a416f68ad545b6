// What a file that is no Windows program looks like instead, so that the refusal can name the way out.

interface Look {
  readonly what: string;
  readonly wayOut: string;
  readonly starts: readonly number[] | string;
}

const LOOKS: readonly Look[] = [
  {
    what: 'a Git LFS pointer',
    wayOut: 'run `git lfs pull` where it came from',
    starts: 'version https://git-lfs.github.com/spec/',
  },
  { what: 'a Linux program (ELF)', wayOut: 'Winnow reads Windows programs (PE) only', starts: '\x7fELF' },
  {
    what: 'a macOS program (Mach-O)',
    wayOut: 'Winnow reads Windows programs (PE) only',
    starts: [0xcf, 0xfa, 0xed, 0xfe],
  },
  { what: 'a zip archive', wayOut: 'unpack it and give the program inside', starts: 'PK\x03\x04' },
  {
    what: 'a cabinet archive',
    wayOut: 'unpack it (expand.exe, cabextract) and give the program inside',
    starts: 'MSCF',
  },
  { what: 'a 7-Zip archive', wayOut: 'unpack it and give the program inside', starts: '7z\xbc\xaf' },
  { what: 'a gzip archive', wayOut: 'unpack it and give the program inside', starts: [0x1f, 0x8b] },
  {
    what: 'a compound file (an .msi package or an Office document)',
    wayOut: 'unpack it (msiexec /a, 7-Zip) and give the program inside',
    starts: [0xd0, 0xcf, 0x11, 0xe0],
  },
  {
    what: 'a Windows shortcut (.lnk)',
    wayOut: 'give the program that it points to',
    starts: [0x4c, 0, 0, 0, 0x01, 0x14, 0x02],
  },
  { what: 'a delta of a Windows update', wayOut: 'take the full file from an installed system', starts: 'PA30' },
  { what: 'a script', wayOut: 'Winnow reads Windows programs (PE) only', starts: '#!' },
  { what: 'a web page', wayOut: 'the download gave a page instead of the file; get it again', starts: '<!DOCTYPE' },
  { what: 'a web page', wayOut: 'the download gave a page instead of the file; get it again', starts: '<html' },
];

/**
 * A sentence for a file without the "MZ" that begins every PE file, or undefined when it has one.
 * The text is ours alone: nothing of the file is repeated in it.
 */
export function otherThanProgram(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0x4d && bytes[1] === 0x5a) return undefined;
  const look = LOOKS.find(({ starts }) =>
    typeof starts === 'string'
      ? [...starts].every((char, i) => bytes[i] === char.charCodeAt(0))
      : starts.every((byte, i) => bytes[i] === byte),
  );
  if (look) return `not a Windows program: it looks like ${look.what}; ${look.wayOut}`;
  if (bytes.subarray(0, 4096).every((byte) => byte === 0)) {
    return 'not a Windows program: it begins with zeros only; get the file again, it was not copied whole';
  }
  return 'not a Windows program (no MZ header); give an .exe or .dll';
}
