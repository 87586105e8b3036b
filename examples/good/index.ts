import { backupAccess } from "./backup-access";

export = backupAccess;
