import type { dynamic } from "@pulumi/pulumi";

export declare function handler(): dynamic.ResourceProvider;
