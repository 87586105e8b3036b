import { type Examples, iam } from "./example";

const DEVICE = iam("VirtualMfaDevice", "alice", { virtualMfaDeviceName: "alice" });

export const examples: Examples = {
  good: [
    {
      title: "Both outputs are secret",
      resources: [{ ...DEVICE, secretOutputs: ["base32StringSeed", "qrCodePng"] }],
    },
  ],
  bad: [
    {
      title: "No output is secret",
      resources: [DEVICE],
      says: ["base32StringSeed and qrCodePng", "clear text"],
    },
    {
      title: "The QR code, which contains the seed, too, is not secret",
      resources: [{ ...DEVICE, secretOutputs: ["base32StringSeed"] }],
      says: ["qrCodePng of this device"],
    },
  ],
};
