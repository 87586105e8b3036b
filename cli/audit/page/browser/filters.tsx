import { useId, useMemo } from "preact/hooks";
import { numeral, PLURAL, placeText } from "../../render/words";
import type { Report } from "../../report";
import { type Entry, EVERYTHING, type Filter, labelOf as keyOf } from "../entry";
import { csvOf, jsonOf } from "../export";
import { saveFile } from "./save-file";

interface Given {
  readonly report: Report;
  readonly entries: readonly Entry[];
  readonly filter: Filter;
  readonly shown: readonly Entry[];
  readonly onFilter: (filter: Filter, isTyping?: boolean) => void;
}

/** What to show in the list and on the map. */
export function Filters({ report, entries, filter, shown, onFilter }: Given) {
  const { kinds, policies } = useMemo(
    () => ({
      kinds: [...new Set(entries.map(({ subject }) => subject.kind))],
      policies: [
        ...new Set(entries.flatMap(({ subject }) => subject.findings.map(({ policy }) => policy))),
      ].sort(),
    }),
    [entries],
  );
  const places = new Map(report.places.map((place) => [keyOf(place), placeText(place)]));
  const set = (part: Partial<Filter>) => onFilter({ ...filter, ...part });
  const save = (ending: string, type: string, text: string) =>
    saveFile(`audit-${report.madeAt.slice(0, 10)}.${ending}`, type, text);
  const narrowed = shown.length !== entries.length;
  return (
    <search class="filters" aria-label="What to show">
      <div class="field find">
        <label for="find">Find</label>
        <input
          id="find"
          type="search"
          placeholder="a name, an ARN, a word"
          value={filter.text}
          onInput={(event) => onFilter({ ...filter, text: event.currentTarget.value }, true)}
        />
      </div>
      <Choice
        label="Kind"
        all="All kinds"
        value={filter.kind}
        options={kinds}
        labelOf={(kind) => PLURAL[kind]}
        onChoose={(kind) => set({ kind })}
      />
      <Choice
        label="Place"
        all="All places"
        value={filter.place}
        options={[...places.keys()]}
        labelOf={(place) => places.get(place) ?? place}
        onChoose={(place) => set({ place })}
      />
      <Choice
        label="Policy"
        all="All policies"
        value={filter.policy}
        options={policies}
        onChoose={(policy) => set({ policy })}
      />
      <p class="result">
        <span role="status">
          {narrowed
            ? `${numeral(shown.length)} of ${numeral(entries.length)} shown`
            : `All ${numeral(shown.length)} shown`}
        </span>
        {narrowed && (
          <button type="button" class="plain" onClick={() => onFilter(EVERYTHING)}>
            Show all
          </button>
        )}
        <span class="export">
          <button type="button" class="plain" onClick={() => save("csv", "text/csv", csvOf(shown))}>
            Save as CSV
          </button>
          <button
            type="button"
            class="plain"
            onClick={() => save("json", "application/json", jsonOf(report, shown))}
          >
            Save as JSON
          </button>
        </span>
      </p>
    </search>
  );
}

interface ChoiceGiven<T extends string> {
  readonly label: string;
  readonly all: string;
  readonly value: string;
  readonly options: readonly T[];
  readonly labelOf?: (option: T) => string;
  readonly onChoose: (value: string) => void;
}

function Choice<T extends string>({ label, all, value, options, labelOf, onChoose }: ChoiceGiven<T>) {
  const id = useId();
  // A link may have a value that this report does not have.
  const isForeign = value !== "" && !options.some((each) => each === value);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
        <option value="">{all}</option>
        {isForeign && <option value={value}>{value}</option>}
        {options.map((each) => (
          <option value={each} key={each}>
            {labelOf?.(each) ?? each}
          </option>
        ))}
      </select>
    </div>
  );
}
