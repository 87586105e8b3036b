import { createHmac, randomBytes } from "node:crypto";
import { z } from "zod";
import { awsError } from "../error";

const claims = z.object({ iss: z.string(), sub: z.string(), aud: z.string(), exp: z.number() });

/** What a token of an identity provider says (RFC 7519). */
export type Claims = z.infer<typeof claims>;

/** The one identity provider that the local AWS can check: it signs the tokens of every issuer itself. */
export class WebIdentity {
  readonly #secret = randomBytes(32);

  tokenFor(said: Omit<Claims, "exp">, seconds = 300): string {
    const exp = Math.floor(Date.now() / 1000) + seconds;
    const signed = [
      { alg: "HS256", typ: "JWT" },
      { ...said, exp },
    ]
      .map(encoded)
      .join(".");
    return `${signed}.${this.#signatureOf(signed)}`;
  }

  /** Throws AwsError where the token is another's, or has expired. */
  claimsIn(token: string): Claims {
    const [header = "", payload = "", signature] = token.split(".");
    if (signature !== this.#signatureOf(`${header}.${payload}`)) throw awsError("badToken");
    const said = claims.parse(JSON.parse(Buffer.from(payload, "base64url").toString("utf8")));
    if (said.exp * 1000 <= Date.now()) throw awsError("tokenExpired");
    return said;
  }

  #signatureOf(signed: string): string {
    return createHmac("sha256", this.#secret).update(signed).digest("base64url");
  }
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}
