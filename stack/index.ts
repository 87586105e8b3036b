import { mfaAccess } from "./stack";

export = mfaAccess;
