/** Milliseconds of processor time that this process has used: what else runs on the machine does not count. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Milliseconds of processor time that it takes to write this as JSON and read it again: what a bench measures beside. */
export function jsonMs(value: unknown): number {
  const before = processorMs();
  JSON.parse(JSON.stringify(value));
  return processorMs() - before;
}
