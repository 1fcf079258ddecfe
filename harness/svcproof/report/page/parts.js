// The parts of an opened cell that are about one try of the check: what it saw, in which order, and what is left of it.

const MOST_ROWS = 12;
const MOST_CHANGES = 6;
const MOST_MOMENTS = 60;
const MOST_RULES = 40;
const HEADINGS = ["when", "who asked", "on", "through", "outcome", "who answered", "source address seen", "ms at most"];
const ALWAYS = () => true;
const IS_FILLED = [ALWAYS, ALWAYS, (row) => row.through !== "the API", ALWAYS, ALWAYS, (row) => row.by, (row) => row.saw, (row) => row.ms !== null];

/** The changes that the check made before it was known how it ends: what it asks for, in order. */
function changesPart(fact) {
  const changes = (fact.events ?? []).filter((event) => event.change || event.harness);
  if (!changes.length) return null;
  const make = (event) => element("li", {}, element("time", {}, `${rounded(event.at)} s`), " ", foreignName(eventSentence(event)));
  return element("div", {}, element("h4", {}, "What the check did"), foldedMany(element("ol", { class: "details-changes" }), changes, make, MOST_CHANGES, "changes"));
}

/** The looks as a small table; those alike are one row with their number, and a column that nothing fills is left out. */
function looksTable(rows, caption) {
  const filled = HEADINGS.filter((_, place) => rows.some((row) => IS_FILLED[place](row)));
  const make = (row) => {
    const cells = lookCells(row);
    return element("tr", { class: row.good ? null : "details-unanswered" }, filled.map((heading) => {
      const place = HEADINGS.indexOf(heading);
      return element("td", { "data-heading": heading, class: IS_FILLED[place](row) ? null : "details-empty" }, cells[place]);
    }));
  };
  const head = element("tr", {}, filled.map((heading) => element("th", { scope: "col" }, heading)));
  const body = element("tbody");
  const [, more] = foldedMany(body, rows, make, MOST_ROWS, "rows");
  const table = element("table", { class: "details-looks" }, element("caption", {}, caption), element("thead", {}, head), body);
  return element("div", { class: "details-scroll", tabindex: "0", role: "group", "aria-label": caption }, table, more);
}

function lookCells(row) {
  const until = row.until != null && row.until > row.at ? `–${rounded(row.until, 2)}` : "";
  const times = row.count > 1 ? element("span", {}, `${row.count} ×`) : null;
  return [
    [element("span", {}, `${rounded(row.at, 2)}${until} s`), times && ", ", times],
    foreignName(row.vantage),
    foreignName(row.node || (row.through === "the API" ? "" : "outside")),
    [foreignName(row.through), row.name ? [element("br"), element("small", {}, foreignName(row.name))] : null],
    [row.good ? null : "✗ ", foreignName(row.outcome)],
    row.by ? element("span", { class: "details-lines" }, row.by.trim()) : null,
    [foreignName(row.saw), row.sawName ? [" ", element("small", {}, "(", foreignName(row.sawName), ")")] : null],
    row.ms === null ? null : String(row.ms),
  ];
}

/** The timeline: each step, and below it what was seen, changed, and done by others meanwhile. */
function timeline(fact) {
  const kinds = ["details-step", "details-event", "details-around"];
  const make = (moment) => {
    const { at, level, source } = moment;
    const failed = level === 0 && (source.end ?? "held") !== "held";
    return element("li", { class: failed ? `${kinds[level]} details-failed` : kinds[level] },
      element("time", {}, `${rounded(at)} s`), " ", element("span", {}, failed ? "✗ " : "", foreignName(momentText(moment))));
  };
  const all = moments(fact);
  if (!all.length) return null;
  return foldedPart(`Timeline (${all.length} moments, in seconds since the check began)`,
    foldedMany(element("ol", { class: "details-timeline" }), all, make, MOST_MOMENTS, "moments"));
}

