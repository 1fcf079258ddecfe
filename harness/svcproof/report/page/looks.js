// The looks of a check: those that decided how it ended, as rows of a table, with names for addresses.

const LOOKED = ["probe", "lookup", "status", "link_address", "environment", "traffic", "sweep", "reading"];
const PAST_THE_API = LOOKED.slice(0, -1);

/** The innermost steps that did not end as they should, by number. */
function failedSteps(fact) {
  const steps = fact.steps ?? [];
  const failed = [...steps.keys()].filter((number) => (steps[number].end ?? "held") !== "held");
  return failed.filter((number) => !failed.some((other) => steps[other].inside === number));
}

/** The looks on which the end of a check rests: of the step that failed, else of the last one that looked. */
function decidingLooks(fact) {
  const [failed] = failedSteps(fact);
  const looks = withoutPrompts((fact.events ?? []).filter((event) => LOOKED.some((kind) => event[kind])));
  const own = failed === undefined ? [] : looks.filter((event) => isWithin(fact.steps, event.step, failed));
  if (own.length) return preferred(lastOf(own, fact.steps[failed]));
  const before = failed === undefined ? looks : looks.filter((event) => event.at <= fact.steps[failed].began);
  const telling = preferred(before);
  const last = telling.at(-1);
  return last ? telling.filter((event) => event.step === last.step) : [];
}

/** True if nobody was to answer in the step that failed. */
function expectsSilence(fact) {
  return failedSteps(fact).some((number) => /^no probe is answered\b/.test(fact.steps[number].expected ?? ""));
}

/** Looks at the cluster from inside of it where there are some; else what was read from the API. */
function preferred(events) {
  const beyond = events.filter((event) => PAST_THE_API.some((kind) => event[kind]));
  return beyond.length ? beyond : events;
}

/** The looks without the datagrams to the discard port that only make a client ask for a hardware address. */
function withoutPrompts(events) {
  const asked = new Set(events.filter((event) => event.link_address).map((event) => event.link_address.address));
  const isPrompt = ({ target, outcome }) => target.protocol === "udp" && target.port === 9 && asked.has(target.address) && outcome !== "answered";
  return events.filter((event) => !event.probe || !isPrompt(event.probe));
}

function isWithin(steps, number, outer) {
  for (let step = number; step !== null && step !== undefined; step = steps[step]?.inside) {
    if (step === outer) return true;
  }
  return false;
}

/** Of a step that looks again and again, the last look: it decided. Of a vantage that had no part in it, its own last. */
function lastOf(events, step) {
  if (step.kind !== "eventually") return events;
  const wrong = new Map((step.settling ?? []).map((settling) => [settling.vantage ?? "", settling.last_wrong ?? 0]));
  const last = Math.max(...wrong.values());
  const ended = (event) => (event.until ?? event.at) + 0.001;
  return groupBy(events, (event) => lookedFrom(event).vantage).flatMap((own) => {
    const since = [last, wrong.get(lookedFrom(own[0]).vantage) ?? 0].find((time) => own.some((event) => ended(event) >= time));
    return own.filter((event) => ended(event) >= (since ?? 0));
  }).sort((one, other) => one.at - other.at);
}

/** The vantages that did not see what was expected until the check stopped waiting. */
function unsettledVantages(fact) {
  const settlings = failedSteps(fact).flatMap((number) => fact.steps[number].settling ?? []);
  const unsettled = settlings.filter((settling) => settling.settled == null && settling.last_wrong != null);
  return unsettled.length < settlings.length ? new Set(unsettled.map((settling) => settling.vantage ?? "")) : new Set();
}

/** The values in groups, those of one key together, in the order of the first of each. */
function groupBy(values, key) {
  const groups = new Map();
  for (const value of values) {
    const name = key(value);
    groups.has(name) ? groups.get(name).push(value) : groups.set(name, [value]);
  }
  return [...groups.values()];
}

function lookedFrom(event) {
  const what = event.probe ?? event.lookup ?? event.status ?? event.link_address ?? event.environment ?? event.traffic;
  return { vantage: what?.vantage ?? "", node: what?.node ?? "" };
}

