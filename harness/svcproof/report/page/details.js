// The opened cell: one behaviour in one run, told so that nobody has to run anything to see why it is as it is.

const EXPECTED_WORDS = {
  "must": "it must hold: a clause of the API or of a specification says so",
  "should": "it should hold: it is recommended, or what every known implementation does",
  "may": "Kubernetes leaves it open: which way it goes is recorded, and never judged",
  "documented deviation": "the proxy documents that it does otherwise",
  "not claimed": "the proxy does not claim the feature that this needs",
  "not promised yet": "this cluster, or its proxy, is older than the release from which on it is promised",
};
const OBSERVED_WORDS = {
  "no run": "this run did not select it, or its suite does not have it",
  "not run": "the run ended, or was cut off, before anything was known",
  "not testable here": "the cluster lacks what the check needs; nothing follows for the proxy",
  "not claimed, and not so": "it does not hold, and the proxy does not claim it",
  "recorded": "this is the way it goes here",
  "could not tell": "the check could not be made, or its own control failed; nothing follows for the proxy",
  "pass": "it holds",
  "deviates": "it does not hold, as the proxy documents",
  "weak": "it does not hold, which is a warning: it is no MUST here",
  "flaky": "it held in one repeat and not in another",
  "fail": "it does not hold",
};
const FINDING_WORDS = {
  "confirmed": "held", "refuted": "did not hold", "inconclusive": "its control failed", "broke": "broke", "untestable": "not testable here", "not reached": "not reached",
};
const LOUD = ["fail", "flaky"];
const WORST_FIRST = ["broke", "not reached", "inconclusive", "untestable", "refuted", "confirmed"];

/** What opens of a cell: the behaviour `id` in `run`. `run.base` leads to its directory of results, where that is known. */
function details(run, id) {
  const behaviour = run.behaviours.get(id);
  const panel = element("section", { class: "details", "aria-label": `${oneLine(id)}` });
  if (!behaviour) {
    panel.append(element("h3", {}, foreignName(id)), element("p", {}, "This run did not select it, or its suite does not have it."));
    return panel;
  }
  const facts = run.facts.get(id) ?? [];
  const judgement = run.judged.get(id);
  const [first, rest] = tries(run, judgement, facts);
  panel.append(heading(behaviour, judgement), first, promise(behaviour), rest, rerun(run, behaviour));
  return panel;
}

function heading(behaviour, judgement) {
  const { expected, observed, flagged = false } = judgement;
  const glyph = pageWords().glyphs[observed] ?? "";
  return element("header", {},
    element("h3", {}, foreignName(behaviour.id)),
    element("p", { class: "details-requirement" }, foreignName(behaviour.requirement)),
    element("dl", { class: "details-marks" },
      element("dt", {}, "Expected"), element("dd", {}, element("b", {}, expected || "not known"), expected ? `: ${EXPECTED_WORDS[expected] ?? ""}` : ""),
      element("dt", {}, "Observed"), element("dd", {}, element("b", { class: LOUD.includes(observed) ? "details-bad" : null }, `${glyph} ${observed}`.trim()), `: ${OBSERVED_WORDS[observed] ?? ""}`,
        flagged ? element("p", {}, "It holds, though the proxy claims less: its declaration is too modest.") : null)));
}

