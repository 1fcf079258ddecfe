// The keyboard: arrows go from cell to cell; Tab enters the table once and leaves it.

const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-10, 0], PageDown: [10, 0] };

/** Leave one cell of the table in the order of Tab. */
function keepOneTabStop(button = null) {
  const buttons = [...matrixTable().querySelectorAll("td[data-observed] > button")];
  const stop = button ?? buttons.find((each) => each.offsetParent !== null) ?? buttons[0];
  for (const each of buttons) each.tabIndex = each === stop ? 0 : -1;
}

/** Go from a cell as a key says; true if the key is one of the table's. */
function moveFrom(button, key, isControl) {
  const rows = [...matrixTable().querySelectorAll("tr[data-behaviour]")].filter((row) => row.offsetParent !== null);
  const visible = (row) => marksOf(row).filter((cell) => !cell.hidden);
  const row = rows.indexOf(button.closest("tr"));
  const cells = visible(rows[row]);
  const column = cells.indexOf(button.parentElement);
  const [down, right] = MOVES[key] ?? [0, 0];
  let [toRow, toColumn] = [row + down, column + right];
  if (key === "Home") [toRow, toColumn] = [isControl ? 0 : row, 0];
  else if (key === "End") [toRow, toColumn] = [isControl ? rows.length - 1 : row, cells.length - 1];
  else if (!MOVES[key]) return false;
  const target = visible(rows[clamped(toRow, rows.length)]);
  const next = target[clamped(toColumn, target.length)].querySelector("button");
  button.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
  return true;
}

function clamped(number, count) {
  return Math.max(0, Math.min(count - 1, number));
}
