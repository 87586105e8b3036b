import { useId, useMemo } from "preact/hooks";
import type { Report } from "../../report";
import { PLURAL } from "../../words";
import { type Entry, EVERYTHING, type Filter, labelOf } from "../entry";
import { numeral } from "./words";

interface Given {
  readonly report: Report;
  readonly entries: readonly Entry[];
  readonly filter: Filter;
  readonly shown: number;
  readonly onFilter: (filter: Filter, isTyping?: boolean) => void;
}

/** What to show: in the list and on the map alike. */
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
  const places = [...new Set(report.places.map(labelOf))];
  const set = (part: Partial<Filter>) => onFilter({ ...filter, ...part });
  const narrowed = shown !== entries.length;
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
        inWords={(kind) => PLURAL[kind]}
        onChoose={(kind) => set({ kind })}
      />
      <Choice
        label="Place"
        all="All places"
        value={filter.place}
        options={places}
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
          {narrowed ? `${numeral(shown)} of ${numeral(entries.length)} shown` : `All ${numeral(shown)} shown`}
        </span>
        {narrowed && (
          <button type="button" class="plain" onClick={() => onFilter(EVERYTHING)}>
            Show all
          </button>
        )}
      </p>
    </search>
  );
}

interface ChoiceGiven<T extends string> {
  readonly label: string;
  readonly all: string;
  readonly value: string;
  readonly options: readonly T[];
  readonly inWords?: (option: T) => string;
  readonly onChoose: (value: string) => void;
}

function Choice<T extends string>({ label, all, value, options, inWords, onChoose }: ChoiceGiven<T>) {
  const id = useId();
  // A link may ask for what this report does not have.
  const isForeign = value !== "" && !options.some((each) => each === value);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
        <option value="">{all}</option>
        {isForeign && <option value={value}>{value}</option>}
        {options.map((each) => (
          <option value={each} key={each}>
            {inWords?.(each) ?? each}
          </option>
        ))}
      </select>
    </div>
  );
}
