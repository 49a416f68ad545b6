// Shortcuts as they are written: each part is read, the target is the one that Windows takes, and what does not fit is told.
import { describe, expect, it } from 'vitest';
import { blocks, items, writeLink } from '../../fixtures/shortcuts/shell-link-writer.ts';
import { FormatError } from '../../src/errors.ts';
import { readShellLink } from '../../src/shortcuts/shell-link.ts';
import { targetOf } from '../../src/shortcuts/shortcut-target.ts';
import { CONTROL_PANEL, SMALL_LINKS, THIS_PC } from './small-links.ts';

const read = (bytes: Uint8Array) => readShellLink(bytes, 'a.lnk');
const target = (bytes: Uint8Array) => targetOf(read(bytes)).target;
const texts = (bytes: Uint8Array) => {
  const link = read(bytes);
  return [...link.notes, ...targetOf(link).notes].map(({ about, text }) => `${about}: ${text}`);
};

describe('a shortcut', () => {
  it('is read in all its parts', () => {
    const link = read(SMALL_LINKS.whole);
    expect(link).toMatchObject({
      attributes: 0x20,
      created: '2024-05-01T10:00:00.0000000Z',
      accessed: '2024-05-01T10:00:00.0000001Z',
      size: 4096,
      showCommand: 1,
      items: [
        { kind: 'shell-folder', classId: THIS_PC },
        { kind: 'volume', name: 'C:\\' },
        { kind: 'file', name: 'Program Files', shortName: 'PROGRA~1', folder: true },
        { kind: 'file', name: 'alpha tool.exe', shortName: 'ALPHAT~1.EXE', folder: false },
      ],
      linkInfo: {
        localPath: 'C:\\Program Files\\alpha tool.exe',
        driveType: 3,
        volumeSerial: 0x1234abcd,
        volumeLabel: 'System',
      },
      name: 'Alpha',
      relativePath: '..\\alpha tool.exe',
      workingDirectory: 'C:\\Program Files',
      arguments: '/run /quiet',
      iconLocation: '%windir%\\icons.dll',
      environmentTarget: '%ProgramFiles%\\alpha tool.exe',
      iconEnvironment: '%windir%\\icons.dll',
      specialFolder: { folder: 38, offset: 45 },
      knownFolder: { folder: '905e63b6-c1bf-494e-b29c-65b732d3d21a', offset: 45 },
      tracker: { machine: 'HARBOUR-1' },
      shimLayer: 'WINXPSP3',
      properties: [{ id: 5, text: 'Harbour.Alpha' }],
      others: [0xa0000002],
      appended: 0,
      notes: [],
    });
    expect(link.written).toBeUndefined();
  });

  it.each([3, 7, 8, 9])('has its long names in an extension block of version %i', (version) => {
    const link = writeLink({
      items: [items.volume('C:\\'), items.file('a long name.exe', { short: 'ALONGN~1.EXE', version })],
    });
    expect(target(link)).toEqual({ kind: 'file', path: 'C:\\a long name.exe', from: 'item list' });
  });

  it('without an extension block has the one name', () => {
    const link = writeLink({ items: [items.volume('C:\\'), items.file('old.exe', { version: 0 })] });
    expect(target(link)).toMatchObject({ path: 'C:\\old.exe' });
  });
});

