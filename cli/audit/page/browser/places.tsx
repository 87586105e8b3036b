import { useState } from "preact/hooks";
import { STANDINGS, totals } from "../../render/order";
import { counted, numeral } from "../../render/words";
import type { Place, Report } from "../../report";
import { STANDING } from "./words";

/** How many troubles are above the table; the table has all of them. */
const TROUBLES = 3;

/** What could not be read, and the totals of each place. */
export function Places({ report: { places } }: { readonly report: Report }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Troubles places={places} />
      <details class="places" onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{counted(places.length, "place")} looked at</summary>
        {isOpen && (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled with the keyboard too.
          <section class="scroll" aria-label="Places" tabIndex={0}>
            <PlacesTable places={places} />
          </section>
        )}
      </details>
    </>
  );
}

interface Given {
  readonly places: readonly Place[];
}

export function Troubles({ places }: Given) {
  const troubled = places.filter(({ trouble }) => trouble !== undefined);
  const left = troubled.length - TROUBLES;
  return (
    <>
      {troubled.slice(0, TROUBLES).map((place, index) => (
        <div class="trouble" key={index}>
          <Trouble place={place} />
        </div>
      ))}
      {left > 0 && <p class="trouble">{counted(left, "more place")} could not be read completely.</p>}
    </>
  );
}

export function PlacesTable({ places }: Given) {
  return (
    <table class="totals-of-places">
      <thead>
        <tr>
          <th scope="col">Place</th>
          {STANDINGS.map((standing) => (
            <th scope="col" class="figure" key={standing}>
              {STANDING(standing)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {places.map((place, index) => (
          <Row place={place} key={index} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ place }: { readonly place: Place }) {
  const total = totals(place.subjects);
  return (
    <tr>
      <th scope="row">
        <span class="kind">{place.kind}</span> {place.name}
        {place.alias && ` (${place.alias})`}
        {place.trouble && <Trouble place={place} />}
        {place.notes?.map((note, index) => (
          <p class="note" key={index}>
            {note}
          </p>
        ))}
      </th>
      {STANDINGS.map((standing) => (
        <td class="figure" key={standing}>
          {numeral(total[standing])}
        </td>
      ))}
    </tr>
  );
}

function Trouble({ place: { kind, name, trouble } }: { readonly place: Place }) {
  if (trouble === undefined) return null;
  return (
    <p>
      <strong>
        Not all of {kind} {name} was read.
      </strong>{" "}
      {trouble.problem} {trouble.remedy}
    </p>
  );
}
