// The published JSON Schema: it takes a full document, refuses broken ones, and says the same as the TypeScript types.
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { EXAMPLE } from './example-document.ts';

const schema = JSON.parse(readFileSync(new URL('../../docs/formats/children-1.schema.json', import.meta.url), 'utf8'));
const validate = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile(schema);

// biome-ignore lint/suspicious/noExplicitAny: the tests below break a document on purpose, in ways its type forbids
type Loose = any;

const copy = (): Loose => structuredClone(EXAMPLE);

describe('children-1.schema.json', () => {
  it('takes a document in which every field stands', () => {
    expect(validate(EXAMPLE), JSON.stringify(validate.errors)).toBe(true);
  });

  it('takes the smallest document', () => {
    const empty = {
      ...copy(),
      modules: [],
      sites: [],
      children: [],
      blindSpots: [],
      generic: [],
      documents: [],
      strings: [],
      rule: [],
      notes: [],
    };
    empty.parent.version = null;
    empty.parent.sha256 = '';
    expect(validate(empty), JSON.stringify(validate.errors)).toBe(true);
  });

  const broken: [string, (document: Loose) => void][] = [
    [
      'an unknown field at the top',
      (d) => {
        d.more = 1;
      },
    ],
    [
      'another schema name',
      (d) => {
        d.schema = 'winnow.children/2';
      },
    ],
    [
      'a missing list',
      (d) => {
        delete d.blindSpots;
      },
    ],
    [
      'an unknown field of a child',
      (d) => {
        d.children[0].score = 3;
      },
    ],
    [
      'a child without evidence',
      (d) => {
        d.children[0].evidence = [];
      },
    ],
    [
      'a confidence that is no such word',
      (d) => {
        d.children[0].confidence = 'certain';
      },
    ],
    [
      'an address as a number',
      (d) => {
        d.sites[0].site = 5;
      },
    ],
    [
      'an address in upper case',
      (d) => {
        d.sites[0].site = '0x14000ABCD';
      },
    ],
    [
      'an address with padding',
      (d) => {
        d.sites[0].site = '0x00140001234';
      },
    ],
    [
      'an export without a name',
      (d) => {
        d.children[0].reach = 'export:';
      },
    ],
    [
      'a reach that is no such word',
      (d) => {
        d.children[0].evidence[0].reach = 'somewhere';
      },
    ],
    [
      'a hash of the wrong length',
      (d) => {
        d.modules[0].sha256 = 'ab';
      },
    ],
    [
      'an argument that is not a list',
      (d) => {
        d.sites[0].arguments.file = 'x';
      },
    ],
    [
      'seventeen callers',
      (d) => {
        d.sites[0].callers = Array(17).fill('0x1');
      },
    ],
    [
      'a blind spot without a reason',
      (d) => {
        delete d.blindSpots[0].reason;
      },
    ],
    [
      'a registry place without its value',
      (d) => {
        delete d.blindSpots[0].registry[0].value;
      },
    ],
    [
      'a rule in a language that is no such word',
      (d) => {
        d.rule[0].language = 'yara';
      },
    ],
    [
      'an open verdict without a site',
      (d) => {
        d.verdict.sites = [];
      },
    ],
    [
      'a closed verdict with a site',
      (d) => {
        d.verdict.kind = 'closed';
      },
    ],
    [
      'a negative count',
      (d) => {
        d.modules[0].sites = -1;
      },
    ],
  ];
  it.each(broken)('refuses %s', (_what, breakIt) => {
    const document = copy();
    breakIt(document);
    expect(validate(document)).toBe(false);
  });
});

describe('schema and document.ts', () => {
  const source = (path: string) => {
    const url = new URL(`../../src/${path}`, import.meta.url);
    return ts.createSourceFile(path, readFileSync(url, 'utf8'), ts.ScriptTarget.Latest, true);
  };
  const statements = [...source('children/document.ts').statements];
  const note = source('errors.ts')
    .statements.filter(ts.isInterfaceDeclaration)
    .filter((i) => i.name.text === 'Note');
  const interfaces = [...statements.filter(ts.isInterfaceDeclaration), ...note];

  it('finds the interfaces', () => {
    expect(interfaces.map((i) => i.name.text)).toContain('Evidence');
    expect(interfaces.map((i) => i.name.text)).toContain('Note');
  });

  it.each(interfaces.map((i) => [i.name.text, i] as const))('agree on the fields of %s', (name, declaration) => {
    const members = declaration.members.filter(ts.isPropertySignature);
    const described = name === 'ChildrenDocument' ? schema : schema.$defs[name];
    expect(Object.keys(described?.properties ?? {}).sort()).toEqual(members.map((m) => m.name.getText()).sort());
    expect([...described.required].sort()).toEqual(
      members
        .filter((m) => !m.questionToken)
        .map((m) => m.name.getText())
        .sort(),
    );
    for (const member of members) {
      const words = literalWords(member.type);
      if (words.length > 0)
        expect(described.properties[member.name.getText()].enum, member.name.getText()).toEqual(words);
    }
  });

  const unions = statements.filter(ts.isTypeAliasDeclaration);
  it.each(unions.map((t) => [t.name.text, t] as const))('agree on the words of %s', (name, declaration) => {
    const words = literalWords(declaration.type);
    const types = ts.isUnionTypeNode(declaration.type) ? declaration.type.types.filter(ts.isTypeReferenceNode) : [];
    if (types.length > 0)
      expect(schema.$defs[name].oneOf).toEqual(types.map((one) => ({ $ref: `#/$defs/${one.typeName.getText()}` })));
    else if (words.length > 0 && name !== 'Reach') expect(schema.$defs[name].enum).toEqual(words);
    else expect(schema.$defs[name].type).toBe('string');
    const pattern = new RegExp(schema.$defs[name].pattern ?? '');
    if (name === 'Reach') for (const word of words) expect(word).toMatch(pattern);
  });

  /** The strings of a union of string literals; none for any other type. */
  function literalWords(type: ts.TypeNode | undefined): string[] {
    if (!type || !ts.isUnionTypeNode(type)) return [];
    return type.types
      .filter(ts.isLiteralTypeNode)
      .flatMap((t) => (ts.isStringLiteral(t.literal) ? [t.literal.text] : []));
  }
});