/** The rules that came and went on the nodes, before the check's last change and after it. */
function ruleChanges(fact) {
  const listed = (fact.circumstances ?? []).filter(({ rules }) => rules);
  const nodes = [...new Set(listed.map(({ rules }) => rules.node))];
  if (!nodes.length) return null;
  const changes = (fact.events ?? []).filter((event) => event.change && !event.change.refused);
  const last = changes.length > 1 ? changes.at(-1) : null;
  const parts = last
    ? [[`Before the check's last change (${rounded(last.at)} s: ${changeWords(last.change)})`, ({ at }) => at < last.at], ["After it", ({ at }) => at >= last.at]]
    : [["While the check ran", () => true]];
  const blocks = parts.flatMap(([title, isIn]) => [element("h5", {}, foreignName(title)), ...ruleBlocks(nodes, listed.filter(isIn))]);
  return foldedPart(`Rules before and after, on ${nodes.length} ${nodes.length === 1 ? "node" : "nodes"}`, element("div", {}, blocks));
}

function changeWords({ verb, kind, name }) {
  return `${verb} ${kind} ${name}`;
}

/** A diff for each node; nodes on which the same rules came and went share one. */
function ruleBlocks(nodes, listed) {
  const nets = nodes.map((node) => ({ node, lines: netRules(listed.filter(({ rules }) => rules.node === node)) }));
  return groupBy(nets, ({ lines }) => JSON.stringify(lines)).map((same) => {
    const title = element("p", {}, "on ", joinedNames(same.map(({ node }) => node)), same[0].lines.length ? ":" : ": no rule of the check's Services came or went.");
    const make = ([name, line]) => element(name, {}, name === "ins" ? "+ " : "- ", foreignName(line));
    return same[0].lines.length ? element("div", {}, title, ...foldedMany(element("div", { class: "details-diff" }), same[0].lines, make, MOST_RULES, "lines")) : title;
  });
}

/** What went and what came in several changes; what did both is neither. */
function netRules(changes) {
  const balance = new Map();
  for (const { rules } of changes) {
    for (const line of rules.came ?? []) balance.set(line, (balance.get(line) ?? 0) + 1);
    for (const line of rules.gone ?? []) balance.set(line, (balance.get(line) ?? 0) - 1);
  }
  const lines = [...balance].filter(([, sum]) => sum).map(([line, sum]) => [sum > 0 ? "ins" : "del", line]);
  return lines.sort(([one], [other]) => (one === other ? 0 : one === "del" ? -1 : 1));
}

/** The check's objects as the API server had them last. */
function objectStates(fact) {
  const last = new Map();
  for (const { state, at } of fact.circumstances ?? []) if (state) last.set(`${state.kind} ${state.name}`, { state, at });
  if (!last.size) return null;
  const rank = ({ state }) => ["Service", "EndpointSlice"].indexOf(state.kind) >>> 0;
  const shown = [...last.values()].sort((one, other) => rank(one) - rank(other));
  const make = ({ state, at }) => foldedPart([foreignName(`${state.kind} ${state.name}`), `, ${state.deleted ? "deleted" : "as it was"} from ${rounded(at)} s on`],
    element("pre", { tabindex: "0" }, JSON.stringify(state.content, null, 1).slice(0, 20000)));
  return foldedPart(`Objects as the API server had them last (${shown.length})`, foldedMany(element("div"), shown, make, 20, "objects"));
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
  const note = base === null
    ? "The files are beside the run file, in its directory of results; this page was not told where that is."
    : "The links lead into the directory of results; where the files were not published with this page, they lead nowhere.";
  return foldedPart(`Evidence (${files.length} ${files.length === 1 ? "file" : "files"})`, element("div", {},
    evidence.excerpt ? element("pre", { tabindex: "0" }, evidence.excerpt) : null,
    files.length ? [element("p", {}, note), foldedMany(element("ul"), files, (file) => file, 20, "files")] : null,
    missing.length ? foldedMany(element("ul"), missing, (line) => line, 10, "reasons") : null));
}
