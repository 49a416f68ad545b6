// A verb of `winnow` as a process of its own, for bench/accounts.mjs: tells on stderr what CPU and memory it took.

process.on('exit', () => {
  const { maxRSS, userCPUTime } = process.resourceUsage();
  process.stderr.write(`${(userCPUTime / 1e6).toFixed(2)} s of CPU, ${Math.round(maxRSS / 1024)} MB\n`);
});
await import('../dist/cli.js');
