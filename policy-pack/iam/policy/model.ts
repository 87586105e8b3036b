import type { Operator } from "../condition/operator";
import type { PrincipalEntry } from "../principal/entry";
import type { Text } from "./unknown";

/**
 * The kind of a policy decides its elements: a trust policy has principals and no resources, an identity policy (and an SCP)
 * resources and no principals, a resource control policy both.
 */
export type PolicyKind = "trust" | "identity" | "resource-control";

/** A policy document in the normal form that the core works on. */
export interface Policy {
  readonly kind: PolicyKind;
  readonly statements: readonly Statement[];
  /** False if a statement, or the whole document, is unknown. */
  readonly complete: boolean;
  /** What AWS refuses in it, although it can be read. It counts to the safe side. */
  readonly refused: readonly DocumentError[];
}

/** A list that matches if one of its entries does, or, negated (`NotAction` …), if none does. */
export interface Selection<T> {
  readonly negated: boolean;
  readonly entries: readonly T[];
}

/** Baselines of the audit identify a way in by its statement's form: a change here must not change the form of a document. */
export interface Statement {
  /** Position in the document, from 0; the same for every form that a choice gives a statement. */
  readonly index: number;
  readonly sid?: string;
  readonly effect: "Allow" | "Deny";
  /** Whether `${…}` is a policy variable: only since version 2012-10-17. */
  readonly variables: boolean;
  /** Not in an identity policy. */
  readonly principals?: Selection<PrincipalEntry>;
  readonly actions: Selection<Text>;
  /** Not in a trust policy. */
  readonly resources?: Selection<Text>;
  readonly conditions: readonly Condition[];
  /** The choices that give the statement this form. */
  readonly when?: ReadonlyMap<string, boolean>;
}

/** A statement of a document, in a result. */
export interface StatementReference {
  /** Position in the document, from 0. */
  readonly statement: number;
  readonly sid?: string;
}

export function referenceTo({ index, sid }: Statement): StatementReference {
  return { statement: index, ...(sid === undefined ? {} : { sid }) };
}

/** The statements of policies that have this effect. */
export function statementsOf(policies: readonly Policy[], effect: Statement["effect"]): readonly Statement[] {
  return policies.flatMap(({ statements }) => statements.filter((each) => each.effect === effect));
}

/** One operator with one key. All conditions of a statement must hold. */
export interface Condition {
  readonly operator: Operator;
  /** Lower case: condition keys are compared without regard to case. */
  readonly key: string;
  /** The key as the document spells it. */
  readonly written: string;
  readonly values: readonly Text[];
}

/** An error in a document, for which AWS would refuse it. */
export interface DocumentError {
  /** For example `Statement[1].Condition.Bool`. Empty for the document as a whole. */
  readonly path: string;
  /** What was found there, by its form; never a value from the document. */
  readonly found: string;
  /** What may stand there. */
  readonly allowed: string;
}

export type Parsed =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly errors: readonly DocumentError[] };
