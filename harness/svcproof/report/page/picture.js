// The picture of a look: who asked, through what, and who answered; a cross where nobody did.

const MOST_IN_PICTURE = 12;

/** The picture of these rows of looks; null where nobody asked anybody. `isSilent`: nobody was to answer. */
function picture(rows, unsettled, isSilent) {
  const asked = rows.filter((row) => row.through !== "the API" && row.through !== "its own container");
  const paths = wrongFirst(foldedPaths(asked), unsettled);
  if (!paths.length) return null;
  const drawn = element("ul", { class: "details-picture" }, paths.slice(0, MOST_IN_PICTURE).map((path) => drawnPath(path, unsettled, isSilent)));
  const more = paths.length > MOST_IN_PICTURE ? element("p", {}, `${paths.length - MOST_IN_PICTURE} more are in the table.`) : null;
  const caption = element("figcaption", {}, "Who asked, through what, and who answered", unsettled.size ? "; marked is who did not see what was expected" : "");
  return element("figure", { class: "details-figure" }, caption, drawn, more);
}

/** The ways from those who asked to those who answered; who asked the same and got the same shares one. */
function foldedPaths(rows) {
  const byAsker = groupBy(rows, (row) => JSON.stringify([row.vantage, row.node, row.through, row.name]));
  const paths = byAsker.map((members) => {
    const ends = groupBy(members, (row) => JSON.stringify(endKey(row))).map((same) => ({
      ...same[0],
      count: same.reduce((sum, row) => sum + row.count, 0),
    }));
    return { askers: [members[0]], through: members[0].through, name: members[0].name, ends };
  });
  const alike = groupBy(paths, (path) => JSON.stringify([path.through, path.name, path.ends.map(endKey).sort()]));
  return alike.map((same) => ({ ...same[0], askers: same.flatMap((path) => path.askers), ends: sumOfEnds(same) }));
}

/** Those first of which somebody did not see what was expected. */
function wrongFirst(paths, unsettled) {
  const isRight = (path) => !path.askers.some((asker) => unsettled.has(asker.vantage));
  return [...paths].sort((one, other) => isRight(one) - isRight(other));
}

function endKey({ outcome, by, saw }) {
  return [outcome, by, saw];
}

function sumOfEnds(paths) {
  const ends = groupBy(paths.flatMap((path) => path.ends), (end) => JSON.stringify(endKey(end)));
  return ends.map((same) => ({ ...same[0], count: same.reduce((sum, end) => sum + end.count, 0) }));
}

function drawnPath(path, unsettled, isSilent) {
  const askers = path.askers.map((asker) => {
    const isWrong = unsettled.has(asker.vantage);
    return element("span", { class: isWrong ? "details-box details-wrong" : "details-box" },
      element("b", {}, foreignName(asker.vantage)), asker.node ? ["on ", foreignName(asker.node)] : "outside", isWrong ? element("em", {}, "not as expected") : "");
  });
  const middle = element("span", { class: "details-box" }, element("b", {}, foreignName(path.through)), path.name ? foreignName(path.name) : "");
  const ends = path.ends.map((end) => drawnEnd(end, isSilent));
  return element("li", {}, element("span", { class: "details-column" }, askers), arrow("asks"), element("span", { class: "details-column" }, middle), element("span", { class: "details-column details-ends" }, ends));
}

function drawnEnd(end, isSilent) {
  const times = element("span", { class: "details-count" }, `${end.count} ×`);
  if (!end.good) {
    const word = { dropped: "nothing came back: dropped", TIMEOUT: "nothing came back in time" }[end.outcome] ?? end.outcome;
    return element("span", { class: "details-end" }, arrow("gets no answer", "details-cut"), element("span", { class: "details-box details-cross" }, element("b", {}, "✗ ", word), times));
  }
  const saw = end.saw ? ["saw it come from ", foreignName(end.saw), end.sawName ? [" (", foreignName(end.sawName), ")"] : ""] : "";
  return element("span", { class: "details-end" }, arrow("is answered by"), element("span", { class: `details-box details-answer${isSilent ? " details-wrong" : ""}` }, element("b", {}, foreignName(end.by || end.outcome)), end.by && end.outcome !== "answered" ? foreignName(end.outcome) : "", element("span", {}, saw), isSilent ? element("em", {}, "✗ nobody was to answer") : null, times));
}

function arrow(words, kind = "") {
  return element("span", { class: `details-arrow ${kind}` }, element("span", { class: "details-unseen" }, words));
}
