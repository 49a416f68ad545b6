// Example rules in every language side by side, one golden a rule; Sigma is read and written without a change.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { UnsupportedError } from '../../src/errors.ts';
import { languages } from '../../src/rule/emit/index.ts';
import { readSigma } from '../../src/rule/read/sigma.ts';
import type { Rule } from '../../src/rule/rule.ts';

const FOLDER = new URL('../../fixtures/rules/', import.meta.url);
const EXAMPLES = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.yml'))
  .sort()
  .map((name) => ({ name: name.replace('.yml', ''), text: readFileSync(new URL(name, FOLDER), 'utf8') }));

function emitted(rule: Rule, language: (typeof languages)[keyof typeof languages]): string {
  try {
    return language.emit(rule);
  } catch (error) {
    if (!(error instanceof UnsupportedError)) throw error;
    return `refused: ${error.message}\n`;
  }
}

/** The tree without where it stood in the text. */
function withoutPlaces(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, one: unknown) =>
      key === 'at' ? undefined : typeof one === 'bigint' ? `${one}n` : one,
    ),
  );
}

describe('example rules', () => {
  for (const { name, text } of EXAMPLES) {
    const { rules, errors } = readSigma(text);

    it(`${name} in every language`, async () => {
      expect(errors).toEqual([]);
      const parts = Object.values(languages).flatMap((language) =>
        rules.map((rule) => `=== ${language.id}\n\n${emitted(rule, language)}`),
      );
      await expect(parts.join('\n')).toMatchFileSnapshot(`../golden/rule/example-${name}.txt`);
    });

    it(`${name} is the same rule when Sigma is written and read again`, () => {
      for (const rule of rules) {
        const written = languages.sigma.emit(rule);
        const again = readSigma(written);
        expect(again.errors).toEqual([]);
        expect(withoutPlaces(again.rules)).toEqual(withoutPlaces([rule]));
        expect(languages.sigma.emit(again.rules[0])).toBe(written);
      }
    });
  }
});
