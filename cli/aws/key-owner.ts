import { Failure } from "../failure";
import type { SecretKey } from "./access-key";
import { connect, type Who } from "./connect";
import { callerIdentity, type Identity } from "./identity";

/** An IAM user who owns credentials. */
export interface KeyOwner extends Identity {
  readonly user: string;
}

/** Throws Failure (`credentials`) with this remedy if the identity is not an IAM user. */
export function assertUser(identity: Identity, remedy: string): KeyOwner {
  const { arn, user } = identity;
  if (user !== undefined) return { ...identity, user };
  throw new Failure("credentials", `The credentials belong to ${arn}, which is not an IAM user.`, remedy);
}

/** The user who owns this access key, or the profile's. Throws Failure (`credentials`) if AWS rejects it, or it is not a user's. */
export async function ownerOf(
  { key, ...who }: Who & { readonly key?: SecretKey },
  remedy: string,
): Promise<KeyOwner> {
  const credentials = key && { accessKeyId: key.id, secretAccessKey: key.secret };
  using aws = await connect({ ...who, ...(credentials && { credentials }) });
  return assertUser(await callerIdentity(aws), remedy);
}
