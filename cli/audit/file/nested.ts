import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import { readText } from "aws-mfa-policy-pack/cloudformation";
import type { TemplateFile } from "aws-mfa-policy-pack/iam-graph";
import { z } from "zod";
import { Failure, systemCode } from "../../failure";
import { jsonIn, textOf } from "../input-text";
import { isObject } from "./resource";

/** The CDK's manifest of the files that it uploads. Source: AWS CDK, `cloud-assembly-schema`, "AssetManifest". */
const manifest = z.looseObject({
  files: z.record(
    z.string(),
    z.looseObject({
      source: z.looseObject({ path: z.string().optional() }),
      destinations: z.record(z.string(), z.looseObject({ objectKey: z.string() })),
    }),
  ),
});

/** Further nested stacks are not read. CloudFormation allows at most 500 resources in a template. */
const MOST_STACKS = 500;

/**
 * The templates of a template's nested stacks, as far as they are in its folder or below: those that the CDK synthesized, and paths as
 * for `aws cloudformation package`.
 */
export async function nestedTemplates(text: string, path: string): Promise<TemplateFile["nested"]> {
  let left = MOST_STACKS;
  const nestedIn = async (text: string, above: readonly string[]): Promise<TemplateFile["nested"]> => {
    const nested = new Map<string, TemplateFile>();
    const stacks = stacksIn(text);
    if (stacks.length === 0) return nested;
    const folder = dirname(above.at(-1) ?? "");
    const uploaded = await uploadedFrom(folder);
    for (const { logicalId, url, metadata } of stacks) {
      const file = fileOf(url, metadata, uploaded);
      if (file === undefined || left === 0) continue;
      const at = resolve(folder, file);
      if (!at.startsWith(join(folder, sep)) || above.includes(at)) continue;
      left -= 1;
      const body = await regularText(at);
      if (body === undefined || !readText(body).ok) continue;
      nested.set(logicalId, { body, file: at, nested: await nestedIn(body, [...above, at]) });
    }
    return nested;
  };
  return path === "-" ? new Map() : nestedIn(text, [resolve(path)]);
}

/** The nested stacks that a template declares. */
function stacksIn(text: string): readonly { logicalId: string; url: unknown; metadata: unknown }[] {
  if (!text.includes("AWS::CloudFormation::Stack")) return [];
  const read = readText(text);
  if (!read.ok || !isObject(read.value) || !isObject(read.value.Resources)) return [];
  return Object.entries(read.value.Resources).flatMap(([logicalId, resource]) => {
    if (!isObject(resource) || resource.Type !== "AWS::CloudFormation::Stack") return [];
    const { Properties, Metadata: metadata } = resource;
    return isObject(Properties) ? [{ logicalId, url: Properties.TemplateURL, metadata }] : [];
  });
}

/** The text of a file; `undefined` if it cannot be read, or is a pipe, which may never have a writer. */
async function regularText(path: string): Promise<string | undefined> {
  try {
    return (await stat(path)).isFile() ? await textOf(path) : undefined;
  } catch (error) {
    if (error instanceof Failure || systemCode(error) !== undefined) return undefined;
    throw error;
  }
}

/** The file of a `TemplateURL`: a path, the file that is uploaded to this key, or the one in the CDK's metadata. */
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
  const names = await readdir(folder).catch(() => []);
  const uploaded = new Map<string, string>();
  for (const name of names.filter((each) => each.endsWith(".assets.json"))) {
    const parsed = manifest.safeParse(jsonIn((await regularText(join(folder, name))) ?? ""));
    for (const { source, destinations } of Object.values(parsed.data?.files ?? {})) {
      for (const { objectKey } of Object.values(destinations)) {
        if (source.path !== undefined) uploaded.set(basename(objectKey), source.path);
      }
    }
  }
  return uploaded;
}
