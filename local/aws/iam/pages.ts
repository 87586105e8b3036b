const DEFAULT = 100;
const MAXIMUM = 1000;
/** A list, such as `<Users><member>…</member></Users>`. */
const LIST = /<(\w+)>((?:<member>|<member\/>)[\s\S]*<\/member>)<\/\1>/;

/** The same parameters without a page: moto returns pages of some lists only. */
export function withoutPage(parameters: URLSearchParams): URLSearchParams {
  const all = new URLSearchParams(
    [...parameters].filter(([name]) => name !== "Marker" && name !== "MaxItems"),
  );
  all.set("MaxItems", String(MAXIMUM));
  return all;
}

/**
 * Cuts the list in an IAM response to the requested page, 100 members by default.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUsers.html
 */
export function pageOf(answer: string, parameters: URLSearchParams): string {
  const list = LIST.exec(answer);
  if (list === null) return answer;
  const [whole, name = "", inside = ""] = list;
  const members = membersIn(inside);
  const from = Number(parameters.get("Marker") ?? 0);
  const to = from + Math.min(Number(parameters.get("MaxItems") ?? DEFAULT), MAXIMUM);
  const more = to < members.length;
  const rest = answer
    .replace(whole, () => `<${name}>${members.slice(from, to).join("")}</${name}>`)
    .replace(/<IsTruncated>\w+<\/IsTruncated>|<Marker>[^<]*<\/Marker>|<Marker\/>/g, "");
  const end = `<IsTruncated>${more}</IsTruncated>${more ? `<Marker>${to}</Marker>` : ""}`;
  return rest.replace(/<\/\w+Result>/, (tag) => `${end}${tag}`);
}

/** The members of a list, which can contain lists. */
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
