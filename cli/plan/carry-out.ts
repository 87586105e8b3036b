import { Failure, Interrupted } from "../failure";
import { toldIfEnded } from "../interruption";
import { askYes } from "../terminal/ask";
import { withTerminal } from "../terminal/terminal";
import { isDone, line, type Plan, planText } from "./plan";

const AGAIN = "Run the same command again to continue.";

/**
 * Shows the plan, asks, and does what is not done yet, one step after the other.
 *
 * @param yes do it without asking
 * @throws Failure where the person does not agree or cannot be asked, or a step fails; it says which steps are done
 */
export async function carryOut(plan: Plan, yes: boolean): Promise<void> {
  process.stdout.write(`${planText(plan)}\n`);
  if (isDone(plan)) return;
  if (!yes) await agreed(plan);
  let current = 0;
  try {
    await toldIfEnded(
      () => `Stopped at step ${current + 1}. ${stateBefore(current)}`,
      async () => {
        for (const [index, step] of plan.steps.entries()) {
          current = index;
          if (step.done) continue;
          await step.run();
          process.stdout.write(`${line(plan.steps, index, true)}\n`);
        }
      },
    );
  } catch (error) {
    throw stoppedAt(current, error);
  }
}

async function agreed({ aim }: Plan): Promise<void> {
  const instead = "Run this in a terminal, or use --yes. Nothing was changed.";
  if (await withTerminal(instead, (terminal) => askYes(terminal, `${aim} as planned?`))) return;
  throw new Failure("failed", "Nothing was changed.", "Answer y to continue.");
}

function stoppedAt(at: number, error: unknown): unknown {
  if (!(error instanceof Failure)) return error;
  const state = stateBefore(at);
  if (error instanceof Interrupted) return new Interrupted(state);
  return new Failure(
    error.exit,
    `Step ${at + 1}: ${error.problem}`,
    `${error.remedy}\n${state}`,
    error.detail,
  );
}

function stateBefore(at: number): string {
  const steps = ["No step is", "Step 1 is", "Steps 1 and 2 are"][at] ?? `Steps 1 to ${at} are`;
  return `${steps} done. ${AGAIN}`;
}
