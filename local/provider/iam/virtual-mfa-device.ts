import type { VirtualMFADevice } from "@aws-sdk/client-iam";
import type { Aws } from "../aws";
import type { Kind } from "../kind";
import { optionalText, text } from "../value";
import { TAGS, tagList, tagOutputs } from "./tags";

export const virtualMfaDevice: Kind = {
  title: "IAM Virtual MFA Device",
  inputs: {
    virtualMfaDeviceName: { required: true, replaces: true },
    path: { byDefault: "/", replaces: true },
    tags: TAGS,
  },
  async create({ iam }, inputs) {
    const { VirtualMFADevice: device } = await iam.createVirtualMFADevice({
      VirtualMFADeviceName: text(inputs, "virtualMfaDeviceName"),
      Path: text(inputs, "path"),
      Tags: tagList(inputs),
    });
    return {
      id: device?.SerialNumber ?? "",
      // AWS returns these only once. The seed is text; the image is binary, so the state has it in base64.
      once: {
        base32StringSeed: Buffer.from(device?.Base32StringSeed ?? []).toString("ascii"),
        qrCodePng: Buffer.from(device?.QRCodePNG ?? []).toString("base64"),
      },
    };
  },
  async read(aws, id, known) {
    const device = await deviceOf(aws, id);
    if (device === undefined) return undefined;
    const [, path, name] = /:mfa(\/(?:.*\/)?)([^/]+)$/.exec(id) ?? [];
    return {
      arn: id,
      serialNumber: id,
      enableDate: device.EnableDate?.toISOString() ?? "",
      path,
      userName: device.User?.UserName ?? "",
      virtualMfaDeviceName: name,
      // moto cannot read or change a device's tags, so these are the inputs.
      ...tagOutputs(tagList(known)),
    };
  },
  /** Only tags change in place. */
  async update() {},
  /** Like the official provider, deactivates a device only if the *state* has its user. */
  async delete(aws, id, state) {
    const userName = optionalText(state, "userName");
    if (userName !== undefined) {
      await aws.iam.deactivateMFADevice({ UserName: userName, SerialNumber: id });
    }
    await aws.iam.deleteVirtualMFADevice({ SerialNumber: id });
  },
};

async function deviceOf({ iam }: Aws, serialNumber: string): Promise<VirtualMFADevice | undefined> {
  for await (const page of iam.paginateListVirtualMFADevices()) {
    const device = page.VirtualMFADevices?.find(({ SerialNumber }) => SerialNumber === serialNumber);
    if (device) return device;
  }
  return undefined;
}
