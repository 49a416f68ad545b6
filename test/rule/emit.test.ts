// What each language says of one small condition, what it refuses, and that text out of a hostile file stays text.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parse as parseToml } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { UnsupportedError } from '../../src/errors.ts';
import { and, type Condition, like, mergeAlternatives, named, not, or } from '../../src/rule/condition.ts';
import { NO_DATE } from '../../src/rule/emit/elastic.ts';
import { eqlString } from '../../src/rule/emit/eql.ts';
import { languages } from '../../src/rule/emit/index.ts';
import { PROCESS_CREATION } from '../../src/rule/log-source.ts';
import {
  ANY_MANY,
  ANY_ONE,
  joinPatterns,
  literal,
  patternFromStars,
  type TextPattern,
} from '../../src/rule/pattern.ts';
import { eventQuery } from '../../src/rule/query.ts';
import type { Rule } from '../../src/rule/rule.ts';
import { uuidV5 } from '../../src/rule/uuid-v5.ts';
import { hasHidden, visibleText } from '../../src/rule/visible-text.ts';

function ruleOf(condition: Condition, more: Partial<Rule> = {}): Rule {
  return {
    id: '11111111-2222-5333-8444-555555555555',
    title: 'A title',
    description: 'A description.',
    status: 'experimental',
    severity: 'medium',
    authors: ['Somebody'],
    license: 'Apache-2.0',
    name: null,
    date: null,
    modified: null,
    tags: [],
    references: [],
    falsePositives: [],
    threats: [],
    logSource: PROCESS_CREATION,
    taxonomy: 'winnow',
    query: eventQuery(condition),
    notes: [],
    triage: [],
    ...more,
  };
}

