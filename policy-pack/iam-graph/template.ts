import { homeIn, type TemplateContext } from "../cloudformation";
import { Unknown } from "../iam/policy/unknown";
import type { DocumentReader } from "./document-reader";
import type { NestedResources, Resource } from "./resource";
import { propertiesOf, RESOURCE_TYPES, type RowOf } from "./resource-types";

const NOTHING: NestedResources = { resources: [], unseen: [] };

/**
 * The resources in a CloudFormation template, named by their logical ids, with the name of a nested stack before them. They are
 * reported on the resource that contains the template, and are in its account.
 */
export function templateResources(
  holder: Resource,
  row: RowOf<"template">,
  reader: DocumentReader,
): NestedResources {
  const body = holder.template?.body ?? holder.props[row.body];
  if (body === undefined) return { ...NOTHING, unseen: [`the template behind ${row.url}`] };
  const known = knownOf(holder, row);
  const home = homeIn(known);
  const template = reader.template(body, known);
  if (!template.ok) {
    const { where, found, allowed } = template.error;
    return { ...NOTHING, broken: `${where === "" ? "" : `${where}: `}expected ${allowed}, found ${found}` };
  }
  return {
    resources: template.resources.map((each): Resource => {
      const urn = (logicalId: string) => `${holder.urn}#${logicalId}`;
      const missing = each.complete ? [] : propertiesMissing(each.type, each.properties);
      const nested = holder.template?.nested.get(each.logicalId);
      return {
        urn: urn(each.logicalId),
        type: each.type,
        name: holder.declaredBy === undefined ? each.logicalId : `${holder.name}/${each.logicalId}`,
        props: { ...each.properties, ...Object.fromEntries(missing.map((key) => [key, new Unknown(key)])) },
        // A nested stack is in the account and region of its parent.
        ...(nested && { template: nested, ...(holder.deployed && { deployed: holder.deployed }) }),
        dependencies: Object.fromEntries(
          Object.entries(each.references).map(([property, ids]) => [property, ids.map(urn)]),
        ),
        secretOutputs: [],
        home,
        ...(holder.provider === undefined ? {} : { provider: holder.provider }),
        declaredBy: holder.declaredBy ?? holder.urn,
        ...(each.condition === undefined ? {} : { condition: each.condition }),
      };
    }),
    unseen: template.unknown.map(({ what, where }) => (where === "" ? what : `${what} at ${where}`)),
  };
}

/** What a stack's properties tell about its template: the parameters, and by its id, where it is deployed. */
function knownOf(holder: Resource, row: RowOf<"template">): TemplateContext {
  const given = row.parameters === undefined ? undefined : (holder.props[row.parameters] ?? {});
  const isGiven = typeof given === "object" && given !== null && !(given instanceof Unknown);
  const [, region, account] =
    /^arn:aws[a-z-]*:cloudformation:([^:]+):(\d{12}):/.exec(
      typeof holder.props.id === "string" ? holder.props.id : "",
    ) ?? [];
  return {
    scope: `${holder.urn} `,
    ...(region === undefined ? {} : { region }),
    ...(account === undefined ? {} : { account }),
    // A stack set is deployed to other accounts.
    ...(row.parameters !== undefined && typeof holder.home?.account === "string"
      ? { account: holder.home.account }
      : {}),
    ...holder.deployed,
    ...(isGiven ? { parameters: { ...given } } : {}),
  };
}

/** The properties that a macro may still add to a resource. */
function propertiesMissing(type: string, properties: Readonly<Record<string, unknown>>): readonly string[] {
  const row = RESOURCE_TYPES.get(type);
  return row === undefined ? [] : propertiesOf(row).filter((key) => properties[key] === undefined);
}
