// What a table calls a value, and how it writes it, where that was once taken for something else.
import { describe, expect, it } from 'vitest';
import { UnsupportedError } from '../../src/errors.ts';
import { type LanguageId, languages } from '../../src/rule/emit/index.ts';
import { readSigma } from '../../src/rule/read/sigma.ts';
import { ocsf } from '../../src/rule/taxonomy.ts';

/** The text without its comments. */
function written(language: LanguageId, logsource: string, selection: string): string {
  const { rules, errors } = readSigma(
    `title: t\nlogsource: {product: windows, ${logsource}}\ndetection: {s: {${selection}}, condition: s}\n`,
  );
  expect(errors).toEqual([]);
  const lines = languages[language].emit(rules[0]).split('\n');
  return lines.filter((line) => !/^(?:\/\/|```|#)/.test(line)).join('\n');
}

const SECURITY = 'service: security';

describe('literals have the type of their column', () => {
  it.each([
    [
      'eql',
      SECURITY,
      'EventID: 4625, LogonType: [3, 10]',
      ['event.code == "4625"', 'winlog.event_data.LogonType in ("3", "10")'],
    ],
    ['eql', 'category: network_connection', "DestinationPort: '443'", ['destination.port == 443']],
    ['eql', 'category: network_connection', "DestinationIp: '10.1.2.3'", ['destination.ip == "10.1.2.3"']],
    [
      'eql',
      'category: network_connection',
      "DestinationIp|startswith: '10.1.'",
      ['cidrMatch(destination.ip, "10.1.0.0/16")'],
    ],
    ['dsl', 'category: network_connection', "DestinationIp|startswith: '10.1.'", ['"value": "10.1.0.0/16"']],
    ['eql', 'category: network_connection', 'DestinationPort: null', ['destination.port == null']],
    [
      'sentinel',
      SECURITY,
      "EventID: 4625, LogonType: '3', IpPort: 0",
      ['EventID == 4625', 'LogonType == 3', 'IpPort == @"0"'],
    ],
    ['sentinel', SECURITY, "EventID: 4697, ServiceStartType: '2'", ['ServiceStartType == 2']],
    ['defender', 'category: network_connection', "DestinationPort: '443'", ['RemotePort == 443']],
    ['splunk', SECURITY, 'EventID: 4625, LogonType: 3', ['LogonType=3']],
  ] as const)('%s, %s: %s', (language, source, selection, expected) => {
    const text = written(language, source, selection);
    for (const part of expected) expect(text).toContain(part);
  });

  it('EQL does not ask for an empty text where a number stands', () => {
    expect(written('eql', 'category: network_connection', 'DestinationPort: null')).not.toContain('""');
  });

  it.each([
    ["DestinationPort|contains: '4'", /"like" of destination\.port, which holds a number/],
    ["DestinationIp|contains: '10.'", /"like" of destination\.ip, which holds a address/],
    ["DestinationIp|re: '^10'", /"regex" of destination\.ip, which holds a address/],
  ])('EQL refuses %s', (selection, message) => {
    expect(() => written('eql', 'category: network_connection', selection)).toThrow(UnsupportedError);
    expect(() => written('eql', 'category: network_connection', selection)).toThrow(message);
  });
});

describe("Elastic's agents", () => {
  it('rename data of the Security log: by the events that the rule asks for, or either', () => {
    const named = written('eql', SECURITY, "EventID: 4624, ProcessName|endswith: '\\a.exe'");
    expect(named).toContain('process.executable : "*\\\\a.exe"');
    expect(named).not.toContain('winlog.event_data.ProcessName');
    const handles = written('eql', SECURITY, "EventID: 4663, ProcessName|endswith: '\\a.exe'");
    expect(handles).toContain('winlog.event_data.ProcessName :');
    expect(handles).not.toContain('process.executable');
    const any = written('eql', SECURITY, "ProcessName|endswith: '\\a.exe'");
    expect(any).toMatch(/process\.executable : .* or\s+winlog\.event_data\.ProcessName :/);
  });

  it('leave a dash where it was, and not among the addresses', () => {
    const text = written('eql', SECURITY, "EventID: 4625, IpAddress: ['-', '::1']");
    expect(text).toContain('source.ip == "::1"');
    expect(text).toContain('winlog.event_data.IpAddress : "-"');
  });

  it('say of an absent value that it is in neither column', () => {
    const text = written('eql', SECURITY, 'WorkstationName: null');
    expect(text).toMatch(/source\.domain == null[\s\S]* and\s[\s\S]*winlog\.event_data\.WorkstationName == null/);
  });

  it('refuse numbers that they write in another base', () => {
    expect(() => written('eql', SECURITY, "EventID: 4688, NewProcessId: '0x4'")).toThrow(/as another number/);
  });

  it('keep UserData beside EventData', () => {
    expect(written('eql', 'service: applocker', "FilePath: 'x'")).toMatch(
      /winlog\.user_data\.FilePath : "x" or\s+winlog\.event_data\.FilePath : "x"/,
    );
  });

  it('put the hashes of a deleted file with the process or with the file, and drop those of a blocked one', () => {
    const hash = 'a'.repeat(64);
    expect(written('eql', 'category: file_delete', `Hashes|contains: 'SHA256=${hash}'`)).toMatch(
      /file\.hash\.sha256 : .* or\s+process\.hash\.sha256 : /,
    );
    expect(() => written('eql', 'category: file_block_executable', `Hashes|contains: 'SHA256=${hash}'`)).toThrow(
      /has no column for Hashes/,
    );
  });

  it("call the id of Sysmon's error error.code", () => {
    expect(written('eql', 'category: sysmon_error', "ID: 'x'")).toContain('error.code : "x"');
  });
});

describe('Defender XDR', () => {
  it('has the name or the path of the parent in DeviceEvents, the name elsewhere', () => {
    const pipe = written('defender', 'category: pipe_created', "ParentImage|endswith: '\\cmd.exe'");
    expect(pipe).toContain('InitiatingProcessParentFileName =~ @"cmd.exe"');
    expect(pipe).toContain('InitiatingProcessParentFileName endswith @"\\cmd.exe"');
    const file = written('defender', 'category: file_event', "ParentImage|endswith: '\\cmd.exe'");
    expect(file).not.toContain('endswith');
  });

  it('may have the folder alone in DeviceEvents: the path is put together first', () => {
    const text = written('defender', 'category: driver_load', "ImageLoaded|endswith: '\\lamp.sys'");
    expect(text).toContain('| extend DriverPath = iff(FolderPath endswith strcat(@"\\", FileName)');
    expect(text).toContain('DriverPath endswith @"\\lamp.sys"');
  });

  it('has the member of a group in its JSON, by the SID', () => {
    expect(written('defender', SECURITY, "EventID: 4732, MemberSid: 'S-1-5-7'")).toContain(
      '| extend MemberSid = tostring(parse_json(AdditionalFields).MemberSid)',
    );
  });

  it('has a task as JSON: words of its XML, no marks', () => {
    expect(written('defender', SECURITY, "EventID: 4698, TaskContent|contains: 'powershell'")).toContain(
      'TaskContent contains @"powershell"',
    );
    expect(() => written('defender', SECURITY, "EventID: 4698, TaskContent|contains: '<Hidden>'")).toThrow(
      /only a word within/,
    );
  });

  it("calls Sysmon's event types by its own actions", () => {
    expect(written('defender', 'category: registry_event', 'EventType: SetValue')).toContain(
      'ActionType =~ @"RegistryValueSet"',
    );
  });
});

describe("Splunk's data models and OCSF", () => {
  it('have a registry number as hexadecimal text', () => {
    expect(written('splunk-cim', 'category: registry_set', "Details: 'DWORD (0x00000001)'")).toContain(
      'registry_value_data="0x00000001"',
    );
  });

  it('name the program that acted on a file or the registry, by its id alone that on the network', () => {
    expect(written('splunk-cim', 'category: file_event', "Image|endswith: '\\a.exe'")).toContain(
      'process_path="*\\\\a.exe"',
    );
    expect(() => written('splunk-cim', 'category: network_connection', "Image|endswith: '\\a.exe'")).toThrow(
      /has no column for Image/,
    );
  });

  it("call OCSF's renamed file file_result, and file what it was", () => {
    const { rules } = readSigma(
      "title: t\nlogsource: {product: windows, category: file_rename}\ndetection: {s: {TargetFilename: 'new', SourceFilename: 'old'}, condition: s}\n",
    );
    const text = languages.sql.emit(rules[0], ocsf);
    expect(text).toContain(`lower("file_result.path") = 'new'`);
    expect(text).toContain(`lower("file.path") = 'old'`);
  });
});
