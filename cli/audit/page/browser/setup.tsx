import { Fragment } from "preact";
import { serviceAccessText } from "../../render/words";
import type { Setup, Standing } from "../../report";
import { day } from "./words";

interface Given {
  readonly setup: Setup;
  readonly standing: Standing;
}

/** Whether MFA is required of a user, beside whether it is set up: a user needs both. */
export function SetupTable({ setup, standing }: Given) {
  const { mfaDevice, deviceKinds = [], guardedBy } = setup;
  const device = ["a", deviceKinds.join(" and "), "device"].filter(Boolean).join(" ");
  const unguarded = standing === "unknown" ? "Not known" : "No guard applies to this user";
  return (
    <div class="setup">
      <section>
        <h3>MFA is required</h3>
        <p class={guardedBy.length > 0 ? "yes" : "no"}>
          {guardedBy.length > 0 ? `Yes, by ${guardedBy.join(" and ")}` : unguarded}
        </p>
      </section>
      <section>
        <h3>MFA is set up</h3>
        <p class={mfaDevice ? "yes" : "no"}>
          {mfaDevice ? `Yes, ${device} is assigned` : "No device is assigned"}
        </p>
        <Credentials setup={setup} />
      </section>
    </div>
  );
}

function Credentials({ setup }: { readonly setup: Setup }) {
  const { password, accessKeys, signingCertificates = 0 } = setup;
  const keys = accessKeys.map(({ active, createdAt, lastUsed }) => {
    const created = createdAt === null ? "at an unknown time" : day(createdAt);
    return ["Access key", `${active ? "active" : "inactive"}, created ${created}, ${usedText(lastUsed)}`];
  });
  const services = serviceAccessText(setup).join(", ");
  const rows = [
    ["Password", password === null ? "none" : usedText(password.lastUsed)],
    ...(keys.length === 0 ? [["Access keys", "none"]] : keys),
    ...(services === "" ? [] : [["For one service only", services]]),
    ...(signingCertificates === 0 ? [] : [["Signing certificates", `${signingCertificates} active`]]),
  ];
  return (
    <dl>
      {rows.map(([term, description], index) => (
        <Fragment key={index}>
          <dt>{term}</dt>
          <dd>{description}</dd>
        </Fragment>
      ))}
    </dl>
  );
}

function usedText(at: string | null): string {
  return at === null ? "never used" : `last used ${day(at)}`;
}
