// Copies of PE files without symbols and debug data, as a real target comes: made by mingw-w64's strip into a temporary folder.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const STRIP = 'x86_64-w64-mingw32-strip';

/** A function that gives the stripped bytes of a file, with how to end it; a text where there is no strip. */
export function stripper() {
  const asked = spawnSync(STRIP, ['--version'], { stdio: 'ignore' });
  if (asked.error || asked.status !== 0) return `${STRIP} is not installed (package binutils-mingw-w64-x86-64)`;
  const folder = mkdtempSync(join(tmpdir(), 'winnow-truth-'));
  return {
    strip: (_path, bytes) => {
      const copy = join(folder, createHash('sha256').update(bytes).digest('hex'));
      writeFileSync(copy, bytes);
      const { status, stderr } = spawnSync(STRIP, ['--strip-all', copy]);
      const stripped = status === 0 ? readFileSync(copy) : undefined;
      rmSync(copy);
      if (stripped === undefined) throw new Error(`${STRIP}: ${stderr}`);
      return stripped;
    },
    end: () => rmSync(folder, { recursive: true, force: true }),
  };
}
