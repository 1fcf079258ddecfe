// Run files that are dropped onto the page: each becomes a column, judged by what it says of itself.

/** Read files, one after the other; each that is refused says why. Returns the keys of the new columns. */
async function addFiles(files) {
  const refused = document.getElementById("refused");
  refused.replaceChildren();
  const added = [];
  for (const file of files) {
    try {
      const run = await readRunFile(file);
      const key = run.digest.slice(0, 12);
      const here = headOf(key);
      droppedRuns.set(key, Promise.resolve({ ...run, base: pageWords().bases[key] ?? null }));
      if (here) refused.append(element("li", {}, `${oneLine(file.name)} is of ${runName(here)}, which is here already; its cells open with all that the file has.`));
      else {
        addColumn(run, key);
        added.push(key);
      }
    } catch (error) {
      refused.append(element("li", {}, `${oneLine(file.name)} is not shown: ${error.message}`));
    }
  }
  return added;
}

function addColumn(run, key) {
  const name = freeName(oneLine(run.header.proxy.name));
  const about = aboutRun(run);
  for (const [id, behaviour] of run.behaviours) if (!rowOf(oneLine(id))) addRow(oneLine(id), behaviour);
  const judged = new Map([...run.judged].map(([id, judgement]) => [oneLine(id), judgement]));
  const mark = run.complete ? null : element("small", { class: "incomplete" }, "not complete");
  const head = tableHead("col", { "data-run": key, "data-incomplete": !run.complete, id: `/r/${key}` }, element("a", { href: `#/r/${key}` }, name), mark);
  atEnd(matrixTable().tHead.querySelector(".names"), head);
  for (const row of matrixTable().tHead.querySelectorAll(".about")) atEnd(row, tableCell({ "data-run": key }, about[row.dataset.about] ?? ""));
  for (const row of behaviourRows()) atEnd(row, markCell(row.dataset.behaviour, key, name, judged.get(row.dataset.behaviour)));
  document.querySelector("#picker select").append(element("option", { value: key }, name));
  const classes = document.documentElement.classList;
  classes.remove("one", "few", "many");
  const count = runHeads().length;
  classes.add(count === 1 ? "one" : count <= 4 ? "few" : "many");
  document.documentElement.style.setProperty("--runs", String(count));
  for (const row of behaviourRows()) row.toggleAttribute("data-differs", isDiffering(row));
  addPromises(name, key);
  document.getElementById("differences")?.remove(); // It is of the runs that the page was made of.
}

/** Put a cell after those of the runs. */
function atEnd(row, cell) {
  const why = row.querySelector(":scope > .why");
  if (why) why.before(cell);
  else row.append(cell);
}

function freeName(wanted) {
  const names = runHeads().map(runName);
  let [name, number] = [wanted, 2];
  while (names.includes(name)) name = `${wanted} (${number++})`;
  return name;
}

/** A row for a behaviour that no run of the page has. */
function addRow(shown, behaviour) {
  const link = element("a", { href: hashOf({ ...viewOf(""), path: ["b", shown] }) }, shown.split("_").flatMap((part, at) => (at ? ["_", element("wbr"), part] : [part])));
  const head = tableHead("row", { id: `/b/${encodeURIComponent(shown)}` }, link, element("span", {}, oneLine(behaviour.requirement)));
  const row = tableRow({
    id: `b-${encodeURIComponent(shown)}`,
    "data-behaviour": shown,
    "data-area": oneLine(behaviour.area),
    "data-level": behaviour.level,
    "data-kep": String(behaviour.kep ?? "base"),
  }, head, runHeads().map((run) => markCell(shown, run.dataset.run, runName(run), null)));
  if (pageWords().single) row.append(tableCell({ class: "why" }));
  matrixTable().tBodies[0].append(row);
}

function markCell(shown, key, name, judgement) {
  const { expected = "", observed = "no run", way = "", flagged = false } = judgement ?? {};
  const { glyphs, short } = pageWords();
  const word = way ? oneLine(way.trim().split("\n")[0]) : observed;
  const more = way ? ` ${word}` : flagged ? ", though not claimed" : "";
  const label = `${shown}, ${name}: expected ${expected || "not known"}, observed ${observed}${more}`;
  const marks = observed === "no run" ? [] : [
    element("small", {}, short[expected] ?? "?"),
    element("b", {}, `${glyphs[observed] ?? "?"}${flagged ? "⚑" : ""}`),
    element("i", {}, word),
  ];
  return tableCell({ "data-run": key, "data-expected": expected, "data-observed": observed }, element("button", { "aria-label": label, tabindex: "-1" }, marks));
}

/** The column of a run in the table of promises, and rows for the promises that it alone has. */
function addPromises(name, key) {
  const table = document.getElementById("promises");
  const keps = [...new Set(behaviourRows().map((row) => row.dataset.kep))];
  for (const kep of keps) if (!table.querySelector(`tr[data-kep="${CSS.escape(kep)}"]`)) addPromise(table, kep);
  table.tHead.rows[0].append(tableHead("col", { "data-run": key }, element("span", {}, name)));
  for (const row of table.tBodies[0].rows) {
    row.append(promiseCell(row.dataset.kep ?? "", headOf(key)));
    row.querySelector(".in-full")?.remove();
    if (row.dataset.kep) row.cells[0].append(inFull(row.dataset.kep));
  }
}

/** How many of the runs show all that they tested of an enhancement, as `in_full` of words.py says it. */
function inFull(kep) {
  const counts = countsOf(behaviourRows().filter((row) => row.dataset.kep === kep));
  const complete = runHeads().filter((head) => !("incomplete" in head.dataset)).map((head) => counts.get(head.dataset.run));
  const tested = complete.filter((count) => count.tested || count.unknown);
  const full = tested.filter((count) => count.shown === count.tested && !count.unknown);
  return tested.length ? element("small", { class: "in-full" }, `here in full: ${full.length} of ${tested.length} runs`) : "";
}

function addPromise(table, kep) {
  const link = element("a", { href: `#/k/${kep}` }, promiseTitle(kep));
  const others = runHeads().slice(0, -1).map((head) => promiseCell(kep, head));
  table.querySelector(".all").before(tableRow({ "data-kep": kep }, tableHead("row", {}, link), others));
}

function promiseCell(kep, head) {
  const rows = behaviourRows().filter((row) => !kep || row.dataset.kep === kep);
  return countCell(head, countsOf(rows), `#/${kep ? `k/${kep}` : ""}?run=${head.dataset.run}`);
}

/** The description of a run, line by line, as `about` of svcproof/report/comparison/words.py has it. */
function aboutRun(run) {
  const { header } = run;
  const versions = { ...header.versions, ...run.versions };
  const faults = header.faults?.length ? ` with ${header.faults.join(", ")}` : "";
  const components = Object.entries(run.versions).filter(([name]) => name !== "kubernetes" && name !== "kernel");
  return {
    proxy: oneLine(header.proxy.name + faults),
    components: oneLine(components.map(([name, version]) => `${name} ${version}`).join(", ")),
    cluster: oneLine(header.cluster.name),
    kubernetes: oneLine(versions.kubernetes ?? ""),
    kernel: oneLine(versions.kernel ?? ""),
    svcproof: oneLine(header.svcproof),
    date: oneLine(header.started.slice(0, 10)),
    complete: run.complete ? "yes" : `no: ${oneLine(run.why.split("\n")[0])}`,
  };
}
