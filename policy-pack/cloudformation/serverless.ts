import { isObject, type Values } from "./model";

/**
 * The roles that AWS's transform adds to a SAM template. The template can set the trust policy of a function's role; every
 * other role trusts one AWS service.
 * Source: SAM developer guide, "Generated CloudFormation resources"; the transform itself, `aws-sam-translator`.
 */
export const SERVERLESS = "AWS::Serverless-2016-10-31";

/** The template with those roles, before any function in it is resolved. */
export function withServerlessRoles(template: Values): Values {
  const { Resources: resources, Globals: globals, Conditions: conditions } = template;
  if (!isObject(resources)) return template;
  const made = Object.entries(resources).flatMap(([logicalId, resource]) =>
    isObject(resource) ? rolesOf(logicalId, resource, isObject(globals) ? globals : {}) : [],
  );
  return {
    ...template,
    Resources: { ...Object.fromEntries(made.map(({ name, role }) => [name, role])), ...resources },
    Conditions: {
      ...(isObject(conditions) ? conditions : {}),
      ...Object.fromEntries(made.flatMap(({ under }) => (under === undefined ? [] : [under]))),
    },
  };
}

/** Whether everything is known that the transform makes of a type. */
export function isKnownServerless(type: string): boolean {
  return TYPES.has(type.slice("AWS::Serverless::".length));
}

const NAMES =
  "Api Application CapacityProvider Connector Function GraphQLApi HttpApi LayerVersion MicrovmImage NetworkConnector " +
  "SimpleTable StateMachine WebFunction WebSocketApi";
const TYPES = new Set(NAMES.split(" "));

interface Made {
  readonly name: string;
  readonly role: Values;
  /** A condition that the transform adds to the template. */
  readonly under?: readonly [name: string, condition: unknown];
}

function rolesOf(logicalId: string, resource: Values, globals: Values): readonly Made[] {
  const { Type: type, Condition: condition, IgnoreGlobals: ignored } = resource;
  const properties = isObject(resource.Properties) ? resource.Properties : {};
  const role = (suffix: string, trust: unknown, under?: unknown): Made =>
    roleOf(`${logicalId}${suffix}`, trust, under, properties.Policies);
  const trusting = (suffix: string, service: string) => role(suffix, trustOf(service), condition);
  const without = (property: string, ...roles: Made[]) => (properties[property] === undefined ? roles : []);
  switch (type) {
    case "AWS::Serverless::Function": {
      const given = merged(globalTrust(globals, ignored), properties.AssumeRolePolicyDocument);
      const own = ownRole(properties.Role, condition);
      const made = own && role("Role", given ?? trustOf("lambda.amazonaws.com"), own.name);
      return [
        ...(made === undefined
          ? []
          : [{ ...made, ...(own?.under === undefined ? {} : { under: own.under }) }]),
        ...eventRoles(properties.Events, FUNCTION_EVENTS, trusting),
        ...deploymentRole(properties.DeploymentPreference, condition),
      ];
    }
    case "AWS::Serverless::StateMachine":
      return [
        ...without("Role", trusting("Role", "states.amazonaws.com")),
        ...eventRoles(properties.Events, STATE_MACHINE_EVENTS, trusting),
      ];
    case "AWS::Serverless::WebFunction":
      return without("ExecutionRoleArn", trusting("Role", "lambda.amazonaws.com"));
    case "AWS::Serverless::CapacityProvider":
    case "AWS::Serverless::NetworkConnector":
      return [trusting("OperatorRole", "lambda.amazonaws.com")];
    case "AWS::Serverless::MicrovmImage":
      return [trusting("BuildRole", "lambda.amazonaws.com")];
    case "AWS::Serverless::GraphQLApi":
      return [trusting("CloudWatchRole", "appsync.amazonaws.com")];
    default:
      return [];
  }
}

function roleOf(name: string, trust: unknown, under?: unknown, policies?: unknown): Made {
  const Properties = { AssumeRolePolicyDocument: trust, Policies: inlineOf(policies) };
  return {
    name,
    role: { Type: "AWS::IAM::Role", ...(under === undefined ? {} : { Condition: under }), Properties },
  };
}

