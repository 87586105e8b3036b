import { useMemo, useState } from "preact/hooks";
import type { Report } from "../../report";
import { EVERYTHING, entriesOf, passing } from "../entry";
import { Answer } from "./answer";
import { Filters } from "./filters";
import { Reachability } from "./map";
import { Places } from "./places";
import { Subjects } from "./subjects";

export function Page({ report }: { readonly report: Report }) {
  const [filter, setFilter] = useState(EVERYTHING);
  const entries = useMemo(() => entriesOf(report), [report]);
  const shown = useMemo(() => passing(entries, filter), [entries, filter]);
  return (
    <>
      <a class="skip" href="#subjects">
        Skip to the list
      </a>
      <header class="wide">
        <Answer report={report} filter={filter} onFilter={setFilter} />
        <Places report={report} />
      </header>
      <main class="wide">
        <Filters
          report={report}
          entries={entries}
          filter={filter}
          shown={shown.length}
          onFilter={setFilter}
        />
        <Reachability entries={shown} />
        <Subjects entries={shown} />
      </main>
      <footer class="wide">
        <p>
          Made by <code>aws-mfa audit</code>. It decides by what a policy means: it looks for a request
          without MFA that an Allow lets in and no Deny stops, or proves that there is none.
        </p>
      </footer>
    </>
  );
}
