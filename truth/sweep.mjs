// Every file of a folder that is a program or module, each analysed alone: which make Winnow fail, and which it does not follow to the end.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const LIMIT = /\b(?:step limit|too large to be followed)\b/;
/** Said where a called function was not followed to the end, and the site's own function was. */
const CUT = /\bwere more work than is followed\b/;

/** Files without the two letters of DOS programs are passed over and counted. */
export function sweepFolder(folder, findChildren, change = (_path, bytes) => bytes) {
  const result = { files: 0, no_programs: 0, crashed: [], limited: [], cut: [], slowest: { file: null, ms: 0 } };
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (!statSync(path).isFile()) continue;
    const bytes = readFileSync(path);
    if (bytes[0] !== 0x4d || bytes[1] !== 0x5a) {
      result.no_programs++;
      continue;
    }
    result.files++;
    const start = performance.now();
    try {
      const document = findChildren({ name, path, bytes: change(path, bytes) });
      const texts = document.notes.map(({ text }) => text);
      const notes = texts.filter((text) => LIMIT.test(text));
      if (notes.length > 0) result.limited.push({ file: name, notes });
      if (texts.some((text) => CUT.test(text))) result.cut.push(name);
    } catch (error) {
      result.crashed.push({ file: name, error: error.stack?.split('\n').slice(0, 2).join(' ') ?? String(error) });
    }
    const ms = Math.round(performance.now() - start);
    if (ms > result.slowest.ms) result.slowest = { file: name, ms };
  }
  return result;
}
