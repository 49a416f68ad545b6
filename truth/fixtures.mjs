// How many fixtures give their answer: runs the fixtures' own test, so that there is one way to compare them.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const TEST = 'test/children/fixtures.test.ts';
const OPEN = new URL('../test/children/fixtures-open.json', import.meta.url);

/** The fixtures that pass, are listed as open, and fail, as "build/idea"; with `without` some traps are left unhandled. */
export function fixtures(without = []) {
  const folder = mkdtempSync(join(tmpdir(), 'winnow-truth-'));
  const answer = join(folder, 'fixtures.json');
  const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
  try {
    const run = spawnSync(process.execPath, [vitest, 'run', TEST, '--reporter=json', `--outputFile=${answer}`], {
      cwd: ROOT,
      encoding: 'utf8',
      env: { ...process.env, ...(without.length > 0 ? { FIXTURES_WITHOUT: without.join(',') } : {}) },
    });
    if (run.error || run.signal) throw new Error(`the fixtures' test did not run: ${run.error ?? run.signal}`);
    const results = JSON.parse(readFileSync(answer, 'utf8')).testResults.flatMap((file) => file.assertionResults);
    // Titles are "'build/idea': ..." as the test writes them.
    const cases = results.flatMap((result) => {
      const id = /^'?([a-z0-9-]+\/[a-z0-9-]+)'?:/.exec(result.title)?.[1];
      return id === undefined
        ? []
        : [{ id, passed: result.status === 'passed', why: firstLine(result.failureMessages) }];
    });
    const open = new Set(JSON.parse(readFileSync(OPEN, 'utf8')));
    const failed = cases.filter(({ passed }) => !passed);
    return {
      fixtures: cases.length,
      passed: cases.filter(({ id, passed }) => passed && !open.has(id)).length,
      open: cases.filter(({ id, passed }) => passed && open.has(id)).map(({ id }) => id),
      failed: failed.map(({ id, why }) => ({ fixture: id, why })),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const firstLine = (messages) => messages?.[0]?.split('\n')[0].replace(/^AssertionError: |: expected \[.*$/g, '') ?? '';
