// The time that a test has computed for, which other work on the machine does not lengthen: for limits on what must not take long.

/** Milliseconds of processor time of this process since it began. */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