/** The languages of children rules: those of the others are in languages.test.ts. */
type ChildLanguage = 'eql' | 'elastic' | 'sigma' | 'defender' | 'sentinel' | 'splunk';
const COMMENT: Readonly<Record<ChildLanguage, RegExp>> = {
  eql: /^\/\//,
  elastic: /^#/,
  sigma: /^#/,
  defender: /^\/\//,
  sentinel: /^\/\//,
  splunk: /^``` /,
};
const IDS = Object.keys(COMMENT) as ChildLanguage[];

/** The lines of a language's text after its opening comment. */
function body(id: ChildLanguage, condition: Condition): readonly string[] {
  return languages[id]
    .emit(ruleOf(condition))
    .split('\n')
    .filter((line) => line !== '' && !COMMENT[id].test(line));
}

/** The part of a text that says the condition. */
function said(id: ChildLanguage, condition: Condition): string {
  const lines = body(id, condition);
  if (id === 'sigma') return lines.slice(lines.indexOf('detection:') + 1, -1).join('\n');
  if (id === 'elastic') return lines.slice(lines.indexOf("query = '''") + 2, lines.lastIndexOf("'''")).join('\n');
  if (id === 'eql') return lines.slice(1).join('\n');
  return lines.slice(id === 'splunk' ? 0 : 2).join('\n');
}

const anyDrive = (tail: string): TextPattern => joinPatterns([ANY_ONE, ':'], literal(tail));

describe('one condition in every language', () => {
  it('the name of the parent', () => {
    const condition = like('process.parent.image', literal('a.exe'));
    expect(said('eql', condition)).toBe('  process.parent.name : "a.exe"');
    expect(said('elastic', condition)).toBe('  process.parent.name : "a.exe"');
    expect(said('sigma', condition)).toBe("  selection:\n    ParentImage|endswith: '\\a.exe'\n  condition: selection");
    expect(said('defender', condition)).toBe('| where InitiatingProcessFileName =~ @"a.exe"');
    expect(said('sentinel', condition)).toBe('| where ParentProcessName endswith @"\\a.exe"');
    expect(said('splunk', condition)).toMatch(/EventCode=1 ParentImage="\*\\\\a\.exe"$/);
  });

  it('a path on any drive', () => {
    const condition = not(like('process.image.path', anyDrive('\\Windows\\a.exe')));
    expect(said('eql', condition)).toBe('  not process.executable : "?:\\\\Windows\\\\a.exe"');
    expect(said('sigma', condition)).toBe("  selection:\n    Image: '?:\\Windows\\a.exe'\n  condition: not selection");
    expect(said('defender', condition)).toBe(
      '| where not(FolderPath matches regex @"(?is)^.:\\\\Windows\\\\a\\.exe$")',
    );
    expect(said('splunk', condition)).toContain(
      '| fillnull value="" Image\n| where NOT match(Image, "(?is)^.:\\\\\\\\Windows\\\\\\\\a\\\\.exe\\\\z")',
    );
  });

  it('literal wildcards, where the language has no escape for them', () => {
    const star = like('process.commandLine', literal('del *.?'));
    expect(said('eql', star)).toBe('  process.command_line in~ ("del *.?")');
    expect(said('sigma', star)).toContain("CommandLine: 'del \\*.\\?'");
    expect(said('defender', star)).toBe('| where ProcessCommandLine =~ @"del *.?"');
    expect(said('splunk', star)).toContain('| where match(CommandLine, "(?is)^del \\\\*\\\\.\\\\?\\\\z")');
    const both = like('process.commandLine', joinPatterns(literal('del *'), [ANY_MANY]));
    expect(said('eql', both)).toBe('  process.command_line regex~ "del \\\\*.*"');
    expect(said('sigma', both)).toContain("CommandLine|startswith: 'del \\*'");
  });

  it("Sigma's backslashes: doubled in runs and before wildcards only", () => {
    const sigma = (pattern: TextPattern) => said('sigma', like('process.commandLine', pattern)).split('\n')[1].trim();
    expect(sigma(literal('a\\b'))).toBe("CommandLine: 'a\\b'");
    expect(sigma(literal('\\\\server\\x'))).toBe("CommandLine: '\\\\\\\\server\\x'");
    expect(sigma(literal('a\\*'))).toBe("CommandLine: 'a\\\\\\*'");
    expect(sigma(joinPatterns(literal('a\\'), [ANY_MANY], literal('\\b')))).toBe("CommandLine: 'a\\\\*\\b'");
    expect(sigma(literal('end\\'))).toBe("CommandLine: 'end\\'");
  });

  it('letters outside ASCII, whose case EQL and the KQL words do not ignore', () => {
    const condition = like('process.parent.image', literal('Ünter.exe'));
    expect(said('eql', condition)).toBe('  process.parent.name regex~ "[Üü]nter\\\\.exe"');
    expect(said('defender', condition)).toBe('| where InitiatingProcessFileName matches regex @"(?is)^Ünter\\.exe$"');
    expect(said('splunk', condition)).toContain('match(ParentImage, "(?is)^.*\\\\\\\\Ünter\\\\.exe\\\\z")');
  });

  it('precedence: every list inside a list stands in parentheses', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((text) => like('process.commandLine', literal(text)));
    const condition = or(and(a, not(or(b, and(c, b)))), c);
    expect(said('eql', condition)).toBe(
      '  (\n    (\n      process.command_line : "a" and\n' +
        '      not (process.command_line : "b" or (process.command_line : "c" and process.command_line : "b"))\n' +
        '    ) or\n    process.command_line : "c"\n  )',
    );
    expect(said('sigma', condition).split('\n').at(-1)).toBe(
      '  condition: (selection and not (selection_2 or (selection_3 and selection_4))) or selection_5',
    );
  });

  it('Sigma says "1 of filter_main_*" only where that is all of them', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((text) =>
      named(`filter_main_${text}`, text, [], like('process.image', literal(text))),
    );
    expect(said('sigma', and(c, not(or(a, b))))).toContain(
      'condition: filter_main_c and not (filter_main_a or filter_main_b)',
    );
    expect(said('sigma', not(or(a, b)))).toContain('condition: not 1 of filter_main_*');
    expect(said('sigma', not(a))).toContain('condition: not 1 of filter_main_*');
  });

  it('joins the values of one field in an or, and drops what is there twice', () => {
    const condition = or(
      like('process.image', literal('a')),
      named('n', '', [], like('process.image', literal('A'), literal('b'))),
    );
    expect(mergeAlternatives(condition)).toEqual(like('process.image', literal('a'), literal('b')));
  });
});

describe('what a language cannot say is refused', () => {
  const refused = (id: ChildLanguage, condition: Condition) => () => languages[id].emit(ruleOf(condition));

  it('a column that the table has not', () => {
    const condition = like('process.parent.commandLine', literal('x'));
    expect(refused('sentinel', condition)).toThrow(UnsupportedError);
    expect(refused('sentinel', condition)).toThrow(/4688.*command line of the parent/);
    for (const id of IDS.filter((other) => other !== 'sentinel')) expect(refused(id, condition)).not.toThrow();
  });

  it('a name with a wildcard inside, where the column holds a path', () => {
    const condition = like('process.image', patternFromStars('a*b.exe'));
    for (const id of ['sigma', 'sentinel', 'splunk'] as const) expect(refused(id, condition)).toThrow(UnsupportedError);
    expect(said('eql', condition)).toBe('  process.name : "a*b.exe"');
    const ending = like('process.image', patternFromStars('*b.exe'));
    expect(said('sentinel', ending)).toBe('| where NewProcessName matches regex @"(?is)^.*\\\\.*b\\.exe$"');
  });

  it('half a UTF-16 pair, an empty list, a regular expression that Elasticsearch would refuse', () => {
    const long = like('process.commandLine', joinPatterns(literal(`?${'a'.repeat(1000)}`), [ANY_MANY]));
    expect(refused('eql', long)).toThrow(/longer than Elasticsearch takes/);
    for (const id of IDS) {
      expect(refused(id, like('process.image', literal('\uD800')))).toThrow(UnsupportedError);
      expect(refused(id, and())).toThrow(UnsupportedError);
      expect(refused(id, not(or()))).toThrow(UnsupportedError);
      expect(refused(id, like('process.image'))).toThrow(UnsupportedError);
    }
  });
});

/** Strings as a hostile PE may hold them: quotes, backslashes, wildcards, comment marks, control and bidirectional characters. */
const nasty = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '"',
        "'",
        '\\',
        '*',
        '?',
        '`',
        '```',
        "'''",
        '"""',
        '\n',
        '\r',
        '\t',
        '\0',
        '*/',
        '//',
        '#',
        '|',
        ': ',
        '%',
      ),
      fc.constantFrom(
        '\u202E',
        '\u2066',
        '\u2028',
        '\u0085',
        '\uFEFF',
        '\u{E0041}',
        '\uFFFE',
        '- ',
        '$',
        '{',
        ']',
        'é',
        'ß',
        'K',
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));
const RUNS = { numRuns: 300 };

