import { readdir } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative } from "node:path";
import { readText } from "aws-mfa-policy-pack/cloudformation";
import { z } from "zod";
import { Failure } from "../../failure";
import { textOf } from "../input-text";
import { isObject, type Json, jsonIn } from "./saved";

/** The CDK's manifest of what it uploads. Source: AWS CDK, `cloud-assembly-schema`, "AssetManifest". */
const manifest = z.looseObject({
  files: z.record(
    z.string(),
    z.looseObject({
      source: z.looseObject({ path: z.string().optional() }),
      destinations: z.record(z.string(), z.looseObject({ objectKey: z.string() })),
    }),
  ),
});

export interface WithNested {
  readonly text: string;
  /** The templates that are now in it. */
  readonly includes: readonly string[];
}

/**
 * Puts the templates of nested stacks into a template, where they lie below its folder: what the CDK synthesized, and paths as
 * `aws cloudformation package` takes them. The text stays as it is where there are none.
 */
export async function withNestedTemplates(text: string, path: string): Promise<WithNested> {
  if (path === "-" || !text.includes("AWS::CloudFormation::Stack")) return { text, includes: [] };
  const includes = new Set<string>();
  const whole = await nestedIn(text, path, includes, []);
  return whole === undefined
    ? { text, includes: [] }
    : { text: JSON.stringify(whole), includes: [...includes] };
}

/** The template with its nested ones; `undefined` where there are none. */
async function nestedIn(
  text: string,
  path: string,
  includes: Set<string>,
  above: readonly string[],
): Promise<Json | undefined> {
  const read = readText(text);
  if (!read.ok || !isObject(read.value) || !isObject(read.value.Resources)) return undefined;
  const folder = dirname(path);
  const uploaded = await uploadedFrom(folder);
  const nested: Record<string, unknown> = {};
  for (const [logicalId, resource] of Object.entries(read.value.Resources)) {
    if (!isObject(resource) || resource.Type !== "AWS::CloudFormation::Stack") continue;
    const { Properties } = resource;
    if (!isObject(Properties)) continue;
    const file = fileOf(Properties.TemplateURL, resource.Metadata, uploaded);
    if (file === undefined) continue;
    const at = join(folder, file);
    const isBelow = !isAbsolute(file) && !relative(folder, at).startsWith("..");
    if (!isBelow || at === path || above.includes(at)) continue;
    const body = await textOf(at).catch((error: unknown) => {
      if (error instanceof Failure) return undefined;
      throw error;
    });
    if (body === undefined || !readText(body).ok) continue;
    includes.add(at);
    const TemplateBody = (await nestedIn(body, at, includes, [...above, path])) ?? body;
    nested[logicalId] = { ...resource, Properties: { ...Properties, TemplateBody } };
  }
  if (Object.keys(nested).length === 0) return undefined;
  return { ...read.value, Resources: { ...read.value.Resources, ...nested } };
}

/** The file behind a `TemplateURL`: by the key that it is uploaded to, by what the CDK's CLI notes, or a path itself. */
function fileOf(url: unknown, metadata: unknown, uploaded: ReadonlyMap<string, string>): string | undefined {
  if (typeof url === "string" && !/^[a-z0-9]+:\/\//i.test(url)) return url;
  const key = JSON.stringify(url ?? null).match(/([\w.-]+)"[\]}\s]*$/)?.[1];
  const file = key === undefined ? undefined : uploaded.get(key);
  if (file !== undefined) return file;
  const noted = isObject(metadata) && metadata["aws:asset:property"] === "TemplateURL";
  return noted && typeof metadata["aws:asset:path"] === "string" ? metadata["aws:asset:path"] : undefined;
}

/** The files that the CDK uploads from a folder, by the last part of the key that each is uploaded to. */
async function uploadedFrom(folder: string): Promise<ReadonlyMap<string, string>> {
  const manifests = (await readdir(folder)).filter((name) => name.endsWith(".assets.json"));
  const uploaded = new Map<string, string>();
  for (const name of manifests) {
    const parsed = manifest.safeParse(jsonIn(await textOf(join(folder, name))));
    for (const { source, destinations } of Object.values(parsed.data?.files ?? {})) {
      for (const { objectKey } of Object.values(destinations)) {
        if (source.path !== undefined) uploaded.set(basename(objectKey), source.path);
      }
    }
  }
  return uploaded;
}