describe('the target', () => {
  it.each([
    [
      'whole',
      {
        kind: 'file',
        path: '%ProgramFiles%\\alpha tool.exe',
        from: 'environment variable',
        arguments: '/run /quiet',
        workingDirectory: 'C:\\Program Files',
      },
    ],
    ['network', { kind: 'file', path: '\\\\quay\\tools\\beta.exe', from: 'link info', arguments: 'one two' }],
    ['controlPanelFile', { kind: 'file', path: 'C:\\Users\\Public\\gamma.cpl', from: 'item list' }],
    [
      'controlPanelItem',
      {
        kind: 'shell-object',
        name: '::{26EE0668-A00A-44D7-9371-BEB064C98683}\\5\\::{D555645E-D4F8-4C29-A827-D93C859C4F2A}',
      },
    ],
    ['application', { kind: 'application', id: 'Harbour.Quay_8wekyb3d8bbwe!App' }],
    ['uri', { kind: 'uri', uri: 'https://harbour.example/x' }],
    ['later', { kind: 'file', path: 'C:\\Program Files\\alpha tool.exe', from: 'item list' }],
    ['share', { kind: 'file', path: '\\\\quay\\tools\\epsilon.scr', from: 'item list' }],
  ])('of %s', (name, expected) => expect(target(SMALL_LINKS[name])).toEqual(expected));

  it('is what Windows Installer has, of an advertised one', () => {
    expect(read(SMALL_LINKS.advertised).advertised).toMatchObject({ feature: 'Delta' });
    expect(target(SMALL_LINKS.advertised)).toMatchObject({
      kind: 'advertised',
      product: expect.stringMatching(/^\{[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\}$/),
    });
  });

  it('is relative where that is all there is', () =>
    expect(target(writeLink({ relativePath: '..\\x.exe' }))).toEqual({
      kind: 'file',
      path: '..\\x.exe',
      from: 'relative path',
    }));

  it('is none where the shortcut names none', () => expect(target(writeLink({ name: 'nothing' }))).toBeUndefined());

  it('is told with what in the file says otherwise', () => {
    const link = writeLink({
      items: [items.volume('C:\\'), items.file('shown.exe')],
      blocks: [blocks.environment('%windir%\\system32\\started.exe')],
    });
    expect(texts(link)).toEqual([
      'target: the environment variable names %windir%\\system32\\started.exe and the item list C:\\shown.exe; Windows takes the first of them that it finds',
    ]);
    const forms = writeLink({ blocks: [blocks.environment('C:\\started.exe', 'C:\\shown.exe')] });
    expect(texts(forms)[0]).toMatch(/differs between its two forms/);
  });

  it('has no path behind a step that is not known', () => {
    const link = writeLink({ items: [items.folder(CONTROL_PANEL), items.raw([0x77, 1, 2, 3]), items.file('x.exe')] });
    expect(target(link)).toEqual({ kind: 'shell-object', name: '::{21EC2020-3AEA-1069-A2DD-08002B30309D}\\*\\x.exe' });
  });
});

describe('what does not fit', () => {
  it('is no shortcut without the header', () => {
    expect(() => read(new Uint8Array(100))).toThrow(FormatError);
    expect(() => read(SMALL_LINKS.whole.subarray(0, 60))).toThrow(/cut off within its header/);
  });

  it('is told at every place where a file is cut off', () => {
    for (let size = 76; size < SMALL_LINKS.whole.length; size++) {
      const found = texts(SMALL_LINKS.whole.subarray(0, size));
      expect(found.length, `at ${size}`).toBeGreaterThan(0);
    }
  });

  it('is told of lengths that lie', () => {
    const changed = (at: number, value: number): string[] => {
      const bytes = SMALL_LINKS.whole.slice();
      new DataView(bytes.buffer).setUint16(at, value, true);
      return texts(bytes);
    };
    expect(changed(76, 0xffff)).toEqual([
      'item list: the item list at offset 0x4c does not fit into the file; what follows is not read',
    ]);
    expect(changed(78, 0x7fff)).toContain('item list: item 1 at offset 0x4e does not fit');
    expect(changed(78, 1)).toContain('item list: item 1 at offset 0x4e does not fit');
  });

  it('is told of a block of the wrong size, and what follows it is read', () => {
    const link = writeLink({ blocks: [blocks.raw(0xa0000001, [1, 2, 3, 4]), blocks.tracker('HARBOUR-2')] });
    expect(texts(link)).toEqual([
      'extra data: the environment variable block at offset 0x4c has 12 bytes where 788 are its size; it is not read',
    ]);
    expect(read(link).tracker?.machine).toBe('HARBOUR-2');
  });

  it('is bounded, however long the file is', () => {
    const many = (length: number, one: Uint8Array) => Array<Uint8Array>(length).fill(one);
    expect(texts(writeLink({ blocks: many(5000, blocks.raw(0xa0000001, [1])) })).at(-1)).toMatch(
      /more than 64 blocks; those from offset 0x28c on/,
    );
    expect(texts(writeLink({ blocks: [blocks.items(many(50_000, items.raw([0x31]))), blocks.tracker('Q')] }))).toEqual([
      'extra data: the item list of Windows Vista: it has more than 1024 items',
    ]);
  });

  it('is told of bytes behind the end', () =>
    expect(texts(writeLink({ relativePath: 'x.exe', appended: new Uint8Array(9) }))).toEqual([
      'end: 9 bytes stand behind the end of the shortcut',
    ]));

  it('is told of text in a code page that is not named', () => {
    const link = writeLink({ ansi: true, relativePath: 'caf\xe9.exe' });
    expect(target(link)).toMatchObject({ path: 'café.exe' });
    expect(texts(link)).toEqual([
      'strings: the relative path is in a code page that the file does not name; read as Windows-1252',
    ]);
  });
});