/** Reads a Sigma value by the specification: a backslash escapes a backslash and the wildcards, else it is itself. */
function readSigma(text: string): TextPattern {
  const parts: TextPattern[] = [];
  for (let at = 0; at < text.length; at++) {
    const next = text[at + 1];
    if (text[at] === '\\' && next !== undefined && '\\*?'.includes(next)) parts.push([text[++at]]);
    else parts.push([text[at] === '*' ? ANY_MANY : text[at] === '?' ? ANY_ONE : text[at]]);
  }
  return joinPatterns(...parts);
}

/** Reads a double-quoted EQL string by Elastic's grammar. */
function readEql(text: string): string {
  const short: Readonly<Record<string, string>> = { b: '\b', t: '\t', n: '\n', f: '\f', r: '\r' };
  return text
    .slice(1, -1)
    .replace(/\\u\{([0-9a-f]{2,8})\}|\\(["\\btnfr])/g, (_, hex: string | undefined, character: string) =>
      hex === undefined ? (short[character] ?? character) : String.fromCodePoint(Number.parseInt(hex, 16)),
    );
}

describe('hostile text', () => {
  const patterns = fc.array(fc.oneof(nasty, fc.constantFrom(ANY_ONE, ANY_MANY)), { maxLength: 4 });

  it('survives YAML and Sigma escaping, in values and in prose', () => {
    fc.assert(
      fc.property(patterns, nasty, (parts, prose) => {
        const pattern = joinPatterns(parts);
        const rule = ruleOf(like('process.commandLine', pattern), { title: `T${prose}`, falsePositives: [prose] });
        const read = parseYaml(languages.sigma.emit(rule));
        expect(Object.keys(read).slice(0, 3)).toEqual(['title', 'id', 'status']);
        expect(read.title).toBe(visibleText(`T${prose}`));
        expect(read.falsepositives).toEqual([visibleText(prose)]);
        const [[key, value]] = Object.entries<string>(read.detection.selection);
        const [before, after] = {
          startswith: [[], [ANY_MANY]],
          endswith: [[ANY_MANY], []],
          contains: [[ANY_MANY], [ANY_MANY]],
        }[key.split('|')[1] ?? ''] ?? [[], []];
        expect(joinPatterns(before, readSigma(value), after)).toEqual(pattern);
      }),
      RUNS,
    );
  });

  it('survives TOML and EQL strings', () => {
    fc.assert(
      fc.property(nasty, nasty, (text, prose) => {
        expect(readEql(eqlString(text))).toBe(text);
        const rule = ruleOf(like('process.parent.image', literal(text)), { title: `T${prose}`, triage: [prose] });
        const read = parseToml(languages.elastic.emit(rule)) as { rule: { name: string; query: string; note: string } };
        expect(read.rule.name).toBe(visibleText(`T${prose}`));
        const eqlLines = languages.eql.emit(rule).split('\n');
        const start = eqlLines.findIndex((line) => line.startsWith('process where'));
        expect(read.rule.query).toBe(eqlLines.slice(start).join('\n'));
        expect(read.rule.note).not.toMatch(/[^\\]!\{/);
      }),
      RUNS,
    );
  });

  it('never adds a line, leaves a comment, or hides a character, in any language', () => {
    const plain = IDS.map((id) => body(id, like('process.parent.image', literal('x'))).length);
    fc.assert(
      fc.property(nasty, (text) => {
        const condition = named('selection', text, [text], like('process.parent.image', literal(text || 'x')));
        const rule = ruleOf(condition, {
          title: text,
          description: text,
          notes: [{ heading: text, lines: [text, text] }],
        });
        for (const [index, id] of IDS.entries()) {
          const emitted = languages[id].emit(rule);
          const lines = emitted.split('\n').filter((line) => line !== '');
          expect(lines.some(hasHidden)).toBe(false);
          // EQL sets a long literal on a line of its own, between the brackets of its list.
          const joined = emitted.replace(/\(\n +(".*")\n +\)/g, '($1)').split('\n');
          const code = joined.filter((line) => line !== '' && !COMMENT[id].test(line));
          // The Elastic note shows the sections again and Splunk may need fillnull and where.
          const extra = id === 'elastic' ? 4 : id === 'splunk' ? 2 : 0;
          expect(code.length).toBeGreaterThanOrEqual(plain[index]);
          expect(code.length).toBeLessThanOrEqual(plain[index] + extra);
          if (id === 'splunk') {
            for (const line of lines.filter((other) => COMMENT[id].test(other)))
              expect(line).toMatch(/^``` [^`"[\]|]* ```$/);
          }
        }
      }),
      { ...RUNS, examples: [['\u{100000}\0\0\0\u202e\u202e*\0\0\0\u202e']] },
    );
  });

  it('a regular expression of Kusto or Splunk matches the text and its other case, and nothing longer', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const condition = not(like('process.commandLine', joinPatterns(literal(text), [ANY_ONE], literal(text))));
        const kusto = /matches regex @"(.*)"\)$/.exec(said('defender', condition))?.[1].replaceAll('""', '"');
        const splunk = /match\(CommandLine, "(.*)"\)$/.exec(said('splunk', condition))?.[1].replace(/\\(.)/gs, '$1');
        expect(splunk?.replace(/\\z$/, '$')).toBe(kusto);
        const regex = new RegExp((kusto ?? '').replace('(?is)', '').replace(/\\x\{/g, '\\u{'), 'isu');
        expect(regex.test(`${text}_${text}`)).toBe(true);
        expect(regex.test(`${text}${text}`)).toBe(false);
        expect(regex.test(`${text}_${text}x`)).toBe(false);
      }),
      RUNS,
    );
  });
});

