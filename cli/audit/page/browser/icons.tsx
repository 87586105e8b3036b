import type { Standing } from "../../report";

const SHACKLE = {
  open: "M5 7V4.5a3 3 0 0 1 5.8-1.1",
  "anyone-with-mfa": "M5 7V5a3 3 0 0 1 6 0v2",
  unknown: "",
  exempt: "M5 7V5a3 3 0 0 1 6 0v2",
  protected: "M5 7V5a3 3 0 0 1 6 0v2",
};

/** A padlock for each standing: they differ in shape as well as in color. */
export function StandingIcon({ standing }: { readonly standing: Standing }) {
  return (
    <svg class={`icon ${standing}`} viewBox="0 0 16 16" aria-hidden="true">
      {standing === "unknown" ? (
        <>
          <circle cx="8" cy="8" r="6.2" class="line" />
          <path d="M6 6.4a2 2 0 1 1 2.9 1.8c-.6.3-.9.7-.9 1.3M8 11.4v.2" class="line" />
        </>
      ) : (
        <>
          <path d={SHACKLE[standing]} class="line" />
          <rect
            x="3"
            y="7"
            width="10"
            height="7"
            rx="1.6"
            class={standing === "exempt" || standing === "anyone-with-mfa" ? "line" : "body"}
          />
        </>
      )}
    </svg>
  );
}
