const BY_DEFAULT = 100;
const MOST = 1000;
/** What stands inside a list, such as `<Users><member>…</member></Users>`. */
const LIST = /<(\w+)>((?:<member>|<member\/>)[\s\S]*<\/member>)<\/\1>/;

/** The same parameters for moto, which is to give all: it cuts only some of its lists. */
export function withoutPage(parameters: URLSearchParams): URLSearchParams {
  const all = new URLSearchParams(
    [...parameters].filter(([name]) => name !== "Marker" && name !== "MaxItems"),
  );
  all.set("MaxItems", String(MOST));
  return all;
}

/**
 * Cuts the list in an answer of IAM to the page that was asked for, as AWS does: 100 by default.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUsers.html
 */
export function pageOf(answer: string, parameters: URLSearchParams): string {
  const list = LIST.exec(answer);
  if (list === null) return answer;
  const [whole, name = "", inside = ""] = list;
  const members = membersIn(inside);
  const from = Number(parameters.get("Marker") ?? 0);
  const to = from + Math.min(Number(parameters.get("MaxItems") ?? BY_DEFAULT), MOST);
  const more = to < members.length;
  const rest = answer
    .replace(whole, () => `<${name}>${members.slice(from, to).join("")}</${name}>`)
    .replace(/<IsTruncated>\w+<\/IsTruncated>|<Marker>[^<]*<\/Marker>|<Marker\/>/g, "");
  const end = `<IsTruncated>${more}</IsTruncated>${more ? `<Marker>${to}</Marker>` : ""}`;
  return rest.replace(/<\/\w+Result>/, (tag) => `${end}${tag}`);
}

/** The members of a list, whose own lists have members too. */
function membersIn(inside: string): string[] {
  const members: string[] = [];
  let depth = 0;
  let start = 0;
  for (const { 0: tag, index } of inside.matchAll(/<(\/?)member(\/?)>/g)) {
    if (tag === "<member>" && depth++ === 0) start = index;
    if (tag === "</member>" && --depth === 0) members.push(inside.slice(start, index + tag.length));
    if (tag === "<member/>" && depth === 0) members.push(tag);
  }
  return members;
}
