// The keyboard: arrows go from cell to cell; Tab enters the table once and leaves it.

const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-10, 0], PageDown: [10, 0] };

/** Have one cell of the table in the order of Tab: this one, or the first that is shown. */
function keepOneTabStop(button = null) {
  const stop = button ?? shownCells(shownRows()[0])[0]?.firstElementChild;
  for (const each of matrixTable().querySelectorAll('button[tabindex="0"]')) each.tabIndex = -1;
  if (stop) stop.tabIndex = 0;
}

function shownRows() {
  return [...matrixTable().querySelectorAll("tr[data-behaviour]:not([hidden])")];
}

function shownCells(row) {
  return row ? marksOf(row).filter((cell) => !cell.hidden) : [];
}

/** Go from a cell as a key says; true if the key is one of the table's. */
function moveFrom(button, key, isControl) {
  const rows = shownRows();
  const row = rows.indexOf(button.closest("tr"));
  const cells = shownCells(rows[row]);
  const column = cells.indexOf(button.parentElement);
  const [down, right] = MOVES[key] ?? [0, 0];
  let [toRow, toColumn] = [row + down, column + right];
  if (key === "Home") [toRow, toColumn] = [isControl ? 0 : row, 0];
  else if (key === "End") [toRow, toColumn] = [isControl ? rows.length - 1 : row, cells.length - 1];
  else if (!MOVES[key]) return false;
  const target = shownCells(rows[clamped(toRow, rows.length)]);
  const next = target[clamped(toColumn, target.length)].firstElementChild;
  keepOneTabStop(next);
  next.focus();
  return true;
}

function clamped(number, count) {
  return Math.max(0, Math.min(count - 1, number));
}
