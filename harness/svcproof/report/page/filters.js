// The filters: which rows a view shows, and the form that changes it.

/** Show the rows of a view and hide the others; returns the number shown. */
function showRows(view) {
  let shown = 0;
  for (const body of matrixTable().tBodies) {
    let isEmpty = true;
    for (const row of body.rows) {
      if (!row.dataset.behaviour) continue;
      row.hidden = !isShown(row, view);
      if (!row.hidden) [isEmpty, shown] = [false, shown + 1];
    }
    body.hidden = isEmpty && Boolean(body.querySelector("tr[data-behaviour]"));
  }
  return shown;
}

function isShown(row, view) {
  const { kep, area, level, behaviour } = row.dataset;
  const [kind, name] = view.path;
  if (kind === "k" && kep !== name) return false;
  if (view.area && area !== view.area) return false;
  if (view.level && level.toLowerCase() !== view.level) return false;
  if (view.only === "differences" && !("differs" in row.dataset)) return false;
  if (view.verdict && !marksOf(row).some((cell) => cell.dataset.observed === view.verdict && !cell.hidden)) return false;
  const text = view.q.toLowerCase();
  return !text || `${behaviour}\n${row.cells[0].textContent}`.toLowerCase().includes(text);
}

/** Put a view into the form. */
function fillForm(form, view) {
  form.elements.by.value = view.by || pageWords().by;
  form.elements.kep.value = view.path[0] === "k" ? view.path[1] : "";
  for (const name of ["area", "level", "verdict", "run"]) form.elements[name].value = view[name];
  form.elements.q.value = view.q;
  form.elements.only.checked = view.only === "differences";
}

/** The view of a form. */
function viewOfForm(form) {
  const { by, kep, area, level, verdict, q, only, run } = form.elements;
  return {
    path: kep.value ? ["k", kep.value] : [],
    by: by.value === pageWords().by ? "" : by.value,
    area: area.value,
    level: level.value,
    verdict: verdict.value,
    q: q.value.trim(),
    only: only.checked ? "differences" : "",
    run: run.value,
  };
}

/** On a narrow screen only the picked run has a column; everywhere, the run that is asked for is marked. */
function showColumns(run, isNarrow) {
  const only = isNarrow ? run || runHeads()[0]?.dataset.run : "";
  for (const cell of document.querySelectorAll("#matrix [data-run], #promises [data-run]")) {
    cell.hidden = Boolean(only) && cell.dataset.run !== only;
  }
  const picker = document.querySelector("#picker select");
  picker.options[0].hidden = isNarrow;
  if (only) picker.value = only;
  for (const head of runHeads()) head.classList.toggle("chosen-run", !isNarrow && head.dataset.run === run);
}
