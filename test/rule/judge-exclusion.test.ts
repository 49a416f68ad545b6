// What an attacker can do about an exclusion: the class of one clause by its fields, values and the selection around it.
import { describe, expect, it } from 'vitest';
import { judgeExclusions } from '../../src/rule/judge-exclusion.ts';
import { readEql } from '../../src/rule/read/eql.ts';
import { readSigma } from '../../src/rule/read/sigma.ts';

const indent = (text: string): string => text.replace(/^/gm, '    ');

/** The exclusions of a rule with a selection and a filter, as YAML maps. */
function judged(filter: string, selection = 'ParentImage|endswith: \\wick.exe', category = 'process_creation') {
  const text = `title: t
logsource: {product: windows, category: ${category}}
detection:
  selection:
${indent(selection)}
  filter:
${indent(filter)}
  condition: selection and not filter
`;
  const { rules, errors } = readSigma(text);
  expect(errors).toEqual([]);
  return judgeExclusions(rules[0].query);
}

const classOf = (...words: Parameters<typeof judged>): string =>
  judged(...words)
    .map((one) => one.class)
    .join(' ');

describe('a clause of one field', () => {
  it.each([
    ['Image|endswith: \\thor.exe', 'free'],
    ['Image|endswith: \\Program Files\\Lamp\\lamp.exe', 'free'],
    ['Image|contains: \\Windows\\System32\\', 'free'],
    ['Image|startswith: C:\\Users\\', 'free'],
    ['Image|startswith: C:\\ProgramData\\Lamp\\', 'free'],
    ['Image|startswith: C:\\Windows\\Temp\\', 'free'],
    ['Image: C:\\Windows\\System32\\spool\\drivers\\color\\lamp.exe', 'free'],
    ['Image|startswith: C:\\Program Files\\', 'guarded'],
    ["Image|contains: ':\\Program Files (x86)\\'", 'guarded'],
    ["Image|startswith: '?:\\Windows\\System32\\'", 'guarded'],
    ['Image|startswith: \\Device\\HarddiskVolume3\\Windows\\System32\\', 'guarded'],
    ['Image: C:\\Windows\\System32\\svchost.exe', 'guarded'],
    ['Image: C:\\Windows\\System32\\rundll32.exe', 'free'],
    ['ParentImage: C:\\Windows\\wick.exe', 'guarded'],
    ['Image|re: ^C:\\\\Program Files\\\\Lamp\\\\.*', 'guarded'],
    ['Image|re: .*lamp', 'free'],
    ['Image|startswith: C:\\$WINDOWS.~BT\\', 'free'],
    ['Image|startswith: C:\\Config.Msi\\', 'free'],
    ['Image|startswith: C:\\System Volume Information\\', 'guarded'],
    ['Image: System', 'guarded'],
    ['Image: null', 'unknown'],
    ['CommandLine|contains: " /refill"', 'free'],
    ['OriginalFileName: lamp.exe', 'free'],
    ['Company: null', 'free'],
    ['CurrentDirectory: C:\\Windows\\System32\\', 'free'],
    ['User|contains: AUTHORI', 'guarded'],
    ["User: ''", 'unknown'],
    ['ParentUser: "-"', 'unknown'],
    ["TargetImage: ''", 'unknown'],
    ["SignatureStatus: '-'", 'free'],
    ["CommandLine: ''", 'free'],
    ['IntegrityLevel: System', 'guarded'],
    ['IntegrityLevel: Medium', 'free'],
    ['Hashes|contains: SHA256=00', 'guarded'],
    ['Hashes|contains: IMPHASH=00', 'free'],
    ['Signed: "true"', 'guarded'],
    ['Signed: "false"', 'free'],
    ['DestinationIp|cidr: 10.0.0.0/8', 'guarded'],
    ['DestinationIp|cidr: [10.0.0.0/8, 127.0.0.0/8]', 'free'],
    ['DestinationIp|cidr: 20.0.0.0/8', 'free'],
    ['QueryName|endswith: .example.com', 'guarded'],
    ['QueryName|endswith: example.com', 'free'],
    ['QueryName|endswith: .azurewebsites.net', 'free'],
    ['TargetObject|startswith: HKLM\\', 'guarded'],
    ['TargetObject|contains: \\Run\\', 'free'],
    ['EventID: 1', 'guarded'],
    ['Provider_Name: Lamp', 'unknown'],
    ['Wax: soft', 'unknown'],
    ['Wax|fieldref: Wick', 'unknown'],
  ])('%s: %s', (filter, expected) => {
    expect(classOf(filter)).toBe(expected);
  });
});

describe('a clause of several fields', () => {
  it('is as strong as its strongest part', () => {
    expect(classOf('Image|endswith: \\thor.exe\nUser|contains: AUTHORI')).toBe('guarded');
    expect(classOf('Image|endswith: \\thor.exe\nWax: soft')).toBe('unknown');
    expect(classOf('Image|endswith: \\thor.exe\nCommandLine|contains: x')).toBe('free');
    expect(classOf('Image|endswith: \\thor.exe\nChannel: Lamp')).toBe('unknown');
    expect(classOf('Image|startswith: C:\\Windows\\System32\\\nChannel: Lamp')).toBe('guarded');
  });

  it('is as weak as the weakest of its values', () => {
    expect(classOf("Image|startswith: ['C:\\Program Files\\', 'C:\\Wax\\']")).toBe('free');
  });

  it('is one exclusion for each map of a list', () => {
    expect(judged('- Image|endswith: \\a.exe\n- User: SYSTEM').map(({ name, class: own }) => [name, own])).toEqual([
      ['filter[1]', 'free'],
      ['filter[2]', 'guarded'],
    ]);
  });
});

