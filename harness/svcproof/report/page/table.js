// The table of behaviours: its rows, columns and cells, and what follows from its marks alone.

function matrixTable() {
  return document.getElementById("matrix");
}

/** The rows of behaviours, in the order of area and id. */
function behaviourRows() {
  const rows = [...matrixTable().querySelectorAll("tr[data-behaviour]")];
  const sorting = (row) => `${row.dataset.area}\n${row.dataset.behaviour}`;
  return rows.sort((one, other) => (sorting(one) < sorting(other) ? -1 : 1));
}

/** The row of a behaviour, by its id as the page shows it. */
function rowOf(behaviour) {
  return document.getElementById(`b-${encodeURIComponent(behaviour)}`);
}

/** A part of a table, with its role: not every browser knows a table that is laid out as a grid. */
function tableRow(attributes, ...cells) {
  return element("tr", { role: "row", ...attributes }, ...cells);
}

function tableCell(attributes, ...children) {
  return element("td", { role: "cell", ...attributes }, ...children);
}

function tableHead(scope, attributes, ...children) {
  return element("th", { role: scope === "col" ? "columnheader" : "rowheader", scope, ...attributes }, ...children);
}

/** The heads of the columns of runs. */
function runHeads() {
  return [...matrixTable().querySelectorAll("thead th[data-run]")];
}

function headOf(run) {
  return runHeads().find((head) => head.dataset.run === run) ?? null;
}

function runName(head) {
  return head.querySelector("a").textContent;
}

/** The cells of a row that hold marks. */
function marksOf(row) {
  return [...row.children].filter((cell) => cell.dataset.observed);
}

/** True if two runs have shown different things; what one of them could not show is no difference. */
function isDiffering(row) {
  const { tested } = pageWords();
  const shown = marksOf(row).filter(({ dataset }) => tested.includes(dataset.observed) || dataset.observed === "recorded");
  return new Set(shown.map((cell) => `${cell.dataset.observed}\n${cell.dataset.observed === "recorded" ? cell.querySelector("i").textContent : ""}`)).size > 1;
}

/** Numbers of the rows that are to be expected, by run, as `count` of svcproof/model/matrix.py has them. */
function countsOf(rows) {
  const { tested, failed } = pageWords();
  const counting = rows.filter((row) => !("withdrawn" in row.dataset));
  const counts = new Map(runHeads().map((head) => [head.dataset.run, { rows: 0, tested: 0, shown: 0, failed: 0, unknown: 0 }]));
  for (const { dataset: { run, expected, observed } } of counting.flatMap(marksOf)) {
    if (observed === "no run" || expected === "may" || expected === "not promised yet") continue;
    const count = counts.get(run);
    count.rows += 1;
    count.tested += tested.includes(observed);
    count.shown += observed === "pass";
    count.failed += failed.includes(observed);
    count.unknown += observed === "could not tell";
  }
  return counts;
}

/** A count as it stands in a cell, as the template numbers.html has it; `href` leads to its rows. */
function countedParts(count, isComplete, href = "") {
  if (!count.rows) return [element("span", { class: "none" }, "none")];
  if (!isComplete) return [element("span", { class: "none" }, "incomplete")];
  const number = count.tested ? [element("b", {}, String(count.shown)), ` of ${count.tested}`] : ["not shown"];
  const beside = (kind, amount, words) => (amount ? [" ", element("small", { class: kind }, String(amount), element("span", {}, ` ${words}`))] : null);
  return [
    element(href ? "a" : "span", { class: "number", href: href || null }, ...number),
    beside("failed", count.failed, "failed"),
    beside("unknown", count.unknown, "could not tell"),
    beside("left", count.rows - count.tested - count.unknown, "not shown here"),
  ];
}
