// `winnow hunt` as a process of its own, for bench/hunt.mjs: tells on stderr what CPU and memory it took.

const [log, rules, cache] = process.argv.slice(2);
process.env.WINNOW_CACHE = cache;
process.argv.splice(2, process.argv.length, 'hunt', log, '--rules', rules, '--json', '--quiet');
process.on('exit', () => {
  const { maxRSS, userCPUTime } = process.resourceUsage();
  process.stderr.write(`${(userCPUTime / 1e6).toFixed(2)} s of CPU, ${Math.round(maxRSS / 1024)} MB\n`);
  // 1: something was found.
  if (process.exitCode === 1) process.exitCode = 0;
});
await import('../dist/cli.js');
