// The start: the page as it was made becomes one that filters, opens, remembers its view in its address, and takes files.

const narrowScreen = matchMedia("(max-width: 700px)");

/** Show the view of the address, and go to what it names where it was followed. */
function showAddress({ isFollowed = true } = {}) {
  const view = viewOf(location.hash);
  const [kind, ...names] = view.path;
  const form = document.getElementById("filters");
  if (kind === "r" || kind === "c") view.run = view.run || names[0] || "";
  fillForm(form, view);
  const by = view.by && view.by in { kep: 1, area: 1, level: 1, outcome: 1 } ? view.by : pageWords().by;
  if (matrixTable().dataset.by !== by) regroup(by);
  showColumns(view.run, narrowScreen.matches);
  showCount(view);
  keepOneTabStop();
  document.getElementById("notice").textContent = missing(view) ?? "";
  if (isFollowed) showPath(kind, names);
}

function showCount(view) {
  const shown = showRows(view);
  const all = behaviourRows().length;
  document.getElementById("count").textContent = shown === all ? `${all} ${all === 1 ? "row" : "rows"}` : `${shown} of ${all} rows`;
}

/** A sentence on what an address names and the page has not; null where it has all. */
function missing({ path: [kind, ...names], run }) {
  const hasRow = (name) => rowOf(name) !== null;
  const noRun = (name) => `This page has no run “${oneLine(name)}”. Drop its run file here to see it.`;
  const noRow = (name) => `This page has no behaviour “${oneLine(name)}”: it may be of another suite, or have another name now.`;
  if (run && !headOf(run)) return noRun(run);
  if (kind === "b" && !hasRow(names[0] ?? "")) return noRow(names[0] ?? "");
  if (kind === "k" && !behaviourRows().some((row) => row.dataset.kep === names[0])) return `No run on this page has a behaviour of KEP-${oneLine(names[0] ?? "")}.`;
  if (kind === "r" && !headOf(names[0])) return noRun(names[0] ?? "");
  if (kind === "c" && !hasRow(names[1] ?? "")) return noRow(names[1] ?? "");
  return kind && !"bkrc".includes(kind) ? `This page does not know the address “${oneLine(location.hash)}”.` : null;
}

/** Go to what a path names: a row, a promise, a run; a cell is opened. */
function showPath(kind, names) {
  for (const each of matrixTable().querySelectorAll(".chosen")) each.classList.remove("chosen");
  const panel = document.getElementById("panel");
  if (kind !== "c" && panel.open) panel.close();
  if (kind === "k") document.getElementById("matrix-heading").scrollIntoView();
  if (kind === "r") headOf(names[0])?.scrollIntoView({ block: "center", inline: "center" });
  const row = kind === "b" ? rowOf(names[0]) : kind === "c" ? rowOf(names[1]) : null;
  if (!row) return;
  row.hidden = false;
  row.parentElement.hidden = false;
  const cell = kind === "c" ? marksOf(row).find(({ dataset }) => dataset.run === names[0]) : null;
  (cell ?? row).classList.add("chosen");
  row.scrollIntoView({ block: "center" });
  if (!cell) return;
  keepOneTabStop(cell.querySelector("button"));
  cell.querySelector("button").focus({ preventScroll: true });
  openPanel(cell);
}

/** Put a view into the address, without a step in the history. */
function setAddress(view) {
  history.replaceState(null, "", hashOf(view));
}

function listenToForm() {
  const form = document.getElementById("filters");
  form.addEventListener("submit", (event) => event.preventDefault());
  const change = () => {
    setAddress(viewOfForm(form));
    showAddress({ isFollowed: false });
  };
  form.addEventListener("input", change);
  document.getElementById("picker").addEventListener("input", change);
  document.getElementById("reset").addEventListener("click", () => {
    setAddress(viewOf(""));
    showAddress({ isFollowed: false });
  });
}

function listenToTable() {
  let pathBefore = [];
  const table = matrixTable();
  table.addEventListener("click", (event) => {
    const button = event.target.closest("td[data-observed] > button");
    if (!button) return;
    const cell = button.parentElement;
    const view = viewOf(location.hash);
    pathBefore = view.path[0] === "c" ? [] : view.path;
    setAddress({ ...view, path: ["c", cell.dataset.run, cell.parentElement.dataset.behaviour] });
    openPanel(cell);
  });
  table.addEventListener("keydown", (event) => {
    const button = event.target.closest("td[data-observed] > button");
    if (button && !event.altKey && !event.shiftKey && moveFrom(button, event.key, event.ctrlKey)) event.preventDefault();
  });
  const panel = document.getElementById("panel");
  panel.addEventListener("click", (event) => event.target === panel && panel.close());
  panel.addEventListener("close", () => {
    const view = viewOf(location.hash);
    if (view.path[0] === "c") setAddress({ ...view, path: pathBefore });
  });
}

function listenToFiles() {
  const zone = document.getElementById("drop");
  const take = async (files) => {
    const added = await addFiles([...files]);
    if (!added.length) return zone.scrollIntoView();
    regroup(matrixTable().dataset.by);
    showAddress();
    headOf(added[0]).scrollIntoView({ block: "center", inline: "center" });
  };
  zone.querySelector("input").addEventListener("change", (event) => take(event.target.files));
  addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("over");
  });
  addEventListener("dragleave", (event) => event.relatedTarget === null && zone.classList.remove("over"));
  addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    take(event.dataTransfer.files);
  });
}

document.documentElement.classList.add("js");
document.getElementById("filters").hidden = false;
document.getElementById("drop").hidden = false;
listenToForm();
listenToTable();
listenToFiles();
addEventListener("hashchange", () => showAddress());
narrowScreen.addEventListener("change", () => showAddress({ isFollowed: false }));
showAddress();
