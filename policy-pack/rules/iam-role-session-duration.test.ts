import { expect, test } from "vitest";
import { iam } from "./example";
import { iamRoleSessionDuration } from "./iam-role-session-duration";
import { assessed } from "./testing";

const FOUND = ["deploy: open session-too-long, violation"];

test.each<[unknown, object, string[]]>([
  [undefined, {}, []],
  [14_400, {}, []],
  [14_401, {}, FOUND],
  [14_400, { maxSeconds: 3600 }, FOUND],
  [43_200, { maxSeconds: 43_200 }, []],
])(
  "a role with sessions of %s seconds has, with the configuration %j, the findings %j",
  (maxSessionDuration, config, expected) => {
    const props = maxSessionDuration === undefined ? {} : { maxSessionDuration };
    expect(assessed(iamRoleSessionDuration, [iam("Role", "deploy", props)], config)).toEqual(expected);
  },
);
