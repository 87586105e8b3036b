import { expect, test } from "vitest";
import { pageOf } from "./pages";

const user = (n: number) =>
  `<member><UserName>u${n}</UserName><Tags><member><Key>k</Key></member></Tags></member>`;
const listed = (count: number) =>
  `<R><ListUsersResult><IsTruncated>false</IsTruncated><Users>${Array.from({ length: count }, (_, n) => user(n)).join("")}</Users></ListUsersResult></R>`;
const names = (page: string) => [...page.matchAll(/<UserName>(\w+)</g)].map(([, name]) => name);
const marker = (page: string) => /<Marker>(\w+)</.exec(page)?.[1];

test("the pages of a list contain each member once, whatever their size", () => {
  for (const size of [1, 2, 3, 7, 100]) {
    const found: (string | undefined)[] = [];
    let from: string | undefined = "0";
    while (from !== undefined) {
      const page = pageOf(listed(7), new URLSearchParams({ Marker: from, MaxItems: String(size) }));
      expect(names(page).length).toBeLessThanOrEqual(size);
      expect(page).toContain(`<IsTruncated>${marker(page) !== undefined}</IsTruncated>`);
      found.push(...names(page));
      from = marker(page);
    }
    expect(found).toEqual(["u0", "u1", "u2", "u3", "u4", "u5", "u6"]);
  }
});

test("an empty list is unchanged", () => {
  const empty = "<R><ListUsersResult><Users/><IsTruncated>false</IsTruncated></ListUsersResult></R>";
  expect(pageOf(empty, new URLSearchParams())).toBe(empty);
});
