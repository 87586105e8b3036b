import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import type { Report } from "../../report";
import { EVERYTHING, entriesOf, type Filter, passing } from "../entry";
import type { Part } from "../part";
import { Answer } from "./answer";
import { Filters } from "./filters";
import { AccessMap } from "./map";
import { Places } from "./places";
import { Plan } from "./plan";
import { usePrint } from "./print";
import { rowIdOf, Subjects } from "./subjects";
import { useView } from "./use-view";

interface Given {
  readonly report: Report;
  /** The plan of a rehearsal; empty without one. */
  readonly plan: readonly Part[];
}

export function Page({ report, plan }: Given) {
  const [view, change] = useView();
  const { filter } = view;
  const entries = useMemo(() => entriesOf(report), [report]);
  const shown = useMemo(() => passing(entries, filter), [entries, filter]);
  usePrint({ report, plan, entries, filter, shown });
  const [sought, setSought] = useState(view.open.at(-1));
  useEffect(() => {
    if (sought === undefined) return;
    const row = document.getElementById(rowIdOf(sought));
    row?.scrollIntoView({ block: "center" });
    row?.querySelector("summary")?.focus();
    setSought(undefined);
  }, [sought]);
  const onFilter = useCallback(
    (filter: Filter, isTyping?: boolean) => change(({ pinned }) => ({ filter, open: [], pinned }), isTyping),
    [change],
  );
  const onOpen = useCallback(
    (id: string, isOpen: boolean) =>
      change(({ open, ...rest }) => ({
        ...rest,
        open: isOpen ? [...new Set([...open, id])] : open.filter((each) => each !== id),
      })),
    [change],
  );
  const onSeek = (id: string) => {
    const isShown = shown.some(({ subject }) => subject.id === id);
    change(({ filter, open, pinned }) => ({
      filter: isShown ? filter : EVERYTHING,
      open: [...open.filter((each) => each !== id), id],
      pinned,
    }));
    setSought(id);
  };
  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById("subjects")?.focus()}>
        Skip to the list
      </button>
      <header class="wide">
        <Answer report={report} entries={entries} filter={filter} onFilter={onFilter} onSeek={onSeek} />
        <Places report={report} />
      </header>
      <main class="wide">
        <Plan parts={plan} />
        <Filters report={report} entries={entries} filter={filter} shown={shown} onFilter={onFilter} />
        <AccessMap
          entries={shown}
          pinned={view.pinned}
          onPin={(key) =>
            change((before) => ({ ...before, pinned: key === before.pinned ? undefined : key }))
          }
        />
        <Subjects
          entries={shown}
          open={view.open}
          page={view.page}
          onOpen={onOpen}
          onPage={(page) => change((before) => ({ ...before, page }))}
        />
      </main>
      <footer class="wide">
        <p>
          Made by <code>aws-mfa audit</code>, which evaluates what policies mean: it finds a request without
          MFA that an Allow statement permits and no Deny stops, or proves that there is none.
        </p>
      </footer>
    </>
  );
}