/** The promise: the clause, the enhancement, who answers for it, what it needs. */
function promise(behaviour) {
  const needs = [...new Set([...(behaviour.capabilities ?? []), ...(behaviour.features ?? [])])];
  const mustFrom = behaviour.binding || (behaviour.beta && behaviour.level === "MUST" ? behaviour.since : "");
  const level = mustFrom ? `${behaviour.level} from Kubernetes ${mustFrom} on, a SHOULD until then` : behaviour.level;
  const entries = [
    ["Level", level],
    ["Answers for it", foreignName(behaviour.by)],
    ["Clause", webLink(behaviour.spec, shortUrl(behaviour.spec))],
    ["Because", behaviour.because ? foreignName(behaviour.because) : null],
    ["Otherwise", behaviour.otherwise ? ["A proxy may rightly differ. ", foreignName(behaviour.otherwise)] : null],
    ["Promised by", promisedBy(behaviour)],
    ["Needs", needs.length ? needs.join(", ") : null],
  ];
  return element("dl", { class: "details-promise" }, entries.filter(([, value]) => value).map(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
}

function shortUrl(url) {
  return cutText(url.replace(/^https?:\/\/(www\.)?/, ""), 90);
}

function promisedBy(behaviour) {
  const beta = behaviour.beta ? `, on by default since Kubernetes ${behaviour.beta}` : "";
  const since = beta + (behaviour.since ? `, stable since Kubernetes ${behaviour.since}` : "");
  if (!behaviour.kep) return `the base API${since}`;
  const kep = embeddedKeps()[behaviour.kep];
  const url = kep?.url ?? `https://github.com/kubernetes/enhancements/issues/${behaviour.kep}`;
  return [webLink(url, `KEP-${behaviour.kep}${kep ? ` ${kep.title}` : ""}`), since];
}

/** The try that decided, in two parts: what diverged first, with buttons for other tries, and the rest of it. */
function tries(run, judgement, facts) {
  const { reason = "" } = judgement;
  const first = element("div");
  const rest = element("div");
  if (!facts.length) return [first, element("div", {}, reasonPart(reason, {}))];
  const deciding = decidingFact(facts, judgement);
  const diverged = element("div");
  const show = (fact) => {
    diverged.replaceChildren(...[divergencePart(fact)].filter(Boolean));
    rest.replaceChildren(...oneTry(run, fact, fact === deciding ? reason : fact.reason ?? ""));
  };
  show(deciding);
  const buttons = facts.map((fact) => {
    const button = element("button", { type: "button", "aria-pressed": String(fact === deciding) }, tryName(fact));
    button.addEventListener("click", () => {
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      show(fact);
    });
    return button;
  });
  if (facts.length > 1) first.append(element("p", { class: "details-tries", role: "group", "aria-label": "tries" }, `${facts.length} tries: `, buttons));
  first.append(diverged);
  return [first, rest];
}

function tryName(fact) {
  const beside = fact.beside ? ` beside ${oneLine(fact.beside)}` : "";
  return `${fact.attempt ?? 1}${fact.retry ? " once more, alone" : ""}${beside}: ${FINDING_WORDS[fact.finding]}`;
}

/** The fact that the reason is about: of a flaky one what was refuted, else the worst, and of two tries the second. */
function decidingFact(facts, judgement) {
  const wanted = ["fail", "weak", "flaky", "deviates", "not claimed, and not so"].includes(judgement.observed) ? ["refuted"] : WORST_FIRST;
  const rank = (fact) => (wanted.includes(fact.finding) ? wanted.indexOf(fact.finding) : wanted.length);
  return [...facts].sort((one, other) => rank(one) - rank(other) || Number(other.retry ?? false) - Number(one.retry ?? false) || Number(Boolean(one.beside)) - Number(Boolean(other.beside)))[0];
}

function oneTry(run, fact, reason) {
  const names = addressNames(fact);
  const deciding = decidingLooks(fact).map((event) => lookRow(event, names));
  const all = (fact.events ?? []).filter((event) => LOOKED.some((kind) => event[kind])).map((event) => lookRow(event, names));
  return [
    changesPart(fact),
    expectedPart(fact),
    picture(deciding, unsettledVantages(fact), expectsSilence(fact)),
    deciding.length ? looksTable(deciding, failedSteps(fact).length ? "The look that decided, with those before it that were alike" : "The last looks") : null,
    reasonPart(reason, fact),
    all.length > deciding.length ? foldedPart(`All looks of this check (${all.length})`, looksTable(all, "All looks of this check")) : null,
    fact.trimmed ? element("p", {}, `To keep it small, this page does not have all of this check: ${fact.trimmed.join(", ")}. The run file has: drop it onto this page, and open the cell again.`) : null,
    timeline(fact),
    ruleChanges(fact),
    objectStates(fact),
    evidencePart(fact.evidence, run.base ?? null),
    measures(fact),
  ].filter(Boolean);
}

/** The first fact in which it is not as the API says, with its node, vantage and object. */
function divergencePart(fact) {
  const found = fact.divergence;
  if (!found) return null;
  const about = [["node", found.node], ["seen by", found.vantage], ["object", found.object], ["first seen after", found.at == null ? "" : `${rounded(found.at, 2)} s`]];
  return element("div", { class: "details-found" }, element("h4", {}, "What diverged first"), element("p", {}, foreignName(found.sentence)),
    element("ul", {}, about.filter(([, value]) => value).map(([name, value]) => element("li", {}, `${name} `, element("b", {}, foreignName(value))))));
}

function expectedPart(fact) {
  const claims = failedClaims(fact);
  if (!claims.length && !fact.record) return null;
  return element("div", {}, claims.map((step) => expectation(fact, step)),
    fact.record ? element("p", {}, "Recorded: ", element("b", {}, foreignName(fact.record))) : null);
}

/** A step that failed: its own words, and, where it is part of a control, those of the control. */
function expectation(fact, step) {
  const control = fact.steps.find((other, number) => other.kind === "control" && isWithin(fact.steps, fact.steps.indexOf(step), number));
  const limit = step.limit ? `, ${step.kind === "consistently" ? "for" : "within"} ${step.limit} s` : "";
  const before = { arrange: "To begin with: ", "clean up": "To clean up: " }[step.kind] ?? "Expected: ";
  return [
    control ? element("p", {}, "The check's own control failed, so that nothing follows from it: ", element("b", {}, foreignName(control.expected))) : null,
    step === control ? null : element("p", {}, before, element("b", {}, foreignName(step.expected)), limit),
  ];
}

function failedClaims(fact) {
  return failedSteps(fact).map((number) => fact.steps[number]).filter((step) => step.expected);
}

/** The reason as the run gave it, without a first line that has been said. */
function reasonPart(reason, fact) {
  const [first, ...rest] = reason.trim().split("\n");
  const isSaid = (step) => [`expected: ${step.expected}`, `expected: all the time: ${step.expected}`].includes(first);
  const text = failedClaims(fact).some(isSaid) ? rest.join("\n") : reason.trim();
  return text ? element("div", {}, element("h4", {}, "The reason, in the words of the run"), element("pre", { class: "details-reason", tabindex: "0" }, text)) : null;
}

/** The command that runs just this again. */
function rerun(run, behaviour) {
  const command = oneLine(again(run.header, behaviour.id, behaviour.node ?? ""));
  const place = run.header.directory ? element("p", {}, "It ran in ", element("code", {}, foreignName(run.header.directory)), ".") : null;
  return element("div", { class: "details-again" }, element("h4", {}, "Run just this again"), element("pre", { tabindex: "0" }, element("code", {}, command)), element("p", {}, copyButton(command, "Copy")), place);
}
