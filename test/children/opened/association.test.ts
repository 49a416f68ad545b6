// Associations as a host's registry has them: the user's choice before the type's, verbs, COM, schemes, and what does not fit.
import { describe, expect, it } from 'vitest';
import { associationOf, type FileType } from '../../../src/children/opened/association.ts';
import { openRegistry } from '../../../src/registry/open-registry.ts';

const CLASSES = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Classes';
const EXTS = 'HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\FileExts';

/** Keys with their values; '' is the default value. */
function registry(keys: Readonly<Record<string, Readonly<Record<string, string>>>>) {
  const text = Object.entries(keys).map(([key, values]) =>
    [
      `[${key}]`,
      ...Object.entries(values).map(
        ([name, data]) => `${name === '' ? '@' : `"${name}"`}="${data.replace(/[\\"]/g, '\\$&')}"`,
      ),
    ].join('\r\n'),
  );
  const bytes = new TextEncoder().encode(`Windows Registry Editor Version 5.00\r\n\r\n${text.join('\r\n\r\n')}\r\n`);
  const opened = openRegistry([{ name: 'host.reg', bytes }]);
  expect(opened.failures).toEqual([]);
  return opened.view;
}

const ext = (name: string): FileType => ({ kind: 'extension', name });
const ask = (keys: Parameters<typeof registry>[0], type: FileType, target: string, verb?: string) =>
  associationOf(type, target, verb, registry(keys));

const QUAY = {
  [`${CLASSES}\\.quay`]: { '': 'Harbour.Quay' },
  [`${CLASSES}\\Harbour.Quay\\shell\\open\\command`]: { '': '"C:\\Harbour\\alpha.exe" /open "%1" %*' },
  [`${CLASSES}\\Harbour.Quay\\shell\\print\\command`]: { '': '%SystemRoot%\\system32\\printer.exe %1' },
};