/** One role for all functions, even if a function is not deployed, unless `PassthroughCondition` is set. */
function deploymentRole(preference: unknown, condition: unknown): readonly Made[] {
  const { Enabled, Role, PassthroughCondition }: Values = isObject(preference) ? preference : {};
  if (preference === undefined || Enabled === false || Role !== undefined) return [];
  const under = PassthroughCondition === true ? condition : undefined;
  return [roleOf("CodeDeployServiceRole", trustOf("codedeploy.amazonaws.com"), under)];
}

const FUNCTION_EVENTS: ReadonlyMap<unknown, string> = new Map([["ScheduleV2", "scheduler.amazonaws.com"]]);
const STATE_MACHINE_EVENTS: ReadonlyMap<unknown, string> = new Map([
  ["Api", "apigateway.amazonaws.com"],
  ["CloudWatchEvent", "events.amazonaws.com"],
  ["EventBridgeRule", "events.amazonaws.com"],
  ["Schedule", "events.amazonaws.com"],
  ["ScheduleV2", "scheduler.amazonaws.com"],
]);

/** The roles that services assume to start the target of an event. */
function eventRoles(
  events: unknown,
  services: ReadonlyMap<unknown, string>,
  trusting: (suffix: string, service: string) => Made,
): readonly Made[] {
  return Object.entries(isObject(events) ? events : {}).flatMap(([name, event]) => {
    if (!isObject(event) || (isObject(event.Properties) && event.Properties.RoleArn !== undefined)) return [];
    const service = services.get(event.Type);
    return service === undefined ? [] : [trusting(`${name}Role`, service)];
  });
}

/** The condition under which a function gets a role of its own; `undefined` if it never does. */
function ownRole(
  role: unknown,
  condition: unknown,
): { readonly name: unknown; readonly under?: Made["under"] } | undefined {
  if (role === undefined || role === null) return { name: condition };
  const choice: unknown = isObject(role) ? role["Fn::If"] : undefined;
  const [given, ...branches]: unknown[] = Array.isArray(choice) ? choice : [];
  const [yes, no] = branches.map((value) => isObject(value) && value.Ref === "AWS::NoValue");
  if (yes) return { name: no ? condition : given };
  if (!no || typeof given !== "string") return undefined;
  return { name: `NOT${given}`, under: [`NOT${given}`, { "Fn::Not": [{ Condition: given }] }] };
}

function globalTrust(globals: Values, ignored: unknown): unknown {
  if (ignored === "*" || (Array.isArray(ignored) && ignored.includes("AssumeRolePolicyDocument")))
    return undefined;
  return isObject(globals.Function) ? globals.Function.AssumeRolePolicyDocument : undefined;
}

/** A resource's value merged with the template's `Globals`: objects by key, lists concatenated. */
function merged(all: unknown, own: unknown): unknown {
  if (own === undefined || all === undefined) return own ?? all;
  if (Array.isArray(all) && Array.isArray(own)) return [...all, ...own];
  if (!isObject(all) || !isObject(own) || isFunction(all) || isFunction(own)) return own;
  const names = new Set([...Object.keys(all), ...Object.keys(own)]);
  return Object.fromEntries([...names].map((name) => [name, merged(all[name], own[name])]));
}

function isFunction(value: Values): boolean {
  const [only, ...more] = Object.keys(value);
  return more.length === 0 && only !== undefined && /^(Fn::|Ref$|Condition$)/.test(only);
}

/** The policy documents among a function's policies; the others are names, ARNs and SAM policy templates. */
function inlineOf(policies: unknown): readonly Values[] {
  const list: readonly unknown[] = Array.isArray(policies) ? policies : [policies];
  return list
    .filter((each) => isObject(each) && "Statement" in each)
    .map((document, index) => ({ PolicyName: `Policy${index}`, PolicyDocument: document }));
}

function trustOf(service: string): Values {
  return {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } }],
  };
}
