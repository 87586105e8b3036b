import { isText, type Text, Unknown } from "../iam/policy/unknown";
import { isObject, type Values } from "./model";

/** `!Ref AWS::NoValue`: removes the property. */
export const NO_VALUE = Symbol("AWS::NoValue");

/** What is known about a template beyond its text. */
export interface TemplateContext {
  /** Distinguishes this template's unknown values from those of others: a name means the same value only within one. */
  readonly scope: string;
  /** Where it is deployed, as far as that is known. */
  readonly account?: string;
  readonly region?: string;
  /** The given parameters, if they are known; every other parameter then has its default. */
  readonly parameters?: Values;
}

/** Parameters and pseudo parameters: known, or one unknown value each. */
export class Parameters {
  private readonly declared: Values;
  private readonly pseudo: ReadonlyMap<string, unknown>;
  private readonly assumed = new Map<string, string>();
  /** The names that were read; the caller clears it. */
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

  /** Sets a parameter to a value for the time being; `undefined` unsets it. */
  assume(name: string, text: string | undefined): void {
    if (text === undefined) this.assumed.delete(name);
    else this.assumed.set(name, text);
  }

  /** The name of the parameter that an unknown value stands for. */
  nameOf(value: Unknown): string | undefined {
    return value.id === this.unknown(value.label).id ? value.label : undefined;
  }

  /** The allowed values of the parameter that an unknown value stands for, if the template lists them. */
  allowed(value: Unknown): readonly string[] | undefined {
    return this.allowedFor(this.nameOf(value) ?? "");
  }

  /** Not for parameters of the Systems Manager, whose allowed values are names, and lists, where they apply to the entries. */
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

/** Whether the given value is the name of a parameter of the Systems Manager, which has the actual value. */
function isFromSsm({ Type: type }: Values): boolean {
  return String(type).startsWith("AWS::SSM::");
}

function isList({ Type: type }: Values): boolean {
  return /^(CommaDelimitedList|List<)/.test(String(type));
}

/** The account and partition that a template is deployed to, by its pseudo parameters. */
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

/** `undefined` if the region's name does not determine its partition. */
function partitionOf(region: string): string | undefined {
  if (region.startsWith("cn-")) return "aws-cn";
  if (region.startsWith("us-gov-")) return "aws-us-gov";
  return /^(af|ap|ca|eu|il|me|mx|sa|us)-[a-z]+-\d$/.test(region) ? "aws" : undefined;
}
