import { dangerText } from "../../render/danger";
import { worstFirst } from "../../render/order";
import { requestText } from "../../render/request";
import { usageText } from "../../render/usage";
import { counted } from "../../render/words";
import type { Finding, Subject } from "../../report";
import type { Entry } from "../entry";
import { parted } from "../fix";
import { wayOf } from "../map";
import { called } from "../principal";
import { CopyButton } from "./copy";
import { Message } from "./message";
import { WAY } from "./node";
import { SetupTable } from "./setup";

/** How many principals are listed for one role. */
const LISTED = 100;

/** The ways in, the fixes, who can assume it, and what is set up. */
export function Details({ entry: { place, subject } }: { readonly entry: Entry }) {
  const usage = usageText(subject);
  return (
    <div class="details">
      <dl class="identity">
        <dt>{place.kind}</dt>
        <dd>
          {place.name}
          {place.alias && ` (${place.alias})`}
        </dd>
        <dt>id</dt>
        <dd>
          <code>{subject.id}</code>
        </dd>
        {usage.length > 0 && (
          <>
            <dt>use</dt>
            <dd>
              <Message text={usage.join("\n")} />
            </dd>
          </>
        )}
      </dl>
      {dangerText(subject).map((danger) => (
        <p key={danger}>{danger}</p>
      ))}
      {worstFirst(subject).map((finding, index) => (
        <Found finding={finding} key={index} />
      ))}
      {subject.setup && <SetupTable setup={subject.setup} standing={subject.standing} />}
      <Reached subject={subject} />
      {subject.notes.length > 0 && (
        <ul class="notes">
          {subject.notes.map((note, index) => (
            <li key={index}>{note}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

const STATE = { new: "", known: "in the baseline", exempt: "exempt" };

function Found({ finding }: { readonly finding: Finding }) {
  const { policy, severity, level, state, message, witnesses } = finding;
  const { found, fix } = parted(message);
  return (
    <article class={`finding ${state}`}>
      <h3>
        <code>{policy}</code>
        <span class={`severity ${severity}`}>{severity}</span>
        <span class="level">{level}</span>
        {state !== "new" && <span class="level">{STATE[state]}</span>}
      </h3>
      <Message text={found} />
      {fix !== "" && (
        <div class="fix">
          <Message text={fix} />
          <CopyButton text={fix.replace(/^Fix:\s*/, "")} what="the fix" />
        </div>
      )}
      {witnesses.length > 0 && (
        <details class="witnesses">
          <summary>
            {witnesses.length === 1 ? "The request" : `The ${witnesses.length} requests`} without MFA
          </summary>
          <ul>
            {witnesses.map((witness, index) => (
              <li key={index}>
                {requestText(witness)}, {witness.world}
              </li>
            ))}
          </ul>
        </details>
      )}
    </article>
  );
}

function Reached({ subject }: { readonly subject: Subject }) {
  const { assumableBy = [] } = subject;
  if (assumableBy.length === 0) return null;
  return (
    <div class="reached">
      <h3>Who can assume it</h3>
      <ul>
        {assumableBy.slice(0, LISTED).map((each, index) => {
          const way = wayOf(subject, each);
          return (
            <li key={index}>
              <span class={`way-word ${way}`}>{WAY[way]}</span>
              <span>
                <code>{each.principal}</code> <span class="quiet">{called(each).what}</span>
              </span>
            </li>
          );
        })}
      </ul>
      {assumableBy.length > LISTED && (
        <p class="quiet">and {counted(assumableBy.length - LISTED, "other")}</p>
      )}
    </div>
  );
}