/** One look, or many alike, as the cells of a row; `good`: somebody answered. */
function lookRow(event, names) {
  const common = { at: event.at, until: event.until, count: event.count ?? 1, ...lookedFrom(event), saw: "", by: "", ms: null };
  if (event.probe) return { ...common, ...probeRow(event.probe, names), ms: milliseconds(event.slowest ?? event.probe.seconds) };
  if (event.lookup) return { ...common, ...lookupRow(event.lookup), ms: milliseconds(event.slowest ?? event.lookup.seconds) };
  if (event.status) {
    const { address, port, path, status } = event.status;
    const through = `http ${address}:${port}${path}`;
    return { ...common, through, name: placeName(names, address, port), outcome: status ? `status ${status}` : "no answer", good: status > 0 };
  }
  if (event.link_address) {
    const { address, hardware } = event.link_address;
    return { ...common, through: `who has ${address}?`, name: names.get(address) ?? "", outcome: hardware ? `is at ${hardware}${names.has(hardware) ? ` (${names.get(hardware)})` : ""}` : "no answer", good: Boolean(hardware) };
  }
  if (event.environment) {
    const { variables, resolv_conf: conf } = event.environment;
    return { ...common, through: "its own container", name: "", outcome: `${variables} variables`, by: conf, good: true };
  }
  if (event.traffic) return { ...common, ...trafficRow(event.traffic, names) };
  if (event.sweep) {
    const { vantages, doors, differing = 0 } = event.sweep;
    return { ...common, vantage: `${vantages} vantages`, through: `${doors} doors`, name: "", outcome: sweepSentence(event.sweep), good: !differing };
  }
  return { ...common, vantage: "the check", through: "the API", name: "", outcome: readingSentence(event.reading).replace(/^API: /, ""), good: true };
}

function trafficRow(traffic, names) {
  const { target, sent } = traffic;
  const answered = answeredTries(traffic);
  return {
    through: `${targetText(target)}, ${traffic.manner === "kept" ? "over one socket" : "each over a new socket"}`,
    name: placeName(names, target.address, target.port),
    outcome: `${answered} of ${sent} answered${sent > answered ? `, ${gapText(traffic)}` : ""}`,
    by: Object.keys(traffic.backends ?? {}).join(", "),
    good: answered === sent && !traffic.wrong?.length,
  };
}

function probeRow(probe, names) {
  const { answer, target } = probe;
  return {
    through: targetText(target),
    name: placeName(names, target.address, target.port),
    outcome: `${probe.outcome}${probe.errno ? ` (${probe.errno})` : ""}${probe.resent ? `, ${probe.resent} sent again` : ""}`,
    by: answer ? `${answer.pod} on ${answer.node}` : "",
    saw: answer ? answer.source : "",
    sawName: answer ? names.get(answer.source) ?? "" : "",
    good: probe.outcome === "answered",
  };
}

/** The name of an address and a port: of the Service that has both, else of the address, and of a node's port. */
function placeName(names, address, port) {
  const both = names.get(`${address} port ${port}`);
  if (both) return both;
  const name = names.get(address) ?? "";
  const portName = names.get(`port ${port}`);
  return portName && !/ of Service /.test(name) ? [portName, name].filter(Boolean).join(", at ") : name;
}

function lookupRow(lookup) {
  return {
    through: `DNS server ${lookup.server}${lookup.tcp ? " over TCP" : ""}`,
    name: `${lookup.name} ${lookup.type}`,
    outcome: lookup.code,
    by: recordsText(lookup),
    good: !/^(TIMEOUT|E[A-Z]+)$/.test(lookup.code),
  };
}

function milliseconds(seconds) {
  return seconds === null || seconds === undefined ? null : Math.round(seconds * 1000);
}

/** The names of addresses, and of node ports, as the API server had them, and of the hardware addresses of nodes: Map of "10.96.0.9" to "ClusterIP of Service a". */
function addressNames(fact) {
  const names = new Map();
  for (const { state } of fact.circumstances ?? []) {
    if (state?.kind === "Pod") for (const { ip } of state.content.status?.podIPs ?? []) names.set(ip, `pod ${state.name}`);
    if (state?.kind === "Service") nameService(names, state);
  }
  // After the pods: what runs on a node's own network has its address.
  for (const { place } of fact.circumstances ?? []) for (const address of place?.addresses ?? []) names.set(address, place.name);
  const places = new Map((fact.circumstances ?? []).flatMap(({ place }) => (place?.addresses ?? []).map((address) => [address, place.name])));
  for (const { link_address: link } of fact.events ?? []) if (link?.hardware && places.has(link.address)) names.set(link.hardware, places.get(link.address));
  return names;
}

function nameService(names, state) {
  const { spec = {}, status = {} } = state.content;
  const of = `of Service ${state.name}`;
  const ports = spec.ports ?? [];
  const name = (address, words) => {
    if (!state.deleted || !names.has(address)) names.set(address, words);
    for (const { port } of ports) names.set(`${address} port ${port}`, words);
  };
  for (const address of [spec.clusterIP, ...(spec.clusterIPs ?? [])]) if (address && address !== "None") name(address, `ClusterIP ${of}`);
  for (const address of spec.externalIPs ?? []) name(address, `external IP ${of}`);
  for (const { ip } of status.loadBalancer?.ingress ?? []) if (ip) name(ip, `load balancer address ${of}`);
  for (const { nodePort } of ports) if (nodePort) names.set(`port ${nodePort}`, `node port ${of}`);
  if (spec.healthCheckNodePort) names.set(`port ${spec.healthCheckNodePort}`, `health check ${of}`);
}