describe('details', () => {
  it('an Elastic rule without a date holds the placeholder and says so; with one, the date', () => {
    const condition = like('process.image', literal('a'));
    const undated = languages.elastic.emit(ruleOf(condition));
    expect(undated).toContain(`creation_date = "${NO_DATE}"`);
    expect(undated).toContain('No date was given');
    const dated = parseToml(languages.elastic.emit(ruleOf(condition, { date: '2024-02-29' }))) as {
      metadata: { creation_date: string; updated_date: string };
    };
    expect(dated.metadata).toMatchObject({ creation_date: '2024/02/29', updated_date: '2024/02/29' });
    expect(parseYaml(languages.sigma.emit(ruleOf(condition))).date).toBeUndefined();
  });

  it('UUIDv5: the example of RFC 9562 (A.4), and a name of more than one block', () => {
    const dns = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';
    expect(uuidV5(dns, 'www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
    expect(uuidV5(dns, 'ü'.repeat(100))).toBe('03cd28bd-ea54-5c3d-bd4c-110e254c314f');
  });

  it('every language has its section in docs/languages.md', () => {
    const page = readFileSync(new URL('../../docs/languages.md', import.meta.url), 'utf8');
    for (const id of Object.keys(languages)) {
      const section = page.split(/^## /m).find((text) => text.startsWith(`${id}: `)) ?? '';
      for (const part of ['Table', 'Fields', 'Letter case', 'What it cannot say', 'Checked by'])
        expect(section).toContain(`**${part}.**`);
    }
  });

  it('cuts a very long line of a comment and says by how much', () => {
    expect(visibleText('a'.repeat(1005))).toMatch(/^a{1000} \(and 5 more characters\)$/);
  });
});
