// The address of a view of the page: a path to a row, a promise, a run or a cell, and the filters, all after the #.

const VIEW_KEYS = ["by", "only", "area", "level", "verdict", "q", "run"];

/** The view that a hash leads to, such as `#/b/id?level=must`: `path` as decoded words, and a text for each filter. */
function viewOf(hash) {
  const [path, query = ""] = hash.replace(/^#/, "").split(/\?(.*)/s);
  const asked = new URLSearchParams(query);
  const filters = Object.fromEntries(VIEW_KEYS.map((key) => [key, asked.get(key) ?? ""]));
  return { path: path.split("/").slice(1).map(decodedWord).filter(Boolean), ...filters };
}

/** The hash of a view; what is as usual is left out. */
function hashOf(view) {
  const query = new URLSearchParams(VIEW_KEYS.filter((key) => view[key]).map((key) => [key, view[key]])).toString();
  return `#/${view.path.map(encodeURIComponent).join("/")}${query ? `?${query}` : ""}`;
}

function decodedWord(word) {
  try {
    return decodeURIComponent(word);
  } catch {
    return word;
  }
}
