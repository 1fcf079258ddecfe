// The story of a check in words, as svcproof/report/story.py tells it.

const LONGEST_SENT = 300;

/** The moments of a fact in the order of time: {at, level, source}; level 0 is a step, 1 an event, 2 what others did. */
function moments(fact) {
  const steps = (fact.steps ?? []).filter((step) => step.expected).map((step) => ({ at: step.began, level: 0, source: step }));
  const events = (fact.events ?? []).map((event) => ({ at: event.at, level: 1, source: event }));
  const around = (fact.circumstances ?? [])
    .filter((circumstance) => circumstance.at >= 0 && !circumstance.place)
    .map((circumstance) => ({ at: circumstance.at, level: 2, source: circumstance }));
  return [...steps, ...events, ...around].sort((one, other) => one.at - other.at || one.level - other.level);
}

/** A moment in words, without its time. */
function momentText({ level, source }) {
  return [stepText, eventText, (circumstance) => `(${circumstanceSentence(circumstance)})`][level](source);
}

/** The lines of the story. */
function story(fact) {
  return moments(fact).map((moment) => `${rounded(moment.at).padStart(8)} s  ${moment.level ? "  " : ""}${momentText(moment)}`);
}

function stepText(step) {
  const end = (step.end ?? "held") === "held" ? "" : `: ${step.end}`;
  return `${step.kind}: ${step.expected}${end} (${rounded(step.ended - step.began)} s)`;
}

function eventText(event) {
  const times = (event.count ?? 1) > 1 ? `${event.count} x ` : "";
  const until = event.until != null && event.until > event.at ? `, until ${rounded(event.until)} s` : "";
  return `${times}${eventSentence(event)}${until}`;
}

/** An event in words, without its time. */
function eventSentence(event) {
  if (event.probe) return probeSentence(event.probe);
  if (event.lookup) return lookupSentence(event.lookup);
  if (event.reading) return readingSentence(event.reading);
  if (event.change) return changeSentence(event.change);
  if (event.status) {
    const { vantage, address, port, path, status } = event.status;
    return `${vantage} -> http ${address}:${port}${path}: status ${status}`;
  }
  if (event.link_address) {
    const { vantage, address, hardware } = event.link_address;
    return `${vantage}: ${address} is at ${hardware || "no hardware address"}`;
  }
  if (event.environment) {
    const { vantage, variables, resolv_conf: conf } = event.environment;
    return `${vantage} has ${variables} variables; its resolv.conf: ${pythonRepr(conf)}`;
  }
  if (event.traffic) return trafficSentence(event.traffic);
  if (event.sweep) return sweepSentence(event.sweep);
  return `${event.harness.action}: ${event.harness.on}`;
}

function trafficSentence(traffic) {
  const { vantage, target, sent, broken = 0, unsent = 0, wrong = [] } = traffic;
  const kept = traffic.manner === "kept" ? "over one socket" : "each over a new socket";
  const answered = answeredTries(traffic);
  const parts = [`${vantage} -> ${targetText(target)}, ${kept}: ${sent} sent, ${answered} answered`];
  if (sent > answered) parts.push(`${sent - answered} lost, ${gapText(traffic)}`);
  if (broken) parts.push(`connection ended ${broken} x`);
  if (unsent) parts.push(`${unsent} could not be sent in time`);
  if (wrong.length) parts.push(`wrongly answered by ${wrong.join(", ")}`);
  return parts.join(", ");
}

/** The number of tries that our backends answered. */
function answeredTries(traffic) {
  return traffic.outcomes?.answered ?? 0;
}

function gapText(traffic) {
  return `longest gap ${rounded(traffic.longest_gap ?? 0, 2)} s at ${rounded(traffic.gap_at ?? 0, 2)} s`;
}

function sweepSentence({ vantages, doors, cells, probes, differing = 0 }) {
  const size = `${probes} probes from ${vantages} vantages at ${doors} doors`;
  return differing ? `${size}: not as promised in ${differing} of ${cells} pairs of both` : `${size}: all is as promised`;
}

function probeSentence(probe) {
  const { answer } = probe;
  const backend = answer ? ` by ${answer.pod} on ${answer.node}, which saw ${answer.source}` : "";
  const error = probe.errno ? ` (${probe.errno})` : "";
  return `${probe.vantage} -> ${targetText(probe.target)}: ${probe.outcome}${error}${backend}`;
}

/** The destination of a probe, such as tcp 10.96.0.9:80. */
function targetText(target) {
  const host = target.address.includes(":") ? `[${target.address}]` : target.address;
  return `${target.protocol ?? "tcp"} ${host}:${target.port}`;
}

function lookupSentence(lookup) {
  const over = lookup.tcp ? " over TCP" : "";
  return `${lookup.vantage} asks ${lookup.server}${over} for ${lookup.name} ${lookup.type}: ${lookup.code}, ${recordsText(lookup)}`;
}

/** The records of an answer, sorted as Python sorts text. */
function recordsText(lookup) {
  return [...(lookup.records ?? [])].sort(byCodePoint).join(", ") || "no records";
}

function byCodePoint(one, other) {
  const [mine, theirs] = [[...one], [...other]];
  const differs = mine.findIndex((character, place) => character !== theirs[place]);
  if (differs < 0) return mine.length - theirs.length;
  return differs < theirs.length ? mine[differs].codePointAt(0) - theirs[differs].codePointAt(0) : 1;
}

function readingSentence(reading) {
  if (reading.name) return `API: ${reading.kind} ${reading.name} at resourceVersion ${reading.resource_version ?? ""}`;
  return `API: ${reading.objects ?? 1} of ${reading.kind} ${reading.labels ?? ""}`.trimEnd();
}

function changeSentence(change) {
  const sent = change.sent == null ? "" : ` ${typeof change.sent === "string" ? change.sent : pythonJson(change.sent)}`;
  const refused = change.refused ? `: refused: ${change.refused}` : "";
  return `${change.verb} ${change.kind} ${change.name}${cutText(sent, LONGEST_SENT)}${refused}`;
}

function circumstanceSentence(circumstance) {
  const { state, rules, log } = circumstance;
  if (state) {
    const { metadata: _, ...content } = state.content;
    const now = `at resourceVersion ${state.resource_version ?? ""}: ${cutText(pythonJson(content), LONGEST_SENT)}`;
    return `API server: ${state.kind} ${state.name} ${state.deleted ? "is gone" : now}`;
  }
  if (rules) {
    const lines = [...(rules.came ?? []).map((line) => `+ ${line}`), ...(rules.gone ?? []).map((line) => `- ${line}`)];
    return `rules of ${rules.node}: ${cutText(lines.join("; ") || "no further change", LONGEST_SENT)}`;
  }
  return `${log.program}${log.node ? ` on ${log.node}` : ""}: ${cutText(log.line, LONGEST_SENT)}`;
}
