/** Milliseconds of processor time of this process, which other processes do not affect. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Milliseconds of processor time to serialize and parse this as JSON, as a unit for benchmarks. */
export function jsonMs(value: unknown): number {
  const before = processorMs();
  JSON.parse(JSON.stringify(value));
  return processorMs() - before;
}
