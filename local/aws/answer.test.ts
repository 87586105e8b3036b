import { IAM } from "@aws-sdk/client-iam";
import { expect, onTestFinished, test, vi } from "vitest";
import { type Server, serve } from "../http";
import { accountsOf } from "./account";
import { answer } from "./answer";
import { LOCAL_ACCOUNT, LOCAL_CREDENTIALS, localClient } from "./root";
import { State } from "./state";

async function served(...args: Parameters<typeof serve>): Promise<Server> {
  const server = await serve(...args);
  onTestFinished(() => server.close());
  return server;
}

test("a change that moto does not answer clears what was read: moto may have made it", async () => {
  const moto = await served(() => Promise.reject(new Error("no response")));
  const state = new State(accountsOf(moto.endpoint));
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = LOCAL_CREDENTIALS;
  state.credentials.addRoot(AWS_ACCESS_KEY_ID, LOCAL_ACCOUNT, AWS_SECRET_ACCESS_KEY);
  const forget = vi.spyOn(state, "forget");
  const { endpoint } = await served((received) => answer(received, moto.endpoint, state));
  const iam = new IAM({ ...localClient(endpoint), maxAttempts: 1 });
  await expect(iam.createAccountAlias({ AccountAlias: "team" })).rejects.toThrow("socket hang up");
  expect(forget).toHaveBeenCalledOnce();
});
