import { Failure, withState } from "../failure";
import { toldIfEnded } from "../interruption";
import { askYes } from "../terminal/ask";
import { withTerminal } from "../terminal/terminal";

/** A change that can be repeated: the second time it changes nothing. */
export interface Step {
  /** In the imperative: "Delete the console password". */
  readonly what: string;
  /** Whether AWS and the stack already show it as done. */
  readonly done: boolean;
  /** Throws Failure if it cannot be done. */
  run(): Promise<void>;
}

/** The changes to make for one user. It is computed from the present state of AWS and the stack, so a later run resumes at any step. */
export interface Plan {
  /** As a heading: "Offboard alice". */
  readonly title: string;
  readonly steps: readonly Step[];
}

/**
 * Shows the plan, asks for confirmation, and runs the steps that are not done, in order.
 *
 * @param yes do not ask
 * @throws Failure if the person declines or cannot be asked, or if a step fails; it says which steps are done
 */
export async function carryOut({ title, steps }: Plan, yes: boolean): Promise<void> {
  const line = (index: number, done: boolean) => `${done ? "✓" : " "} ${index + 1}. ${steps[index]?.what}\n`;
  process.stdout.write(`${title}:\n${steps.map(({ done }, index) => line(index, done)).join("")}`);
  if (steps.every(({ done }) => done)) return;
  if (!yes) await confirm(`${title} as planned?`);
  for (const [index, step] of steps.entries()) {
    if (step.done) continue;
    const state = stateBefore(index);
    try {
      await toldIfEnded(
        () => `Stopped at step ${index + 1}. ${state}`,
        () => step.run(),
      );
    } catch (error) {
      throw withState(error, state, `Step ${index + 1}: `);
    }
    process.stdout.write(line(index, true));
  }
}

async function confirm(question: string): Promise<void> {
  const instead = "Run this in a terminal, or use --yes. Nothing was changed.";
  if (await withTerminal(instead, (terminal) => askYes(terminal, question))) return;
  throw new Failure("failed", "Nothing was changed.", "Answer y to continue.");
}

function stateBefore(index: number): string {
  const steps = ["No step is", "Step 1 is", "Steps 1 and 2 are"][index] ?? `Steps 1 to ${index} are`;
  return `${steps} done. Run the same command again to continue.`;
}
