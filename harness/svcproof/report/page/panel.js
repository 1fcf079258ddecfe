// The panel: what opens of a cell, from the run that the page carries or that was dropped on it.

const droppedRuns = new Map();

/** The run of a column, by its key; read from the page when it is first asked for. */
async function runByKey(key) {
  if (!droppedRuns.has(key)) {
    const packed = embeddedValue(`run-${key}`);
    const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
    const read = readRunFile(bytes, { trimmed: true, schema: null });
    droppedRuns.set(key, read.then((run) => ({ ...run, base: pageWords().bases[key] ?? null })));
  }
  return droppedRuns.get(key);
}

/** Open a cell: its behaviour in its run. */
async function openPanel(cell) {
  const { run: key } = cell.dataset;
  const shown = cell.parentElement.dataset.behaviour;
  const panel = document.getElementById("panel");
  document.getElementById("panel-title").textContent = runName(headOf(key));
  const link = element("a", { href: hashOf({ ...viewOf(""), path: ["c", key, shown] }) }, "Link to this cell");
  const issues = [...cell.querySelectorAll("a.issue")].flatMap((issue) => [", ", issue.cloneNode(true)]);
  document.getElementById("panel-run").replaceChildren(link, ...issues);
  const body = document.getElementById("panel-body");
  body.replaceChildren(element("p", {}, "Reading …"));
  if (!panel.open) panel.showModal();
  panel.scrollTop = 0;
  try {
    const run = await runByKey(key);
    const id = [...run.behaviours.keys()].find((each) => oneLine(each) === shown) ?? shown;
    body.replaceChildren(details(run, id));
  } catch (error) {
    body.replaceChildren(element("p", {}, `This browser could not read the run that the page carries: ${error.message}`));
  }
}
