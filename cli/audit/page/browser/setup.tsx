import { serviceAccessText } from "../../render/words";
import type { Setup, Standing } from "../../report";
import { day } from "./words";

interface Given {
  readonly setup: Setup;
  readonly standing: Standing;
}

/** "MFA is required" beside "MFA is set up": a user needs both. */
export function SetupTable({ setup, standing }: Given) {
  const { mfaDevice, deviceKinds = [], guardedBy } = setup;
  return (
    <div class="setup">
      <section>
        <h3>MFA is required</h3>
        <p class={guardedBy.length > 0 ? "yes" : "no"}>
          {guardedBy.length > 0 ? `Yes, by ${guardedBy.join(" and ")}` : required(standing)}
        </p>
      </section>
      <section>
        <h3>MFA is set up</h3>
        <p class={mfaDevice ? "yes" : "no"}>
          {mfaDevice
            ? `Yes, ${["a", deviceKinds.join(" and ")].filter(Boolean).join(" ")} device is assigned`
            : "No device is assigned"}
        </p>
        <Credentials setup={setup} />
      </section>
    </div>
  );
}

function required(standing: Standing): string {
  return standing === "unknown" ? "Not known" : "No guard holds this user";
}

function Credentials({ setup }: { readonly setup: Setup }) {
  const { password, accessKeys, signingCertificates = 0 } = setup;
  const services = serviceAccessText(setup);
  return (
    <dl>
      <dt>Password</dt>
      <dd>{password === null ? "none" : `last used ${day(password.lastUsed)}`}</dd>
      {accessKeys.map(({ active, createdAt, lastUsed }, index) => (
        <>
          <dt key={index}>Access key</dt>
          <dd key={`${index} when`}>
            {active ? "active" : "inactive"}, made{" "}
            {createdAt === null ? "at an unknown time" : day(createdAt)}, last used {day(lastUsed)}
          </dd>
        </>
      ))}
      {accessKeys.length === 0 && (
        <>
          <dt>Access keys</dt>
          <dd>none</dd>
        </>
      )}
      {services.length > 0 && (
        <>
          <dt>For one service alone</dt>
          <dd>{services.join(", ")}</dd>
        </>
      )}
      {signingCertificates > 0 && (
        <>
          <dt>Signing certificates</dt>
          <dd>{signingCertificates} active</dd>
        </>
      )}
    </dl>
  );
}
