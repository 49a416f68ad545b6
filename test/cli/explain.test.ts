// --explain: the route of a child, what is known of a name that is none, and the seam to the instructions.
import { describe, expect, it } from 'vitest';
import { explainText } from '../../src/cli/explain.ts';
import type { ExplainSources } from '../../src/cli/explain-lines.ts';
import { PLAIN_STYLE } from '../../src/cli/print.ts';
import { EXAMPLE } from './example-document.ts';

const explain = (name: string, sources?: ExplainSources) => explainText(EXAMPLE, name, PLAIN_STYLE, sources);

describe('a child', () => {
  it('is shown with its texts, its steps and its call, in order', () => {
    const text = explain('helper.exe');
    const order = [
      'helper.exe: proven',
      'Evidence 1 of 2: CreateProcessW in Report.exe',
      'text   0x140009000  "\\helper.exe" (utf-16)',
      '1.     0x140001210  GetSystemDirectoryW gives the system directory',
      '2.     0x140001220  StringCchCatW appends "\\helper.exe"',
      'call   0x140001234  CreateProcessW',
      'in     0x140001200  the function CReport::Start, by its export',
      'from   0x140002000 0x140002100',
      'with   commandLine: %windir%\\system32\\helper.exe -a | other',
      'Evidence 2 of 2: WinExec in plug.dll, reached by the export PlugStart',
      'in     0x180000f00  the function',
      'by its strings: CPlug::StartHelper (at 0x180009000)',
    ].map((line) => text.indexOf(line));
    expect(order).not.toContain(-1);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  it.each(['HELPER.EXE', 'helper', '%windir%\\system32\\helper.exe', 'C:\\Windows\\helper.exe', '"helper.exe"'])(
    'is found as %s',
    (name) => {
      expect(explain(name)).toContain('helper.exe: proven');
    },
  );

  it('shows the instructions of each step and of the call, asked by module and address', () => {
    const asked: string[] = [];
    const text = explain('helper.exe', {
      instructionsAround: (module, address) => {
        asked.push(`${module} ${address}`);
        return ['0x1  push rbx', `${address}  nop`];
      },
    });
    expect(asked).toEqual([
      'Report.exe 0x140001210',
      'Report.exe 0x140001220',
      'Report.exe 0x140001234',
      'Report.exe 0x140001100',
      'plug.dll 0x180001000',
    ]);
    expect(text).toContain(
      '    when   the parent\'s command line holds "-helper"\n             compared at 0x140001100 in Report.exe\n',
    );
    expect(text).toContain('  only when the parent\'s command line holds "-helper" or "/helper", and "-start"\n');
    expect(text).toContain('             0x1  push rbx\n           > 0x140001210  nop\n');
  });
});

describe('any other name', () => {
  it('tells a generic child from one that was found', () => {
    expect(explain('werfault.exe')).toContain('WerFault.exe is a generic child: Windows Error Reporting starts it');
  });

  it('tells where a document is opened', () => {
    expect(explain('ms-settings:privacy')).toContain('ShellExecuteExW opens in Report.exe at 0x140003456');
  });

  it('tells where a string stands, why it is no child, and which call follows its use', () => {
    const text = explain('rundll32.exe');
    expect(text).toContain('rundll32.exe: named, not a child');
    expect(text).toContain('stands in Report.exe at 0x140009100: only compared with _wcsicmp.');
    expect(text).toContain('referred to at 0x140001230, before CreateProcessW at 0x140001234 in the same function');
    expect(text).toContain('referred to at 0x140005000\n');
    expect(explain('lonely.exe')).toContain('Nothing in the module refers to it directly.');
  });

  it('tells how far its functions are from a sink, where that is known', () => {
    const text = explain('rundll32.exe', {
      usesOf: () => [
        { function: '0x140001200', name: 'CReport::Start', distance: 0, sink: 'CreateProcessW', site: '0x140001234' },
        { function: '0x140004f00', distance: 2, sink: 'WinExec' },
        { function: '0x140006000', distance: null },
      ],
    });
    expect(text).toContain(
      'used by the function 0x140001200 CReport::Start: it calls CreateProcessW at 0x140001234 itself',
    );
    expect(text).toContain('0x140004f00: 2 calls away from WinExec');
    expect(text).toContain('0x140006000: no way from it to a process-creation call was found');
  });

  it('says that a name is nowhere, what is near to it, and that a blind spot may still bring it', () => {
    const text = explain('help.exe');
    expect(text).toContain('No module that was read names it (Report.exe, plug.dll, quiet.dll and guest.dll).');
    expect(text).toContain('Near to it: helper.exe.');
    expect(text).toContain('It could still come through 5 blind spots');
    expect(text).toContain('--explain plug.dll:0x180001000 explains the first');
  });

  it.each(['', '  ', '\\', '.exe'])('does not take %j for a name', (name) => {
    expect(explain(name)).toContain('not named');
  });
});

describe('an address', () => {
  it('of a call site shows its arguments, its child and where each blind spot begins', () => {
    const text = explain('plug.dll:0x180001000');
    const order = [
      '0x180001000 in plug.dll: WinExec (found by GetProcAddress)',
      'It gives helper.exe (proven), guess.exe (possible), inner.exe (',
      'call   0x180001000  WinExec',
      'in     0x180000f00  the function',
      'by its strings: CPlug::StartHelper (at 0x180009000)',
      'with   commandLine: a registry value',
      'Child helper.exe: proven',
      'Blind spot registry: the command line is a registry value',
      'stop   0x180000f80  RegGetValueW gives it, from outside the file',
      '1.     0x180001000  WinExec is called',
      'look   in HKLM\\Software\\Report, value Debugger',
      'look   in HKCU\\Software\\Report, value (default)',
      'why    the name stands in the registry of the host',
    ].map((line) => text.indexOf(line));
    expect(order).not.toContain(-1);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  it.each(['0x180001000', 'PLUG.DLL:0x180001000', 'plug:0x180001000', 'C:\\x\\plug.dll:0x0180001000'])(
    'is found as %s',
    (asked) => expect(explain(asked)).toContain('0x180001000 in plug.dll: WinExec'),
  );

  it('says that no value was followed where none was', () => {
    expect(explain('0x140003456')).toContain('No value was followed to this call.');
  });

  it('of a function names the call sites in it, with what is known of the function', () => {
    const text = explain('0x140001210', {
      functionAt: (module) => (module === 'Report.exe' ? '0x140001200' : undefined),
      describeFunction: (_, start) => ({
        hints: start === '0x140001200' ? ['by RTTI: virtual function 3 of CReport (table at 0x140008000)'] : [],
        places: [],
        texts: ['lamp\u001b[2J', 'one'],
        callers: [{ site: '0x140002000', function: '0x140001f00' }],
        use: { function: start, distance: 0, sink: 'CreateProcessW', site: '0x140001234' },
      }),
    });
    expect(text).toContain('a step to helper.exe, by CreateProcessW at 0x140001234');
    expect(text).toContain('0x140001210 in Report.exe: in a function');
    expect(text).toContain('by RTTI: virtual function 3 of CReport (table at 0x140008000)');
    expect(text).toContain('from   0x140002000  in the function 0x140001f00 ("lamp');
    expect(text).toContain('calls  0x140001234  CreateProcessW');
    expect(text).not.toContain('\u001b');
  });

  it('of a string that is no child explains the string', () => {
    expect(explain('0x140009100')).toContain('rundll32.exe: named, not a child');
  });

  it.each([
    ['0x7', 'It is in no function of what was read (Report.exe, plug.dll, quiet.dll and guest.dll).'],
    ['gone.dll:0x7', 'No module that was read is called gone.dll'],
  ])('%s that is nothing is told as such', (asked, answer) => expect(explain(asked)).toContain(answer));
});
