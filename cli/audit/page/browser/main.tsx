import { render } from "preact";
import type { Report } from "../../report";
import { Page } from "./page";
import "./style/base.css";
import "./style/answer.css";
import "./style/filters.css";
import "./style/map.css";
import "./style/subjects.css";
import "./style/details.css";
import "./style/print.css";

const data = document.getElementById("report")?.textContent;
const root = document.getElementById("page");
if (data && root) {
  // The page's own maker wrote it: it is a report.
  const report: Report = JSON.parse(data);
  render(<Page report={report} />, root);
}
