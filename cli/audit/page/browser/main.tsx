import { render } from "preact";
import type { Report } from "../../report";
import type { Part } from "../part";
import { Page } from "./page";
import "./style/base.css";
import "./style/answer.css";
import "./style/filters.css";
import "./style/map.css";
import "./style/subjects.css";
import "./style/details.css";
import "./style/plan.css";
import "./style/print.css";

const data = document.getElementById("report")?.textContent;
const root = document.getElementById("page");
if (data && root) {
  // `documentOf` wrote them.
  const report: Report = JSON.parse(data);
  const plan: readonly Part[] = JSON.parse(document.getElementById("plan")?.textContent ?? "[]");
  render(<Page report={report} plan={plan} />, root);
}