describe('the selection around a clause', () => {
  it('contradicts it', () => {
    expect(classOf('Image|endswith: \\a.exe', 'Image|endswith: [\\b.exe, \\c.exe]')).toBe('forced');
    expect(classOf('Image|startswith: C:\\a', 'Image: \\a.exe')).toBe('forced');
    expect(classOf('EventID: 5', 'EventID: [1, 2]')).toBe('forced');
    expect(classOf('CommandLine: null', 'CommandLine|contains: x')).toBe('forced');
    expect(classOf('Level|gte: 5', 'Level|lt: 5')).toBe('forced');
  });

  it('contradicts it only where no value and no alternative is left', () => {
    expect(classOf('Image|endswith: [\\a.exe, \\b.exe]', 'Image|endswith: \\b.exe')).toBe('free');
    expect(classOf('Image|endswith: \\a.exe', '- Image|endswith: \\b.exe\n- OriginalFileName: b')).toBe('free');
    expect(classOf('Image|endswith: \\a.exe', 'Image|contains: b')).toBe('free');
    expect(classOf('Wax|re: A', 'Wax: a')).toBe('unknown');
  });

  it('guards a name by the folder that it asks for', () => {
    expect(classOf('Image|endswith: \\thor.exe', 'Image|startswith: C:\\Windows\\System32\\')).toBe('guarded');
  });

  it('asks for the name of a launcher itself, whose folder is the point then', () => {
    expect(classOf('Image: C:\\Windows\\System32\\rundll32.exe', 'Image|endswith: \\rundll32.exe')).toBe('guarded');
  });

  it('may ask for the keys of the machine itself', () => {
    expect(classOf('TargetObject|startswith: HKLM\\A\\', 'TargetObject|startswith: HKLM\\')).toBe('free');
  });
});

describe('a command line and its arguments', () => {
  const classOfEql = (selection: string, clause: string): string =>
    judgeExclusions(readEql(`process where ${selection} and not ${clause}`))
      .map((one) => one.class)
      .join(' ');

  it('contradict each other where an argument does not stand in the whole', () => {
    expect(classOfEql('process.args : "/wick"', 'process.command_line : "lamp.exe /oil"')).toBe('forced');
    expect(classOfEql('process.args : ("/wick", "1>?:\\\\*.js")', 'process.command_line : "?:\\\\lamp.exe /oil"')).toBe(
      'forced',
    );
    expect(classOfEql('process.command_line : "lamp.exe /oil"', 'process.args : "/wick"')).toBe('forced');
    expect(classOfEql('process.parent.args : "/wick"', 'process.parent.command_line : "lamp.exe"')).toBe('forced');
  });

  it('do not where it may stand there, quotes and backslashes aside', () => {
    expect(classOfEql('process.args : "/oil"', 'process.command_line : "lamp.exe /OIL"')).toBe('free');
    expect(classOfEql('process.args : "/wick"', 'process.command_line : "lamp.exe *"')).toBe('free');
    expect(classOfEql('process.args : "a\\"b c"', 'process.command_line : "lamp.exe \\"a\\\\\\"b c\\""')).toBe('free');
    expect(classOfEql('process.args : "ab"', 'process.command_line : "lamp.exe a?b"')).toBe('free');
    expect(classOfEql('process.args : "a?b"', 'process.command_line : "lamp.exe ab"')).toBe('free');
    expect(classOfEql('process.args : "ab"', 'process.command_line : "l?m?.e?e a?b?"')).toBe('free');
    expect(classOfEql('process.parent.args : "/wick"', 'process.command_line : "lamp.exe"')).toBe('free');
  });

  it('come in time where both lists are long', () => {
    const names = Array.from({ length: 3000 }, (_, index) => `"*?name${index}?*"`).join(', ');
    const start = process.cpuUsage().user;
    classOfEql(`process.args : (${names})`, `process.command_line : (${names})`);
    expect((process.cpuUsage().user - start) / 1e6).toBeLessThan(3);
  });
});

describe('what is told of it', () => {
  it('has values that fulfil the clause and the selection', () => {
    const [{ values }] = judged(
      'Image|endswith: \\thor.exe\nCommandLine|contains: " /x"',
      'Image|contains: \\Tools\\\nCommandLine|startswith: run',
    );
    expect(values).toEqual([
      { field: 'Image', value: 'C:\\Users\\Public\\Tools\\thor.exe' },
      { field: 'CommandLine', value: 'run /x' },
    ]);
  });

  it('names the hole of a folder', () => {
    const [{ but }] = judged('Image|startswith: C:\\Windows\\');
    expect(but?.join()).toMatch(/\\windows\\temp\\/);
  });

  it('has a place and a reason', () => {
    const [{ at, why, number }] = judged('Image|endswith: \\thor.exe');
    expect({ at, why, number }).toEqual({
      at: { line: 7, column: 5 },
      why: 'a file of that name can lie in any folder',
      number: 1,
    });
  });

  it('comes in time for long lists and many filters', () => {
    const names = Array.from({ length: 600 }, (_, index) => `'\\n${index}.exe'`).join(', ');
    const start = process.cpuUsage().user;
    judged(`Image|endswith: [${names}]\nCommandLine|contains|all: [${names}]`, `Image|endswith: [${names}]`);
    expect((process.cpuUsage().user - start) / 1e6).toBeLessThan(3);
  });
});
