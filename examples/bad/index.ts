import { releaseAccess } from "./release-access";

export = releaseAccess;
