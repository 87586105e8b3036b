/** A statement of an IAM policy, in the form that the AWS API takes. */
export interface Statement {
  Sid?: string;
  Effect: "Allow" | "Deny";
  Principal?: { AWS: string[] };
  Action?: string | string[];
  NotAction?: string[];
  Resource?: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

/** The JSON text of a policy that holds the statements in the order given. */
export function policyDocument(statements: readonly Statement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}
