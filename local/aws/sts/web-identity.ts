import { createHmac, randomBytes } from "node:crypto";
import { z } from "zod";
import { awsError } from "../error";

const claims = z.object({ iss: z.string(), sub: z.string(), aud: z.string(), exp: z.number() });

/** The claims of an identity provider's token (RFC 7519). */
export type Claims = z.infer<typeof claims>;

/** Signs and verifies the tokens of every issuer: the local AWS accepts no others. */
export class WebIdentity {
  readonly #secret = randomBytes(32);

  tokenFor(claims: Omit<Claims, "exp">): string {
    const exp = Math.floor(Date.now() / 1000) + 300;
    const signed = `${encoded({ alg: "HS256", typ: "JWT" })}.${encoded({ ...claims, exp })}`;
    return `${signed}.${this.#signatureOf(signed)}`;
  }

  /** Throws AwsError if the token has another signature, or has expired. */
  claimsIn(token: string): Claims {
    const [header = "", payload = "", signature] = token.split(".");
    if (signature !== this.#signatureOf(`${header}.${payload}`)) throw awsError("badToken");
    const found = claims.parse(JSON.parse(Buffer.from(payload, "base64url").toString("utf8")));
    if (found.exp * 1000 <= Date.now()) throw awsError("tokenExpired");
    return found;
  }

  #signatureOf(signed: string): string {
    return createHmac("sha256", this.#secret).update(signed).digest("base64url");
  }
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}
