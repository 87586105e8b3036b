import { Failure } from "../../../failure";

/** The start of a log file: CloudTrail writes `Records`, and `aws cloudtrail lookup-events` prints `Events`. */
const HEAD = /^\uFEFF?\s*\{\s*"(Records|Events)"\s*:\s*\[/;
const HEAD_LENGTH = 1024;
/** An event has at most 256 KB. */
const MOST_CHARACTERS = 16 * 1024 * 1024;

const [QUOTE, BACKSLASH] = ['"'.charCodeAt(0), "\\".charCodeAt(0)];
const OPENING = new Set(["{", "["].map((each) => each.charCodeAt(0)));
const CLOSING = new Set(["}", "]"].map((each) => each.charCodeAt(0)));

/** The file is not a CloudTrail log. */
export class NoLog extends Failure {}

/**
 * The records of a log file as JSON, several at a time. At most one record and one chunk are in memory.
 * Source: CloudTrail user guide, "CloudTrail log file examples".
 *
 * @throws NoLog if the text is not a log, and Failure (`unseen`) if it is truncated
 */
export async function* recordsIn(chunks: AsyncIterable<string>): AsyncGenerator<readonly string[]> {
  let [text, isInside, isString, isOver, depth, at, start, count] = ["", false, false, false, 0, 0, 0, 0];
  for await (const chunk of chunks) {
    // Read to the end, where gzip has its checksum.
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
      throw damaged(`Record ${count + 1} is longer than ${MOST_CHARACTERS} characters.`);
  }
  if (isOver) return;
  if (!isInside) {
    throw new NoLog(
      "unseen",
      text.trim() === "" ? "It is empty." : `It is not a CloudTrail log file: it has no "Records".`,
      "Expected CloudTrail log files, as JSON or gzip, or folders of them. Name what to audit before --trail.",
    );
  }
  throw damaged(`It is truncated after record ${count}.`);
}

export function damaged(problem: string): Failure {
  return new Failure(
    "unseen",
    problem,
    "Copy the file from its bucket again. The records that could be read count.",
  );
}
