// The groups of the table: by enhancement, area, level or outcome.

/** Put the rows into groups, each a tbody with a head that counts its rows. */
function regroup(by) {
  const table = matrixTable();
  const groups = new Map(by === "outcome" ? Object.keys(pageWords().outcomes).map((title) => [title, []]) : []);
  for (const row of behaviourRows()) {
    const key = groupKey(row, by);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(row);
  }
  const titled = [...groups].filter(([, rows]) => rows.length).map(([key, rows]) => [groupTitle(key, by), key, rows]);
  if (by !== "outcome") titled.sort(([, one], [, other]) => (isBefore(one, other) ? -1 : 1));
  const bodies = titled.map(([title, key, rows]) => groupBody(title, key, rows, by));
  if (!bodies.length) return;
  for (const body of [...table.tBodies]) body.remove();
  table.append(...bodies);
  table.dataset.by = by;
}

/** Enhancements by their numbers, then all else by name. */
function isBefore(one, other) {
  return Number.isNaN(Number(one) - Number(other)) ? one < other : Number(one) < Number(other);
}

function groupKey(row, by) {
  if (by !== "outcome") return row.dataset[by];
  const observed = new Set(marksOf(row).map((cell) => cell.dataset.observed));
  const outcomes = Object.entries(pageWords().outcomes);
  return outcomes.find(([, members]) => members.some((member) => observed.has(member)))[0];
}

function groupTitle(key, by) {
  return by === "kep" ? promiseTitle(key) : key;
}

/** The name of an enhancement, by its number, or `base` for what none promises. */
function promiseTitle(kep) {
  if (kep === "base") return "base API";
  const known = embeddedKeps()[kep];
  return known ? `KEP-${kep} ${known.title}` : `KEP-${kep}`;
}

function groupBody(title, key, rows, by) {
  const body = element("tbody", { role: "rowgroup", "data-group": key, id: by === "kep" ? `/k/${key}` : null });
  const counts = countsOf(rows);
  const cells = runHeads().map((run) => (by === "outcome" ? tableCell({ "data-run": run.dataset.run }) : countCell(run, counts)));
  const head = tableRow({ class: "group" }, tableHead("rowgroup", {}, `${title} `, element("small", {}, String(rows.length))), cells);
  if (pageWords().single) head.append(tableCell({ class: "why" }));
  body.append(head, ...rows);
  return body;
}

function countCell(head, counts, href = "") {
  const { run } = head.dataset;
  return tableCell({ "data-run": run }, countedParts(counts.get(run), !("incomplete" in head.dataset), href));
}
