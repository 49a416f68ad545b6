// The report in words: what stands in it, what stands only on request, and that nothing out of a file reaches the terminal raw.
import { describe, expect, it } from 'vitest';
import type { ChildrenDocument } from '../../src/children/document.ts';
import { childrenText, rulesText, type TextOptions } from '../../src/cli/children-text.ts';
import { explainText } from '../../src/cli/explain.ts';
import { PLAIN_STYLE } from '../../src/cli/print.ts';
import { EXAMPLE } from './example-document.ts';

const OPTIONS: TextOptions = { style: PLAIN_STYLE, sites: false, strings: false, defaultLanguage: true };
const text = childrenText(EXAMPLE, OPTIONS);

describe('the report', () => {
  it('tells the parent', () => {
    expect(text).toContain('Report.exe  10.0.1.2, x64, program\n');
    expect(text).toContain(`SHA-256 ${'a'.repeat(64)}`);
  });

  it('tells each module with its reason, generic ones by their common reason', () => {
    expect(text).toMatch(/specific +plug\.dll +1 call site; imported by 3 of 900 images, loaded by Report\.exe/);
    expect(text).toMatch(
      /specific +quiet\.dll +not analysed: no process-creation API and no program name; not a system library/,
    );
    expect(text).toMatch(
      /missing +gone\.dll +not found, so what it starts is not known; not a system library, loaded by plug\.dll/,
    );
    expect(text).toMatch(/missing +later\.dll/);
    expect(text).toMatch(/generic +kernel32\.dll, ntdll\.dll: part of the Windows API/);
  });

  it('puts generic modules whose reasons differ in their numbers only on one line, with the numbers', () => {
    const generic = (name: string, reason: string) => ({
      name,
      path: null,
      sha256: null,
      role: 'generic' as const,
      found: false,
      reason,
      sites: 0,
    });
    const modules = [
      generic('a.dll', 'imported by 3,864 of 3,915 images (98.7 %)'),
      generic('b.dll', 'left out'),
      generic('c.dll', 'imported by 17 of 3,915 images (0.4 %)'),
    ];
    const report = childrenText({ ...EXAMPLE, modules }, OPTIONS);
    expect(report).toContain('generic  a.dll (3,864; 98.7), c.dll (17; 0.4): imported by N of 3,915 images (N %)\n');
    expect(report).toContain('generic  b.dll: left out\n');
  });

  it('gives one line of PowerShell for the missing ones', () => {
    const lines = text.split('\n').filter((line) => line.includes('Copy-Item'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain("'gone.dll','later.dll' | ForEach-Object");
  });

  it('tells which arguments of the parent a child or a blind spot needs', () => {
    expect(text).toContain(
      '\n            only when the parent\'s command line holds "-helper" or "/helper", and "-start"\n',
    );
    expect(text).toMatch(/own first argument .*\n +only when the parent's command line holds "-run"\n/);
  });

  it('tells the children in plain words, the surest first', () => {
    expect(text).toContain('Children (1 proven, 1 likely, 1 possible)');
    expect(text).toContain(
      'helper.exe, started from %windir%\\system32\\helper.exe, seen in Report.exe and plug.dll\n',
    );
    expect(text).toContain(
      "inner.exe, path not known, named inside a shell's command line, so the shell is its parent, seen in plug.dll, in later.dll, loaded at run time",
    );
    expect(text).toMatch(
      /possible +guess\.exe, named near a call site, not followed to it \(path not known\), seen in plug\.dll/,
    );
    expect(text.indexOf('inner.exe')).toBeLessThan(text.indexOf('guess.exe'));
  });

  it('tells the blind spots with the place to look', () => {
    expect(text).toMatch(/registry +the command line is a registry value \(WinExec in plug\.dll\)/);
    expect(text).toContain('look in HKLM\\Software\\Report, value Debugger');
    expect(text).toContain('look in HKCU\\Software\\Report, value (default)');
  });

  it('tells equal blind spots once, with their number', () => {
    const spot = EXAMPLE.blindSpots[1];
    const more = childrenText({ ...EXAMPLE, blindSpots: [spot, { ...spot, site: '0x140003999' }] }, OPTIONS);
    expect(more).toContain('the file is its own first argument (ShellExecuteExW in Report.exe, 2 call sites)');
  });

  it('tells generic children, documents, notes and the rule', () => {
    expect(text).toContain('WerFault.exe, Windows Error Reporting starts it');
    expect(text).toContain('ms-settings:privacy, by ShellExecuteExW in Report.exe');
    expect(text).toContain('delay import: the table at RVA 0x1000 ends outside the file');
    expect(text).toContain('Rule (Sigma)\n\ntitle: Report\ndetection:\n  a: b\n');
    expect(text).toContain(
      'Other languages: --to eql|elastic|defender|sentinel|splunk|splunk-cim|esql|dsl|lucene|sysmon|sql',
    );
  });

  it('shows no address unless asked', () => {
    expect(text.replace('RVA 0x1000', '')).not.toMatch(/0x[0-9a-f]/);
    expect(childrenText(EXAMPLE, { ...OPTIONS, strings: true }).replace('RVA 0x1000', '')).not.toMatch(/0x[0-9a-f]/);
  });

  it('lists the call sites under --sites', () => {
    const sites = childrenText(EXAMPLE, { ...OPTIONS, sites: true });
    expect(sites).toContain(
      '0x140001234  CreateProcessW (imported), in function 0x140001200 CReport::Start, called from 0x140002000 0x140002100',
    );
    expect(sites).toContain('application: not known');
    expect(sites).toContain('commandLine: %windir%\\system32\\helper.exe -a | other');
    expect(sites).not.toContain('--sites lists');
    expect(text).toContain('--sites lists the 3 call sites');
  });

  it('lists the names that are no children under --strings', () => {
    expect(childrenText(EXAMPLE, { ...OPTIONS, strings: true })).toContain(
      'rundll32.exe in Report.exe: only compared with _wcsicmp',
    );
    expect(text).not.toContain('rundll32.exe');
    expect(text).toContain('--strings lists 2 program names that are no children');
  });

  it('says of a module without a host why there is no rule', () => {
    const dll = childrenText({ ...EXAMPLE, parent: { ...EXAMPLE.parent, kind: 'module' }, rule: [] }, OPTIONS);
    expect(dll).toContain('No rule');
    expect(dll).toContain('--host PROGRAM');
  });

  it('says so when nothing was found', () => {
    expect(childrenText({ ...EXAMPLE, children: [] }, OPTIONS)).toContain(
      'None found in what was read of Report.exe, but see the blind spots.',
    );
    expect(childrenText({ ...EXAMPLE, children: [], blindSpots: [] }, OPTIONS)).toContain(
      'None found in what was read of Report.exe.',
    );
  });

  it('prints the rules alone', () => {
    expect(rulesText(EXAMPLE)).toBe('title: Report\ndetection:\n  a: b\n');
    const second = {
      language: 'eql' as const,
      kind: 'unlisted-child' as const,
      text: 'process where true\n\n',
      excluded: [],
    };
    expect(rulesText({ ...EXAMPLE, rule: [...EXAMPLE.rule, second] })).toBe(
      'title: Report\ndetection:\n  a: b\n\nprocess where true\n',
    );
  });
});

describe('a hostile document', () => {
  // ESC, a C1 control, a newline, a bidi override, a zero-width space and half a surrogate pair, in every string there is.
  const POISON = '\x1b]0;x\x07\x9b31m\n\u202e\u200b\ud800';
  const poisoned = <T>(value: T): T => {
    if (typeof value === 'string') {
      // Words that the report switches on stay as they are.
      return (
        /^(proven|likely|possible|registry|command-line|file|caller|data|open|image|vtable|callback|module-only|shell|document|sigma|specific|generic|run-time|hosted|x64|program|import|delay|getprocaddress|utf-16|ansi)$/.test(
          value,
        )
          ? value
          : value + POISON
      ) as T;
    }
    if (Array.isArray(value)) return value.map(poisoned) as T;
    if (value !== null && typeof value === 'object') {
      return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, poisoned(v)])) as T;
    }
    return value;
  };
  const document: ChildrenDocument = poisoned(EXAMPLE);
  const RAW = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u200b\ud800]/;

  it('keeps its control characters out of the report', () => {
    const report = childrenText(document, { ...OPTIONS, sites: true, strings: true });
    expect(report).not.toMatch(RAW);
    expect(report).toContain('helper.exe\\x1b]0;x\\x07\\x9b31m\\x0a\\u{202e}\\u{200b}\\u{d800}');
    // The newline of a name begins no line of its own; the rule's text alone has lines of its own.
    expect(
      report
        .split('Rule (')[0]
        .split('\n')
        .every((line) => !line.startsWith('\\u{202e}')),
    ).toBe(true);
  });

  it('keeps them out of the explanation', () => {
    for (const child of [...document.children.map((c) => c.image), document.strings[0].text, 'nothing like it']) {
      const explained = explainText(document, child, PLAIN_STYLE, { instructionsAround: () => [`mov eax, ${POISON}`] });
      expect(explained).not.toMatch(RAW);
    }
  });

  it('keeps a name that could command a shell out of the PowerShell line', () => {
    const evil = [
      "x.dll'; calc; '",
      'y\u2019; calc; \u2018.dll',
      '..\\..\\z.dll',
      '$(calc).dll',
      '`calc.dll',
      '*.dll',
      '-Recurse',
    ];
    const modules = ['good.dll', ...evil].map((name) => ({
      name,
      path: null,
      sha256: null,
      role: 'specific' as const,
      found: false,
      reason: 'r',
      sites: 0,
    }));
    const report = childrenText({ ...EXAMPLE, modules }, OPTIONS);
    const command = report.split('\n').find((line) => line.includes('Copy-Item'))!;
    expect(command).toContain("'good.dll' | ForEach-Object");
    expect(command).not.toMatch(/calc|z\.dll|\*|Recurse/);
    expect(report.match(/too odd to stand in a command/g)).toHaveLength(evil.length);
  });

  it('cuts a text that would flood the terminal', () => {
    const long = { ...EXAMPLE, strings: [{ ...EXAMPLE.strings[0], why: 'x'.repeat(100_000) }] };
    const report = childrenText(long, { ...OPTIONS, strings: true });
    expect(report.length).toBeLessThan(6000);
    expect(report).toContain('(99700 more characters)');
  });
});
