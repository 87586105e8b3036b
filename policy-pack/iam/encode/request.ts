import { spellKey } from "../condition/key";
import type { Policy } from "../policy/model";
import type { CallerKind } from "../principal/caller";
import type { Model } from "../solver/formula";
import { isInArn } from "./condition";
import { ACTION, CALLER_ACCOUNT, CALLER_ARN, CHOICE, RESOURCE, SESSION } from "./variable";

/** What a request must carry: a condition key with these values, or without it. */
export interface Need {
  readonly key: string;
  readonly values: readonly string[] | undefined;
}

/** A concrete request, as far as its condition keys. */
export interface WitnessKeys {
  /** Condition keys in lower case, and their values; `undefined` for a key that must be absent. */
  readonly request: ReadonlyMap<string, readonly string[] | undefined>;
  /** All that must hold beside who calls and the MFA context, with keys as AWS or the document spells them. */
  readonly needs: readonly Need[];
}

/** The condition keys of a model. */
export function keysOf(model: Model, caller: CallerKind, policies: readonly Policy[]): WitnessKeys {
  const request = [...model].filter(
    ([variable]) =>
      variable !== ACTION &&
      variable !== RESOURCE &&
      !variable.startsWith(CHOICE) &&
      !isInArn(variable, caller),
  );
  const needs = request.filter(([key]) => !IDENTITY.has(key));
  return {
    request: new Map(request),
    needs: needs.map(([key, values]) => ({ key: spellKey(key, ...policies), values })),
  };
}

/** The keys of a request that identify the caller. */
const IDENTITY: ReadonlySet<string> = new Set([CALLER_ARN, CALLER_ACCOUNT, SESSION]);
