// Prints how often the forecast of a held-out week holds on synthetic histories, and how wide it is beside the true interval.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'tsdown';

const USAGE = `usage: node truth/forecast.mjs [--from SEED] [--series COUNT] [--json]
  --from SEED      the first seed (default: 1)
  --series COUNT   how many series, a seed each (default: 1000)
  --json           print the figures as JSON and nothing else`;

const whole = (text) => (/^\d{1,9}$/.test(text) ? Number(text) : Number.NaN);

function wanted() {
  try {
    const { values } = parseArgs({
      options: { from: { type: 'string' }, series: { type: 'string' }, json: { type: 'boolean' } },
    });
    const [from, series] = [whole(values.from ?? '1'), whole(values.series ?? '1000')];
    if (Number.isNaN(from) || !(series > 0)) throw new Error('SEED and COUNT are whole numbers');
    return { from, series, json: values.json };
  } catch (error) {
    console.error(`${error.message}\n${USAGE}`);
    process.exit(2);
  }
}

const { from, series, json } = wanted();
const built = mkdtempSync(join(tmpdir(), 'winnow-'));
try {
  await build({
    config: false,
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    entry: { score: 'truth/forecast-score.ts' },
    outDir: built,
    dts: false,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
    outExtensions: () => ({ js: '.mjs' }),
  });
  const { scoreSeeds } = await import(pathToFileURL(join(built, 'score.mjs')).href);
  const scores = scoreSeeds(from, series);
  if (json) console.log(JSON.stringify({ from, ...scores }, null, 2));
  else print(scores);
} finally {
  rmSync(built, { recursive: true, force: true });
}

function print({ kinds, hundreds, all }) {
  const row = (...cells) => console.log(cells.map((cell, at) => (at ? cell.padStart(9) : cell.padEnd(28))).join(''));
  const share = (number) => `${(100 * number).toFixed(1)} %`;
  console.log(
    `Seeds ${from} to ${from + series - 1}: 90 % intervals of the held-out week (sum of seven days) and of its days.`,
  );
  console.log(
    '"true" is how often the true interval holds; "width" the median width beside the true one; "ref" the median of same weekdays.\n',
  );
  row('', 'week', 'true', 'width', 'day', 'true', 'width', 'ref', 'width');
  for (const [name, { week, day, reference }] of [...Object.entries(kinds), ['all', all]])
    row(
      name,
      ...[week, day].flatMap((one) => [share(one.holds), share(one.true_holds), one.width.toFixed(2)]),
      share(reference.holds),
      reference.width.toFixed(2),
    );
  if (hundreds.length < 2) return;
  const holds = hundreds.map(({ week }) => week.holds);
  const within = holds.filter((one) => one >= 0.85 && one <= 0.97).length;
  console.log(
    `\nOf ${hundreds.length} sets of 100 series, ${within} hold in 85 to 97 % (${share(Math.min(...holds))} to ${share(Math.max(...holds))}); the widest median is ${Math.max(...hundreds.map(({ week }) => week.width)).toFixed(2)}.`,
  );
}
