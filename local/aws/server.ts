import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Moto, startMoto } from "../moto/server";
import { accountsOf } from "./account";
import { answer } from "./answer";
import type { Faults } from "./faults";
import type { Answer } from "./render";
import type { Received } from "./request/call";
import { LOCAL_ACCOUNT, LOCAL_CREDENTIALS } from "./root";
import { State } from "./state";

/**
 * A local AWS that says no: a stand-in, which has moto do what AWS would allow, and refuses the rest as AWS does. It knows IAM,
 * STS, S3 and Organizations; docs/local-aws.md lists what it enforces.
 */
export interface LocalAws extends Omit<Moto, "stop"> {
  /** The access keys of an account's root user, whom no policy of the account limits. */
  rootOf(account: string): { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** A token of an identity provider, for AssumeRoleWithWebIdentity. The local AWS takes no others. */
  webIdentityToken(claims: { readonly iss: string; readonly sub: string; readonly aud: string }): string;
  readonly faults: Faults;
  /** Writes what CloudTrail would have seen below the folder, in the files that a trail delivers. Gives their paths. */
  writeEvents(folder: string): Promise<readonly string[]>;
  /** moto itself, which refuses nothing: for what AWS makes without its API. */
  readonly motoEndpoint: string;
  /** Empties all accounts. */
  reset(): Promise<void>;
  /** Ends it, and moto. */
  stop(): Promise<void>;
}

/**
 * Starts moto and the local AWS in front of it, on `port` or on a free one. Throws `Unavailable` where moto does not start.
 */
export async function startLocalAws(options: { port?: number } = {}): Promise<LocalAws> {
  const moto = await startMoto();
  const state = new State(accountsOf(moto.endpoint));
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = LOCAL_CREDENTIALS;
  state.credentials.addRoot(AWS_ACCESS_KEY_ID, LOCAL_ACCOUNT, AWS_SECRET_ACCESS_KEY);
  const server = createServer((incoming, outgoing) => {
    respond(incoming, outgoing, (received) => answer(received, moto.endpoint, state)).catch(
      (error: unknown) => {
        // Without moto there is no AWS: nothing answers.
        process.stderr.write(`The local AWS: ${error instanceof Error ? error.stack : String(error)}\n`);
        outgoing.destroy();
      },
    );
  });
  // A connection that is closed for being idle would end the next call on it.
  server.keepAliveTimeout = 0;
  await new Promise<void>((done) => server.listen(options.port ?? 0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  moto.died.catch(close);
  return {
    ...moto,
    endpoint: `http://127.0.0.1:${port}`,
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

async function respond(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  answerTo: (received: Received) => Promise<Answer>,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  const { method = "GET", url = "/", headers } = incoming;
  const received = { method, url, headers, body: Buffer.concat(chunks) };
  const { status, headers: given, body } = await answerTo(received);
  outgoing.writeHead(status, { ...given }).end(body);
}
