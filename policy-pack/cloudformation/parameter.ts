import { isText, type Text, Unknown } from "../iam/policy/unknown";
import { isObject, type Values } from "./model";

/** A value that takes itself away: `!Ref AWS::NoValue`. */
export const NO_VALUE = Symbol("AWS::NoValue");

/** What is known of a template beside its text. */
export interface TemplateContext {
  /** Tells this template's unknown values from those of others: the same name means the same value only within one. */
  readonly scope: string;
  /** Where it is deployed, as far as that is known. */
  readonly account?: string;
  readonly region?: string;
  /** The parameters that are given, where they are known; every other parameter then has its default. */
  readonly parameters?: Values;
}

/** Parameters and pseudo parameters: known, or one unknown value each. */
export class Parameters {
  private readonly declared: Values;
  private readonly pseudo: ReadonlyMap<string, unknown>;
  private readonly assumed = new Map<string, string>();
  /** Those that were asked for; emptied by whoever wants to know. */
  readonly used = new Set<string>();

  constructor(
    declared: unknown,
    private readonly known: TemplateContext,
  ) {
    this.declared = isObject(declared) ? declared : {};
    this.pseudo = pseudoParameters(known);
  }

  get scope(): string {
    return this.known.scope;
  }

  value(name: string): unknown {
    this.used.add(name);
    const [only, ...others] = this.allowedFor(name) ?? [];
    return (
      this.assumed.get(name) ??
      this.pseudo.get(name) ??
      this.given(name) ??
      (others.length === 0 ? only : undefined) ??
      this.unknown(name)
    );
  }

  /** What is read while a parameter has this value; `undefined`: any again. */
  assume(name: string, text: string | undefined): void {
    if (text === undefined) this.assumed.delete(name);
    else this.assumed.set(name, text);
  }

  /** The parameter's name, where the value is one that is not known. */
  nameOf(value: Unknown): string | undefined {
    return value.id === this.unknown(value.label).id ? value.label : undefined;
  }

  /** The values that a parameter may have, where the template lists them. */
  allowed(value: Unknown): readonly string[] | undefined {
    return this.allowedFor(this.nameOf(value) ?? "");
  }

  /** For one of the Systems Manager the template lists names, for a list what each of its entries may be. */
  private allowedFor(name: string): readonly string[] | undefined {
    const parameter = this.declared[name];
    if (!isObject(parameter) || isFromSsm(parameter) || isList(parameter)) return undefined;
    const { AllowedValues: allowed } = parameter;
    return Array.isArray(allowed) && allowed.every((each) => typeof each !== "object")
      ? allowed.map(String)
      : undefined;
  }

  private unknown(name: string): Unknown {
    const label = /^[A-Za-z0-9:]{1,255}$/.test(name) ? name : "Ref";
    const form = name === "AWS::AccountId" ? "account" : undefined;
    return new Unknown(label, undefined, `${this.known.scope}${name}`, undefined, form);
  }

  private given(name: string): unknown {
    const parameter = this.declared[name];
    const { parameters } = this.known;
    if (parameters === undefined || !isObject(parameter)) return undefined;
    const value = parameters[name] ?? parameter.Default;
    if (isFromSsm(parameter) || typeof value === "object" || value === undefined) return undefined;
    const text = String(value);
    return isList(parameter) ? text.split(",").map((each) => each.trim()) : text;
  }
}

/** What is given names a parameter of the Systems Manager, which has the value. */
function isFromSsm({ Type: type }: Values): boolean {
  return String(type).startsWith("AWS::SSM::");
}

function isList({ Type: type }: Values): boolean {
  return /^(CommaDelimitedList|List<)/.test(String(type));
}

/** Where a template is deployed, as its pseudo parameters say it. */
export function homeIn(known: TemplateContext): { readonly account: Text; readonly partition: Text } {
  const parameters = new Parameters({}, known);
  const textOf = (name: string) => [parameters.value(name)].find(isText) ?? new Unknown(name);
  return { account: textOf("AWS::AccountId"), partition: textOf("AWS::Partition") };
}

/** Source: CloudFormation user guide, "Pseudo parameters reference". */
function pseudoParameters({ account, region }: TemplateContext): ReadonlyMap<string, unknown> {
  const isChina = region?.startsWith("cn-") === true;
  const known: readonly (readonly [string, unknown])[] = [
    ["AWS::NoValue", NO_VALUE],
    ["AWS::AccountId", account],
    ["AWS::Region", region],
    ["AWS::Partition", region && partitionOf(region)],
    ["AWS::URLSuffix", region && `amazonaws.com${isChina ? ".cn" : ""}`],
  ];
  return new Map(known.filter(([, value]) => value !== undefined));
}

/** `undefined` for partitions of which a region's name does not tell enough. */
function partitionOf(region: string): string | undefined {
  if (region.startsWith("cn-")) return "aws-cn";
  if (region.startsWith("us-gov-")) return "aws-us-gov";
  return /^(af|ap|ca|eu|il|me|mx|sa|us)-[a-z]+-\d$/.test(region) ? "aws" : undefined;
}
