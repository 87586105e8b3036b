import { Failure } from "../../../failure";

/** How a log file begins: with `Records` as CloudTrail writes it, with `Events` as `aws cloudtrail lookup-events` prints it. */
const HEAD = /^\uFEFF?\s*\{\s*"(Records|Events)"\s*:\s*\[/;
const HEAD_LENGTH = 1024;
/** AWS's events have at most 256 KB. */
const MOST_CHARACTERS = 16 * 1024 * 1024;

const [QUOTE, BACKSLASH] = ['"'.charCodeAt(0), "\\".charCodeAt(0)];
const OPENING = new Set(["{", "["].map((each) => each.charCodeAt(0)));
const CLOSING = new Set(["}", "]"].map((each) => each.charCodeAt(0)));

/** What is no log file at all. */
export class NoLog extends Failure {}

/**
 * The records of a log file, each as its JSON text, several at a time. No more than one record and one chunk are kept.
 * Source: CloudTrail user guide, "CloudTrail log file examples".
 *
 * @throws NoLog where the text is no log, and Failure (`unseen`) where it breaks off
 */
export async function* recordsIn(chunks: AsyncIterable<string>): AsyncGenerator<readonly string[]> {
  let [text, isInside, isString, isOver, depth, at, start, count] = ["", false, false, false, 0, 0, 0, 0];
  for await (const chunk of chunks) {
    // To the end of the file, where gzip has its checksum.
    if (isOver) continue;
    text += chunk;
    if (!isInside) {
      const head = HEAD.exec(text);
      if (head === null && text.length < HEAD_LENGTH) continue;
      if (head === null) break;
      isInside = true;
      at = head[0].length;
      start = at;
    }
    const records: string[] = [];
    for (; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (isString) {
        // The character after a backslash may be in the next chunk.
        if (code === BACKSLASH && at + 1 === text.length) break;
        if (code === BACKSLASH) at += 1;
        else if (code === QUOTE) isString = false;
      } else if (code === QUOTE) isString = true;
      else if (OPENING.has(code)) {
        if (depth === 0) start = at;
        depth += 1;
      } else if (CLOSING.has(code)) {
        depth -= 1;
        if (depth < 0) {
          isOver = true;
          break;
        }
        if (depth === 0) records.push(text.slice(start, at + 1));
        if (depth === 0) start = at + 1;
      }
    }
    count += records.length;
    if (records.length > 0) yield records;
    text = text.slice(start);
    at -= start;
    start = 0;
    if (text.length > MOST_CHARACTERS)
      throw unreadable(`Record ${count + 1} is longer than ${MOST_CHARACTERS} characters.`);
  }
  if (isOver) return;
  if (!isInside) {
    throw new NoLog(
      "unseen",
      text.trim() === "" ? "It is empty." : `It is no log file of CloudTrail: it has no "Records".`,
      "Expected CloudTrail's log files, as JSON or gzip, or folders of them. Name what is to be evaluated before --trail.",
    );
  }
  throw unreadable(`It breaks off after record ${count}.`);
}

export function unreadable(problem: string): Failure {
  return new Failure(
    "unseen",
    problem,
    "Copy the file from its bucket again. The records before that are counted.",
  );
}