describe('an extension', () => {
  it('is opened by the command of its ProgID', () => {
    const found = ask(QUAY, ext('quay'), 'C:\\x\\a.quay');
    expect(found?.opener).toMatchObject({
      image: 'alpha.exe',
      path: 'C:\\Harbour\\alpha.exe',
      commandLine: '"C:\\Harbour\\alpha.exe" /open "C:\\x\\a.quay" *',
      confidence: 'likely',
      by: 'registry',
      why: 'the verb open of HKEY_CLASSES_ROOT\\Harbour.Quay is registered with it',
    });
    expect(found?.answers.map(({ key, value, data, image }) => [key, value, data, image])).toEqual([
      ['HKEY_CLASSES_ROOT\\.quay', '', 'Harbour.Quay', null],
      [
        'HKEY_CLASSES_ROOT\\Harbour.Quay\\shell\\open\\command',
        '',
        '"C:\\Harbour\\alpha.exe" /open "%1" %*',
        'alpha.exe',
      ],
    ]);
  });

  it('is opened by what the user chose, where there is a choice', () => {
    const chosen = {
      ...QUAY,
      [`${EXTS}\\.quay\\UserChoice`]: { ProgId: 'Applications\\beta.exe' },
      [`${CLASSES}\\Applications\\beta.exe\\shell\\open\\command`]: { '': 'D:\\beta.exe %1' },
    };
    expect(ask(chosen, ext('quay'), 'a.quay')?.opener?.path).toBe('D:\\beta.exe');
    const newer = { ...chosen, [`${EXTS}\\.quay\\UserChoiceLatest\\ProgId`]: { ProgId: 'Harbour.Quay' } };
    expect(ask(newer, ext('quay'), 'a.quay')?.opener?.image).toBe('alpha.exe');
    const gone = { ...QUAY, [`${EXTS}\\.quay\\UserChoice`]: { ProgId: 'No.Such' } };
    expect(ask(gone, ext('quay'), 'a.quay')?.opener?.image).toBe('alpha.exe');
  });

  it('has another program for another verb, and its default verb where the key names one', () => {
    expect(ask(QUAY, ext('quay'), 'a.quay', 'print')?.opener?.path).toBe('%windir%\\system32\\printer.exe');
    expect(ask(QUAY, ext('quay'), 'a.quay', 'edit')?.opener).toBeUndefined();
    const first = { ...QUAY, [`${CLASSES}\\Harbour.Quay\\shell`]: { '': 'nothing,print' } };
    expect(ask(first, ext('quay'), 'a.quay')?.opener?.image).toBe('printer.exe');
    const only = { [`${CLASSES}\\.q`]: { '': 'Q' }, [`${CLASSES}\\Q\\shell\\view\\command`]: { '': 'view.exe %1' } };
    expect(ask(only, ext('q'), 'a.q')?.opener).toMatchObject({ image: 'view.exe', path: null });
  });

  it('goes on to the version that CurVer names, to its own key and to its kind', () => {
    const versions = {
      ...QUAY,
      [`${CLASSES}\\Harbour.Quay\\CurVer`]: { '': 'Harbour.Quay.2' },
      [`${CLASSES}\\Harbour.Quay.2\\shell\\open\\command`]: { '': 'C:\\two.exe' },
    };
    expect(ask(versions, ext('quay'), 'a.quay')?.opener?.image).toBe('two.exe');
    expect(
      ask({ [`${CLASSES}\\.q\\shell\\open\\command`]: { '': 'C:\\own.exe' } }, ext('q'), 'a.q')?.opener?.image,
    ).toBe('own.exe');
    const kind = {
      [`${CLASSES}\\.q`]: { PerceivedType: 'text' },
      [`${CLASSES}\\SystemFileAssociations\\text\\shell\\edit\\command`]: { '': 'C:\\edit.exe' },
    };
    expect(ask(kind, ext('q'), 'a.q', 'edit')?.opener?.image).toBe('edit.exe');
    const round = {
      [`${CLASSES}\\.q`]: { '': 'A' },
      [`${CLASSES}\\A\\CurVer`]: { '': 'B' },
      [`${CLASSES}\\B\\CurVer`]: { '': 'A' },
    };
    expect(ask(round, ext('q'), 'a.q')?.opener).toBeUndefined();
  });

  it('finds the folder of a program without one in App Paths', () => {
    const paths = {
      ...QUAY,
      [`${CLASSES}\\Harbour.Quay\\shell\\open\\command`]: { '': 'alpha.exe %1' },
      'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\App Paths\\alpha.exe': {
        '': '"C:\\Apps\\alpha.exe"',
      },
    };
    expect(ask(paths, ext('quay'), 'a.quay')?.opener?.path).toBe('C:\\Apps\\alpha.exe');
  });

  it('of a packaged application is started by another process, and one of a COM class is named so', () => {
    const packaged = {
      [`${CLASSES}\\.q`]: { '': 'AppX1' },
      [`${CLASSES}\\AppX1\\Application`]: { AppUserModelID: 'Harbour.Quay_8wek!App' },
      [`${CLASSES}\\AppX1\\Shell\\open\\command`]: { DelegateExecute: '{4ED3A719-CEA8-4BD9-910D-E252F997AFC2}' },
    };
    expect(ask(packaged, ext('q'), 'a.q')).toMatchObject({
      why: expect.stringMatching(/packaged application Harbour\.Quay_8wek!App, which svchost\.exe/),
    });
    const drop = { [`${CLASSES}\\.q`]: { '': 'Q' }, [`${CLASSES}\\Q\\shell\\open\\DropTarget`]: { Clsid: '{1}' } };
    expect(ask(drop, ext('q'), 'a.q')?.why).toMatch(/COM class \{1\} is handed the file/);
  });

  it('that no file says anything of is not answered', () => {
    expect(ask(QUAY, ext('other'), 'a.other')).toBeUndefined();
    const nothing = { [`${CLASSES}\\.q`]: { '': 'Q' } };
    expect(ask(nothing, ext('q'), 'a.q')).toMatchObject({
      why: 'no class that is named there has a verb with a command',
    });
    const empty = { ...nothing, [`${CLASSES}\\Q\\shell\\open\\command`]: { '': '"%1" %*' } };
    expect(ask(empty, ext('q'), 'a.q')).toMatchObject({ why: expect.stringMatching(/names no program/) });
  });
});

describe('a scheme', () => {
  const scheme: FileType = { kind: 'scheme', name: 'quay' };
  const own = {
    [`${CLASSES}\\quay`]: { 'URL Protocol': '' },
    [`${CLASSES}\\quay\\shell\\open\\command`]: { '': 'C:\\q.exe "%1"' },
  };

  it('is opened by its own command, or by what the user chose', () => {
    expect(ask(own, scheme, 'quay:1')?.opener).toMatchObject({
      image: 'q.exe',
      commandLine: 'C:\\q.exe "quay:1"',
      why: expect.not.stringContaining('URL Protocol'),
    });
    const chosen = {
      ...own,
      'HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\Shell\\Associations\\UrlAssociations\\quay\\UserChoice': {
        ProgId: 'B',
      },
      [`${CLASSES}\\B\\shell\\open\\command`]: { '': 'C:\\b.exe %1' },
    };
    expect(ask(chosen, scheme, 'quay:1')?.opener?.image).toBe('b.exe');
  });

  it('without the value of a protocol is doubted', () =>
    expect(
      ask({ [`${CLASSES}\\quay\\shell\\open\\command`]: { '': 'C:\\q.exe' } }, scheme, 'quay:1')?.opener?.why,
    ).toMatch(/without a value "URL Protocol"/));
});
