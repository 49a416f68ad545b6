// Elastic's own rules, where WINNOW_DETECTION_RULES names a folder with them: what is read, and that it is the same after it was written.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { elastic } from '../../src/rule/emit/elastic.ts';
import { readElastic } from '../../src/rule/read/elastic.ts';
import { RuleError, ruleErrorText } from '../../src/rule/read/rule-error.ts';
import { withoutPlaces } from './without-places.ts';

const folder = process.env.WINNOW_DETECTION_RULES ?? '';
if (folder === '')
  console.log("skipped: Elastic's rules are not read, because WINNOW_DETECTION_RULES names no folder with them");

describe.skipIf(folder === '')("Elastic's rules", () => {
  it('are read, and are the same when they were written and read again', { timeout: 120_000 }, () => {
    const counts = { eql: { files: 0, read: 0, same: 0 }, kuery: { files: 0, read: 0, same: 0 } };
    const refused = new Map<string, number>();
    const problems: string[] = [];
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((one) =>
      one.endsWith('.toml'),
    )) {
      const text = readFileSync(join(folder, name), 'utf8');
      const [, language] = /^language = "(eql|kuery)"/m.exec(text) ?? [];
      const count = language === 'eql' || language === 'kuery' ? counts[language] : undefined;
      try {
        const rule = readElastic(text);
        if (!count) continue;
        count.files++;
        count.read++;
        const written = elastic.emit(rule);
        const again = readElastic(written);
        if (elastic.emit(again) === written && withoutPlaces(again) === withoutPlaces(rule)) count.same++;
        else problems.push(`${name}: is another rule when it was written and read`);
      } catch (error) {
        if (!(error instanceof RuleError)) throw error;
        const [, kind] = /^a rule of type "(\w+)"/.exec(error.message) ?? [];
        if (kind !== undefined) refused.set(kind, (refused.get(kind) ?? 0) + 1);
        else {
          if (count) count.files++;
          problems.push(ruleErrorText(name, error));
        }
      }
    }
    console.log(counts, Object.fromEntries(refused), problems);
    expect(counts.eql.files).toBeGreaterThan(0);
    expect(counts.eql.read / counts.eql.files).toBeGreaterThanOrEqual(0.99);
    expect(counts.eql.same / counts.eql.files).toBeGreaterThanOrEqual(0.99);
    expect(counts.kuery.read / counts.kuery.files).toBeGreaterThanOrEqual(0.98);
    expect(counts.kuery.same / counts.kuery.read).toBeGreaterThanOrEqual(0.99);
  });
});
