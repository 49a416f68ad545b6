// How many rules of a folder each language can say, and why not the others: node truth/convert.mjs FOLDER [REASONS].
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const [folder, shown = '8'] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: node truth/convert.mjs FOLDER [REASONS], after npm run build');
  process.exit(2);
}
const program = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const help = spawnSync(process.execPath, [program, 'convert', '--help'], { encoding: 'utf8' }).stdout;
const languages = /--to <LANG>[\s\S]*?choices:([^)]*)\)/.exec(help)[1].match(/[a-z-]+/g);

for (const language of languages) {
  const run = spawnSync(process.execPath, [program, 'convert', folder, '--to', language, '--json', '--quiet'], {
    encoding: 'utf8',
    maxBuffer: 1 << 29,
  });
  const { rules, refused, notLoaded } = JSON.parse(run.stdout);
  const counts = new Map();
  for (const { reason } of refused) {
    const kind = reason.replace(/"[^"]*"/g, '"..."').replace(/of \d+ characters/, 'of N characters');
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  console.log(`${language}: ${rules.length} written, ${refused.length} refused, ${notLoaded.length} not read`);
  const reasons = [...counts].sort((a, b) => b[1] - a[1]);
  for (const [reason, count] of reasons.slice(0, Number(shown)))
    console.log(`  ${String(count).padStart(5)}  ${reason}`);
  if (reasons.length > Number(shown)) console.log(`         and ${reasons.length - Number(shown)} more reasons`);
}
