// What is read of a Sysmon configuration: places, values, what Sysmon passes over or refuses, and hostile XML.
import { describe, expect, it } from 'vitest';
import { readSysmonConfig } from '../../../src/accounts/sysmon-config/config.ts';
import { LARGEST_CONFIG, readConfigXml } from '../../../src/accounts/sysmon-config/config-xml.ts';
import { bytesOf, configOf, configText, logs, setValue } from './small-config.ts';

const texts = (filtering: string, version?: string) => configOf(filtering, version).problems.map(({ text }) => text);

describe('the XML', () => {
  it('is read with the place of each element and its first run of text', () => {
    const root = readConfigXml(
      bytesOf('<a>\n  <b x="1">one<!-- c -->two</b>\n\t<c\n  y="2"/><d><![CDATA[ <&> ]]></d><e>&lt;&#x41;</e>\n</a>'),
    );
    expect(root.children).toMatchObject([
      { name: 'b', line: 2, column: 3, text: 'one', attributes: { x: '1' } },
      { name: 'c', line: 3, column: 2, attributes: { y: '2' } },
      { name: 'd', line: 4, column: 10, text: ' <&> ' },
      { name: 'e', text: '<A' },
    ]);
  });

  it('may be in UTF-16 with and without a mark, in UTF-8 with one, and in Latin 1', () => {
    const text = '<?xml version="1.0"?><Sysmon schemaversion="4.90">\u00e9</Sysmon>';
    const utf16 = (bom: string) => new Uint8Array(Buffer.from(bom + text, 'utf16le'));
    const swapped = new Uint8Array(Buffer.from(utf16('\ufeff')).swap16());
    const latin = new Uint8Array(Buffer.from(text.replace('?>', ' encoding="ISO-8859-1"?>'), 'latin1'));
    for (const bytes of [utf16('\ufeff'), utf16(''), swapped, bytesOf(`\ufeff${text}`), latin])
      expect(readConfigXml(bytes)).toMatchObject({ name: 'Sysmon', text: '\u00e9' });
  });

  it.each([
    ['no text', '', /^1:0|^1:1|no element|must contain a root/],
    ['no XML', 'hello', /^1:\d+: /],
    ['an end that does not fit', '<a>\n<b></a>', /^2:\d+: /],
    ['an element that does not end', '<a>\n<b>', /^2:\d+: .*unclosed/],
    ['an entity of its own', '<!DOCTYPE a [<!ENTITY e "x">]>\n<a>&e;</a>', /^2:\d+: .*entity/],
    ['an entity out of a file', '<!DOCTYPE a SYSTEM "file:///etc/passwd">\n<a>&x;</a>', /^2:\d+: .*entity/],
    ['depth', '<a>'.repeat(100_000), /^1:\d+: more than 64 elements within one another/],
    ['many elements', `<a>${'<b/>'.repeat(60_000)}</a>`, /^1:\d+: more than 50000 elements/],
    ['a long text', `<a>${'x'.repeat(1 << 16)}</a>`, /^1:\d+: a text of more than 32768 characters/],
    [
      'an encoding that nobody knows',
      '<?xml version="1.0" encoding="x-none"?><a/>',
      /^1:1: the encoding x-none is not known/,
    ],
  ])('with %s is refused, with line and column', (_what, text, expected) =>
    expect(() => readConfigXml(bytesOf(text))).toThrow(expected),
  );

  it('over the largest size is refused', () => {
    expect(() => readConfigXml(new Uint8Array(LARGEST_CONFIG + 1))).toThrow(/^1:1: more than/);
  });

  it('that declares a billion laughs expands none', () => {
    const lines = [...Array(20).keys()].map((i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('');
    expect(() => readConfigXml(bytesOf(`<!DOCTYPE a [<!ENTITY l0 "ha">${lines}]><a>&l20;</a>`))).toThrow(/entity/);
  });

  it('of another kind is no configuration', () => {
    expect(() => readSysmonConfig(bytesOf('\n <Events/>'))).toThrow('2:2: its first element is <Events>, not <Sysmon>');
  });
});

describe('what Sysmon refuses', () => {
  it.each([
    [
      'an unknown condition, of any event',
      '<FileCreate onmatch="include"><Image condition="like">x</Image></FileCreate>',
      /condition "like"/,
    ],
    [
      'a long name',
      `<DnsQuery onmatch="include"><Image name="${'n'.repeat(256)}">x</Image></DnsQuery>`,
      /longer than 255/,
    ],
  ])('%s', (_what, filtering, expected) => {
    expect(configOf(filtering).refusal).toMatchObject({ line: 3, text: expect.stringMatching(expected) });
  });

  it('a schemaversion that is none', () => {
    expect(configOf('', '').refusal?.text).toMatch(/schemaversion/);
    expect(configOf('', 'new').refusal?.text).toMatch(/schemaversion/);
    expect(configOf('').refusal).toBeUndefined();
  });
});

describe('what Sysmon passes over', () => {
  const include = '<RegistryEvent onmatch="include"><TargetObject>k</TargetObject></RegistryEvent>';

  it('a list without onmatch, or with both ways to say it', () => {
    expect(texts('<RegistryEvent/>')).toEqual([expect.stringMatching(/does not say onmatch/)]);
    expect(texts('<RegistryEvent onmatch="include" default="include"/>')).toEqual([expect.stringMatching(/both/)]);
    expect(configOf('<RegistryEvent/>').lists).toEqual([]);
  });

  it('the older default="exclude", which is onmatch="include"', () => {
    const list = '<RegistryEvent default="exclude"><TargetObject>k</TargetObject></RegistryEvent>';
    expect(configOf(list).lists).toMatchObject([{ onmatch: 'include' }]);
    expect(logs(list, setValue({ TargetObject: 'k' }))).toBe(true);
  });

  it('an event of another name, also by letter case alone', () => {
    expect(texts('<registryEvent onmatch="include"/>')).toEqual([expect.stringMatching(/<registryEvent> is no event/)]);
  });

  it('a list with a field that the event has not, and the lists behind it', () => {
    const wrong = '<RegistryEvent onmatch="include">\n<targetobject>k</targetobject></RegistryEvent>';
    const { lists, problems } = configOf(`${include}${wrong}${include}<ProcessCreate onmatch="exclude"/>`);
    expect(lists.map(({ event }) => event)).toEqual(['RegistryEvent', 'ProcessCreate']);
    expect(problems).toMatchObject([{ line: 4, text: expect.stringMatching(/no field targetobject/) }]);
  });

  it('a list with fields that no one event has together', () => {
    const list = '<RegistryEvent onmatch="include"><Details>1</Details><NewName>n</NewName></RegistryEvent>';
    expect(configOf(list).lists).toEqual([]);
  });

  it('lists outside EventFiltering', () => {
    expect(readSysmonConfig(bytesOf(`<Sysmon schemaversion="4.90">${include}</Sysmon>`)).lists).toEqual([]);
  });
});

describe('what reads otherwise than its writer may think', () => {
  const list = (rules: string) =>
    `<RuleGroup groupRelation="or"><RegistryEvent onmatch="include">${rules}</RegistryEvent></RuleGroup>`;
  it.each([
    [
      'no groupRelation',
      '<RegistryEvent onmatch="include"><Image>a</Image><TargetObject>k</TargetObject></RegistryEvent>',
      '4.90',
      /joined by "and"/,
    ],
    ['a <Rule> without a relation', list('<Rule><Image>a</Image><User>u</User></Rule>'), '4.90', /takes "or"/],
    [
      'a condition of a newer schema',
      list('<Image condition="is any">a;b</Image>'),
      '4.22',
      /came with schemaversion 4\.31/,
    ],
    [
      'a <Rule> of a newer schema',
      list('<Rule groupRelation="and"><Image>a</Image></Rule>'),
      '4.21',
      /<Rule> came with schemaversion 4\.22/,
    ],
    ['a group of a newer schema', list('<Image>a</Image>'), '4.1', /<RuleGroup> came with/],
    ['an empty part of a list', list('<Image condition="contains any">a;</Image>'), '4.90', /empty part/],
    [
      'a root that Sysmon does not write',
      list('<TargetObject condition="begin with">HKEY_LOCAL_MACHINE\\SAM</TargetObject>'),
      '4.90',
      /HKLM/,
    ],
    ['a list without rules', `${list('<Image>a</Image>')}<RegistryEvent onmatch="include"/>`, '4.90', /without rules/],
  ])('%s', (_what, filtering, version, expected) => {
    expect(texts(filtering, version)).toEqual([expect.stringMatching(expected)]);
  });

  it('nothing of an empty part under "is any", which is only an empty field', () =>
    expect(texts(list('<Image condition="is any">a;</Image>'))).toEqual([]));

  it('nothing of a list that is plain', () => expect(texts(list('<Image condition="is">a</Image>'))).toEqual([]));

  it('whole configurations in one line say the column', () => {
    expect(readSysmonConfig(bytesOf(configText('<x/>').replaceAll('\n', ''))).problems).toMatchObject([
      { line: 1, column: 46 },
    ]);
  });
});
