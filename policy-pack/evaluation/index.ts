/** What all rules share: assessments, configuration, exemptions and their evaluation. */
export type { Assessment, Subject, Verdict, Witness } from "./assessment";
export { type Effect, evaluate, type Result } from "./evaluate";
export type { Exemption } from "./exemption";
export type { About, Rule } from "./rule";
export { type GivenSetting, mistakesIn, type Setting, settingsOf } from "./settings";
