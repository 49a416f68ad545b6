// Hints at the functions that start a child: as the fixtures' first comments state them, on x64 and x86, and on damaged bytes.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findChildren, type ModuleFile } from '../../src/children/find-children.ts';
import { followFile } from '../../src/children/followed-module.ts';
import { ModuleView } from '../../src/children/module-view.ts';
import { type ExpectedChild, readExpected } from './fixtures-expected.ts';

const FOLDER = fileURLToPath(new URL('../../fixtures/children/', import.meta.url));

const cases = readdirSync(FOLDER)
  .filter((file) => /\.(c|cpp)$/.test(file))
  .flatMap((file) => {
    const { builds, children } = readExpected(readFileSync(FOLDER + file, 'utf8'), file);
    return children
      .filter((child) => child.hint !== undefined)
      .flatMap((child) => builds.map((build) => ({ id: `${build}/${file.replace(/\.\w+$/, '')}`, child })));
  });

const read = (id: string): ModuleFile => ({ name: 'fixture.exe', bytes: readFileSync(`${FOLDER}bin/${id}.exe`) });

/** The hints at the function of a child's first evidence, as --explain asks for them. */
function hintsAt(file: ModuleFile, { image }: ExpectedChild): readonly string[] {
  const document = findChildren(file);
  const evidence = document.children.find((child) => child.image === image)?.evidence[0];
  if (!evidence) throw new Error(`${image} is not found`);
  return new ModuleView(followFile(file), document.sites).describeFunction(evidence.function).hints;
}

describe('the hint at a function', () => {
  it('is stated by fixtures of both compilers and both widths', () => {
    const builds = new Set(cases.map(({ id }) => id.split('/')[0]));
    expect([...builds].sort()).toEqual(['clang-x64', 'clang-x86', 'mingw-x64', 'mingw-x86']);
  });

  it.each(cases)('is right in $id', ({ id, child }) => {
    const hints = hintsAt(read(id), child);
    if (child.hint === null) expect(hints).toEqual([]);
    else expect(hints.filter((hint) => hint.startsWith(child.hint as string))).toHaveLength(1);
  });

  it("stands in the document where the function's own texts give it", () => {
    const [child] = findChildren(read('clang-x64/hint-source-path')).children;
    expect(child.evidence[0].hint).toMatch(/^by its source path: harbour\\dock\\beacon\.cpp \(at 0x[0-9a-f]+\)$/);
    expect(findChildren(read('clang-x64/hint-none')).children[0].evidence[0].hint).toBeUndefined();
  });

  it('never ends in an error on damaged bytes', () => {
    const whole = read('clang-x64/hint-rtti-virtual');
    const start = findChildren(whole).sites[0].function;
    for (let at = 0x400; at < whole.bytes.length; at += 7) {
      const bytes = Uint8Array.from(whole.bytes);
      bytes[at] ^= 0xff;
      expect(() => new ModuleView(followFile({ ...whole, bytes }), []).describeFunction(start)).not.toThrow();
    }
  });
});

describe('a function without a name', () => {
  it('is known again by its texts, its callers and its place in a table', () => {
    const file = read('clang-x64/hint-class-strings');
    const document = findChildren(file);
    const view = new ModuleView(followFile(file), document.sites);
    const notes = view.describeFunction(document.sites[0].function);
    expect(notes.texts).toEqual(['alpha.exe']);
    expect(notes.places).toEqual([expect.stringMatching(/^function 0 of the table at 0x/)]);
    expect(view.functionAt(document.sites[0].site)).toBe(document.sites[0].function);
    expect(view.functionAt('0x1')).toBeUndefined();
  });
});
