// What is and what is not the name of a program, a document or a URI.
import { describe, expect, it } from 'vitest';
import {
  isDocument,
  isRegistryPath,
  isResourceReference,
  isUri,
  programNameIn,
  programNamesIn,
  uriScheme,
} from '../../src/children/names.ts';
import { cpuTime } from '../cpu-time.ts';

describe('programNameIn', () => {
  it.each([
    ['cmd.exe', 'cmd.exe'],
    ['%windir%\\system32\\cofire.exe', 'cofire.exe'],
    ['"%s\\system32\\tool.exe" -u -p %d', 'tool.exe'],
    ['C:\\Program Files\\Vendor\\my tool.exe', 'my tool.exe'],
    ['"my tool.exe" /x', 'my tool.exe'],
    ['\\my tool.exe', 'my tool.exe'],
    ['%windir%\\system32\\rundll32 x.cpl', 'x.cpl'],
    ['Could not start setup.exe', 'setup.exe'],
    ['copy C:\\x\\a.txt b.exe', 'b.exe'],
    ['cmd.com', undefined],
    ['more.com', 'more.com'],
    ['\\tools\\x.com', 'x.com'],
    ['D:x.scr', 'x.scr'],
    ['eventvwr.msc /s', 'eventvwr.msc'],
    ['main.cpl,,1', 'main.cpl'],
    ['NETSTAT.EXE', 'NETSTAT.EXE'],
    ['..\\run_me-now.bat', 'run_me-now.bat'],
    ['shutdown.exe/r', 'shutdown.exe'],
    ['Run it: foo.exe. Then wait.', 'foo.exe'],
    ['Übung.exe', 'Übung.exe'],
  ])('%s names %s', (text, name) => {
    expect(programNameIn(text)?.name).toBe(name);
  });

  it.each([
    '.exe',
    '*.exe',
    '%s.exe',
    '%ws.exe',
    '%s%s.exe',
    '%1.exe',
    '%08x.exe',
    '{0}.exe',
    '%PATHEXT%.exe',
    'Programs (*.exe;*.com)|*.exe;*.com',
    '.com;.exe;.bat;.cmd',
    'example.com',
    'www.example.com',
    'https://example.com/x',
    'someone@command.com',
    'http://go.example.com',
    '\\\\server.com\\share',
    'a.exec',
    'app.exe.config',
    'app.exe.mui',
    'CMD.EXE-8AC2.pf',
    'Options\\sethc.exe\\Debugger',
    'name .exe',
    'wmp..exe',
    'this.command',
    '...exe',
    '\\.wikia.com',
    '-.exe',
    '',
  ])('%s names nothing', (text) => {
    expect(programNameIn(text)).toBeUndefined();
  });

  it('marks a name whose part is only known at run time', () => {
    expect(programNameIn('\\setup%d.exe')).toMatchObject({ name: 'setup%d.exe', exact: false });
    expect(programNameIn('setup.exe')).toMatchObject({
      exact: true,
      start: 0,
      end: 9,
      extension: 'exe',
      kind: 'program',
    });
  });

  it('finds each name of a command line with its place', () => {
    const text = '"%comspec%" /c cmd.exe /c start.bat & "C:\\a b\\c d.exe"';
    const names = programNamesIn(text);
    expect(names.map((n) => n.name)).toEqual(['cmd.exe', 'start.bat', 'c d.exe']);
    expect(names.map((n) => n.kind)).toEqual(['program', 'script', 'program']);
    for (const n of names) expect(text.slice(n.start, n.end)).toBe(n.name);
  });

  it('takes long hostile texts in linear time', () => {
    const started = cpuTime();
    programNamesIn(' '.repeat(200_000));
    programNamesIn('.exe'.repeat(50_000));
    programNamesIn('%'.repeat(100_000));
    expect(programNamesIn('a.exe '.repeat(40_000))).toHaveLength(64);
    expect(programNamesIn(`${'a b'.repeat(70_000)}.exe`, 4)).toHaveLength(1);
    expect(cpuTime() - started).toBeLessThan(1_000);
  });
});

describe('isUri', () => {
  it.each([
    'ms-settings:',
    'ms-settings:display',
    'https://example.com/',
    'mailto:a@b',
    'shell:AppsFolder\\x',
    'ms-windows-store://pdp',
    'MS-Settings:about',
  ])('%s is one', (text) => expect(isUri(text)).toBe(true));
  it.each([
    'https://',
    'http:',
    'C:\\x',
    'c:',
    'shell:',
    'ms-resource:foo',
    'ms-appx:///a.png',
    'http://schemas.microsoft.com/winfx/2006/xaml',
    'http://www.w3.org/2000/09/xmldsig#',
    'error: file',
    'std::wstring',
    'Xbox::Kinect::Open',
    'SMS::Send',
    'MS-IME: ready',
    'MS-IME:ready',
    'ms-winsoundevent:Notification.Default',
    'constructor:',
    '__proto__:x',
    'not a uri',
  ])('%s is none', (text) => expect(isUri(text)).toBe(false));

  it('gives the scheme in lower case', () => expect(uriScheme('MS-Settings:x')).toBe('ms-settings'));
});

describe('isDocument', () => {
  it.each(['eventvwr.msc', 'C:\\x\\main.cpl', 'a.lnk', 'help.chm', '"C:\\my docs\\a.txt" x', 'ms-settings:'])(
    '%s is one',
    (text) => expect(isDocument(text)).toBe(true),
  );
  it.each(['cmd.exe', 'a.bat', 'x.scr', '.txt', 'readme', '%s.msc'])('%s is none', (text) =>
    expect(isDocument(text)).toBe(false),
  );
});

it('tells registry paths and indirect strings from commands', () => {
  expect(isRegistryPath('Software\\Microsoft\\Windows\\CurrentVersion\\App Paths\\wmplayer.exe')).toBe(true);
  expect(isRegistryPath('%windir%\\system32\\cmd.exe')).toBe(false);
  expect(isResourceReference('@%SystemRoot%\\System32\\x.exe,-101')).toBe(true);
  expect(isResourceReference('x.exe,-101')).toBe(true);
  expect(isResourceReference('x.exe -101')).toBe(false);
});
