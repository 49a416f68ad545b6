// Whole processes in turn, A B C A B C, so that what else the machine does falls on all of them.
import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

/**
 * Runs each side once a round; what it writes goes to /dev/null. A side is { name, command, args }; the result, by name, is
 * { times (seconds), best, median, told (the first line on stderr) }.
 */
export function inTurn(sides, rounds) {
  const results = new Map(sides.map(({ name }) => [name, { times: [], told: '' }]));
  for (let round = 0; round < rounds; round++) {
    for (const { name, command, args } of sides) {
      const out = openSync('/dev/null', 'w');
      const start = performance.now();
      const { stderr, status } = spawnSync(command, args, { stdio: ['ignore', out, 'pipe'], maxBuffer: 1 << 28 });
      const result = results.get(name);
      result.times.push((performance.now() - start) / 1000);
      closeSync(out);
      const [line] = String(stderr).trim().split('\n');
      if (status !== 0) throw new Error(`${name} failed: ${String(stderr).slice(0, 1000)}`);
      result.told = line.slice(0, 70);
    }
  }
  for (const result of results.values()) {
    result.best = Math.min(...result.times);
    result.median = middle(result.times);
  }
  return results;
}

/** The middle of the ratios, by rounds, of one side's time to another's. */
export function ratio(results, one, other) {
  const { times } = results.get(other);
  return middle(results.get(one).times.map((time, round) => time / times[round]));
}

function middle(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
