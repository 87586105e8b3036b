import { DOCUMENTED_GROUP } from "./group-documented";
import { GROUP_FORMS } from "./group-forms";
import { DOCUMENTED_TRUST } from "./trust-documented";
import { TRUST_FORMS } from "./trust-forms";

/** Documents whose verdict is known, for the core and for other tools. */
export const TRUST_CORPUS = [...DOCUMENTED_TRUST, ...TRUST_FORMS];
export const GROUP_CORPUS = [...DOCUMENTED_GROUP, ...GROUP_FORMS];
