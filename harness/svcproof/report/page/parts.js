// The parts of an opened cell that are about one try of the check: what it saw, in which order, and what is left of it.

const MOST_ROWS = 12;
const MOST_MOMENTS = 60;
const MOST_RULES = 40;
const HEADINGS = ["when", "who asked", "on", "through", "outcome", "who answered", "source address seen", "ms at most"];

/** The looks as a small table; those alike are one row with their number. */
function looksTable(rows, caption) {
  const body = element("tbody");
  const table = element("table", { class: "details-looks" }, element("caption", {}, caption),
    element("thead", {}, element("tr", {}, HEADINGS.map((heading) => element("th", { scope: "col" }, heading)))), body);
  const folded = foldedMany(body, rows, looksRow, MOST_ROWS, "rows");
  if (folded === body) return element("div", { class: "details-scroll", tabindex: "0", role: "group", "aria-label": caption }, table);
  const [, button] = folded.children;
  table.append(body);
  return element("div", { class: "details-scroll", tabindex: "0", role: "group", "aria-label": caption }, table, button);
}

function looksRow(row) {
  const until = row.until != null && row.until > row.at ? `–${rounded(row.until, 2)}` : "";
  const when = `${rounded(row.at, 2)}${until} s${row.count > 1 ? `, ${row.count} ×` : ""}`;
  const cells = [when, foreignName(row.vantage), foreignName(row.node || (row.through === "the API" ? "" : "outside")),
    [foreignName(row.through), row.name ? [element("br"), element("small", {}, foreignName(row.name))] : ""],
    [row.good ? "" : "✗ ", foreignName(row.outcome)], foreignName(row.by),
    [foreignName(row.saw), row.sawName ? [" ", element("small", {}, "(", foreignName(row.sawName), ")")] : ""], row.ms === null ? "" : String(row.ms)];
  return element("tr", { class: row.good ? null : "details-unanswered" }, cells.map((cell, place) => element("td", { "data-heading": HEADINGS[place] }, cell)));
}

/** The timeline: each step, and below it what was seen, changed, and done by others meanwhile. */
function timeline(fact) {
  const kinds = ["details-step", "details-event", "details-around"];
  const make = ({ at, level, text, source }) => {
    const failed = level === 0 && (source.end ?? "held") !== "held";
    return element("li", { class: failed ? `${kinds[level]} details-failed` : kinds[level] },
      element("time", {}, `${rounded(at)} s`), " ", element("span", {}, failed ? "✗ " : "", foreignName(text)));
  };
  const all = moments(fact);
  if (!all.length) return null;
  return foldedPart(`Timeline (${all.length} moments, in seconds since the check began)`,
    foldedMany(element("ol", { class: "details-timeline" }), all, make, MOST_MOMENTS, "moments"));
}

/** The rules that came and went on the nodes while the check ran; nodes that had the same share one. */
function ruleChanges(fact) {
  const changes = (fact.circumstances ?? []).filter(({ rules }) => rules && ((rules.came ?? []).length || (rules.gone ?? []).length));
  const listed = new Set((fact.circumstances ?? []).filter(({ rules }) => rules).map(({ rules }) => rules.node));
  if (!listed.size) return null;
  if (!changes.length) {
    return foldedPart("Rules before and after: no change", element("p", {}, "On ", joinedNames([...listed]), " no rule of the check's Services came or went."));
  }
  const alike = groupBy(changes, ({ rules }) => JSON.stringify([rules.came ?? [], rules.gone ?? []]));
  const blocks = alike.map((same) => {
    const nodes = [...new Set(same.map(({ rules }) => rules.node))];
    const times = same.map(({ at }) => at);
    const span = Math.min(...times) < Math.max(...times) ? `${rounded(Math.min(...times))}–${rounded(Math.max(...times))} s` : `${rounded(times[0])} s`;
    const { came = [], gone = [] } = same[0].rules;
    const lines = [...gone.map((line) => ["del", "- ", line]), ...came.map((line) => ["ins", "+ ", line])];
    const list = foldedMany(element("div", { class: "details-diff" }), lines, ([name, sign, line]) => element(name, {}, sign, foreignName(line)), MOST_RULES, "lines");
    return element("div", {}, element("h5", {}, joinedNames(nodes), ` at ${span}`), list);
  });
  const silent = [...listed].filter((node) => !changes.some(({ rules }) => rules.node === node));
  const quiet = silent.length ? element("p", {}, "No rule came or went on ", joinedNames(silent), ".") : null;
  return foldedPart(`Rules before and after, on ${listed.size} ${listed.size === 1 ? "node" : "nodes"}`, element("div", {}, foldedMany(element("div"), blocks, (block) => block, 12, "changes"), quiet));
}

function joinedNames(names) {
  return names.flatMap((name, place) => [place ? ", " : "", foreignName(name)]);
}

/** The lines of evidence that matter, and its files; `base` leads to the directory of results, null where it is not known. */
function evidencePart(evidence, base) {
  if (!evidence) return null;
  const files = (evidence.files ?? []).map((file) => {
    const place = `evidence/${file.name}`;
    const name = base === null ? element("code", {}, place) : element("a", { href: `${base}${place}` }, place);
    return element("li", {}, name, ` ${Math.ceil(file.size / 1024)} kB: `, foreignName(file.title));
  });
  const missing = (evidence.missing ?? []).map((sentence) => element("li", {}, "not to be had: ", foreignName(sentence)));
  const said = base === null
    ? "The files are beside the run file, in its directory of results; this page was not told where that is."
    : "The links lead into the directory of results; where the files were not published with this page, they lead nowhere.";
  return foldedPart(`Evidence (${files.length} ${files.length === 1 ? "file" : "files"})`, element("div", {},
    evidence.excerpt ? element("pre", { tabindex: "0" }, evidence.excerpt) : null,
    files.length ? [element("p", {}, said), foldedMany(element("ul"), files, (file) => file, 20, "files")] : null,
    missing.length ? foldedMany(element("ul"), missing, (line) => line, 10, "reasons") : null));
}
