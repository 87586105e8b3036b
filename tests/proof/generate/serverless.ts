import fc from "fast-check";
import { ALICE } from "./principal";
import { mayBeThere, perhaps, statement, templateOf } from "./template";

/** Roles that AWS's transform may make of such a template. */
export const SAM_ROLES = ["MainRole", "MainNightlyRole", "CodeDeployServiceRole"];

const OWN = "arn:aws:iam::111122223333:role/own";
const FEW = fc.constantFrom(true, false, false, false);

const OPEN = { Effect: "Allow", Principal: { AWS: ALICE }, Action: "sts:AssumeRole" };
const trust = fc
  .oneof(fc.array(statement, { minLength: 1, maxLength: 2 }), fc.constant([OPEN]))
  .map((Statement) => ({ Version: "2012-10-17", Statement }));
const events = fc.constantFrom<unknown>(
  { Nightly: { Type: "ScheduleV2", Properties: { ScheduleExpression: "rate(1 day)" } } },
  { Nightly: { Type: "ScheduleV2", Properties: { ScheduleExpression: "rate(1 day)", RoleArn: OWN } } },
  { Nightly: { Type: "Schedule", Properties: { Schedule: "rate(1 day)" } } },
);
const preference = fc.constantFrom<unknown>(
  { Type: "AllAtOnce" },
  { Type: "AllAtOnce", Enabled: false },
  { Type: "AllAtOnce", Role: OWN },
);

const code = { InlineCode: "x", Handler: "index.handler", Runtime: "nodejs22.x", AutoPublishAlias: "live" };
/** A function, whose trust policy the template may say for all of them, and which may have a role of its own. */
const main = fc
  .record({
    own: fc.record({ Events: events, DeploymentPreference: preference }, { requiredKeys: [] }),
    AssumeRolePolicyDocument: trust,
    Role: perhaps(fc.constantFrom<unknown>(OWN, { Ref: "AWS::NoValue" })),
    hasRole: FEW,
    isForAll: FEW,
  })
  .map(({ own, AssumeRolePolicyDocument, Role, hasRole, isForAll }) => ({
    ...{ ...code, ...own },
    ...(isForAll ? {} : { AssumeRolePolicyDocument }),
    ...(hasRole ? { Role } : {}),
  }));
const flow = fc.record(
  { Role: fc.constant(OWN), Events: events, Definition: fc.constant({ StartAt: "a", States: {} }) },
  { requiredKeys: ["Definition"] },
);

const resources = fc
  .tuple(
    mayBeThere("AWS::Serverless::Function", main),
    fc.constantFrom<unknown>(undefined, undefined, undefined, "*", ["AssumeRolePolicyDocument"]),
    mayBeThere("AWS::Serverless::StateMachine", flow),
  )
  .map(([Main, IgnoreGlobals, Flow]) => ({
    Main: { ...Main, ...(IgnoreGlobals === undefined ? {} : { IgnoreGlobals }) },
    Flow,
  }));

/** SAM templates with a function and a state machine, whose roles the transform makes. */
export const samTemplate = fc
  .tuple(templateOf(resources), trust, FEW)
  .map(([template, AssumeRolePolicyDocument, isForAll]) => ({
    Transform: "AWS::Serverless-2016-10-31",
    ...template,
    ...(isForAll ? { Globals: { Function: { AssumeRolePolicyDocument } } } : {}),
  }));
