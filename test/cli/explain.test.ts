// --explain: the route of a child, what is known of a name that is none, and the seam to the instructions.
import { describe, expect, it } from 'vitest';
import { type ExplainSources, explainText } from '../../src/cli/explain.ts';
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
      'in     0x140001200  the function CReport::Start',
      'from   0x140002000 0x140002100',
      'with   commandLine: %windir%\\system32\\helper.exe -a | other',
      'Evidence 2 of 2: WinExec in plug.dll, reached by the export PlugStart',
      'the function (by its strings: StartHelper failed)',
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
      'plug.dll 0x180001000',
    ]);
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
    expect(text).toContain('It could still come through 2 blind spots');
  });

  it.each(['', '  ', '\\', '.exe'])('does not take %j for a name', (name) => {
    expect(explain(name)).toContain('not named');
  });
});
