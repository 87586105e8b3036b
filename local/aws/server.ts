import { randomBytes } from "node:crypto";
import { serve } from "../http";
import { type Moto, startMoto } from "../moto/server";
import { accountsOf } from "./account";
import { answer } from "./answer";
import type { Faults } from "./faults";
import { LOCAL_ACCOUNT, LOCAL_CREDENTIALS } from "./root";
import { State } from "./state";

/**
 * A stand-in for AWS: moto executes the calls that AWS would allow, and all others are refused as AWS refuses them. It supports IAM, STS,
 * S3, Organizations and CloudTrail's LookupEvents; docs/local-aws.md lists what it enforces.
 */
export interface LocalAws extends Omit<Moto, "stop"> {
  /** The access keys of an account's root user, whom no policy of the account limits. */
  rootOf(account: string): { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** An identity provider's token for AssumeRoleWithWebIdentity, which accepts no others. */
  webIdentityToken(claims: { readonly iss: string; readonly sub: string; readonly aud: string }): string;
  readonly faults: Faults;
  /** Writes CloudTrail log files below the folder, as a trail delivers them. Returns their paths. */
  writeEvents(folder: string): Promise<readonly string[]>;
  /**
   * moto itself, which refuses nothing, for entities that AWS creates without an API call. The local AWS does not notice changes there of
   * users, access keys, permissions and SCPs that it has already read.
   */
  readonly motoEndpoint: string;
  /** Empties all accounts. */
  reset(): Promise<void>;
  /** Stops it and moto. */
  stop(): Promise<void>;
}

/** Starts moto, and the local AWS in front of it on a free port. Throws `Unavailable` if moto does not start. */
export async function startLocalAws(): Promise<LocalAws> {
  const moto = await startMoto();
  const state = new State(accountsOf(moto.endpoint));
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = LOCAL_CREDENTIALS;
  state.credentials.addRoot(AWS_ACCESS_KEY_ID, LOCAL_ACCOUNT, AWS_SECRET_ACCESS_KEY);
  const { endpoint, close } = await serve((received) =>
    answer(received, moto.endpoint, state).catch((error: unknown) => {
      // Without moto, no response is sent.
      process.stderr.write(`The local AWS: ${error instanceof Error ? error.stack : String(error)}\n`);
      throw error;
    }),
  );
  moto.died.catch(close);
  return {
    ...moto,
    endpoint,
    faults: state.faults,
    motoEndpoint: moto.endpoint,
    writeEvents: (folder) => state.events.write(folder),
    rootOf: (account) => {
      const accessKeyId = `AKIA${randomBytes(8).toString("hex").toUpperCase()}`;
      const secretAccessKey = randomBytes(30).toString("base64");
      state.credentials.addRoot(accessKeyId, account, secretAccessKey);
      return { accessKeyId, secretAccessKey };
    },
    webIdentityToken: (claims) => state.webIdentity.tokenFor(claims),
    reset: async () => {
      await fetch(`${moto.endpoint}/moto-api/reset`, { method: "POST" });
      state.reset();
    },
    stop: async () => {
      await close();
      await moto.stop();
    },
  };
}
