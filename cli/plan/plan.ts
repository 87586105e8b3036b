/** One thing to do. Doing it a second time changes nothing. */
export interface Step {
  /** As an order: "Delete the console password". */
  readonly what: string;
  /** Whether AWS and the stack say that it is done already. */
  readonly done: boolean;
  /** Throws Failure where it could not be done. */
  run(): Promise<void>;
}

/** What is to be done for one user, computed from what AWS and the stack say now: so it can be taken up at any step. */
export interface Plan {
  /** As a heading: "Offboard alice". */
  readonly aim: string;
  readonly steps: readonly Step[];
}

/** The plan for people: numbered steps, with a mark on those that are done. */
export function planText({ aim, steps }: Plan): string {
  return [`${aim}:`, ...steps.map(({ done }, index) => line(steps, index, done))].join("\n");
}

/** One step of the plan as a line. */
export function line(steps: readonly Step[], index: number, done: boolean): string {
  return `${done ? "✓" : " "} ${index + 1}. ${steps[index]?.what}`;
}

export function isDone({ steps }: Plan): boolean {
  return steps.every((step) => step.done);
}
