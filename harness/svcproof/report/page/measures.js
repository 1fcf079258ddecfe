// The numbers of one try: its time, the machine, the chance of a false alarm, and how long each vantage took.

/** All of them, in a part that opens. */
function measures(fact) {
  const lines = [`The check took ${rounded(fact.seconds ?? 0, 1)} s${fact.at ? `, from ${fact.at} on` : ""}.`];
  if (fact.chances?.length) lines.push(`A proxy that is right, and chooses endpoints at random, would be refuted by chance in 1 of ${odds(fact.chances)} runs of this check.`);
  if (fact.machine) lines.push(machineSentence(fact.machine));
  if (fact.bystanders) lines.push(bystandersSentence(fact.bystanders));
  const settled = awaited(fact).flatMap(({ step, change }) => (step.settling ?? []).map((settling) => settlingSentence(step, change, settling)));
  return foldedPart("Times, machine, chance of a false alarm", element("div", {}, lines.map((line) => element("p", {}, foreignName(line))),
    settled.length ? [element("h5", {}, "How long until it showed"), foldedMany(element("ul"), settled, (line) => element("li", {}, foreignName(line)), 20, "lines")] : null));
}

function odds(chances) {
  const none = chances.reduce((sum, { probability }) => sum + Math.log1p(-Math.min(probability, 1 - 1e-12)), 0);
  const number = 1 / Math.max(-Math.expm1(none), 1e-12);
  return number >= 1e12 ? "more than a thousand billion" : Number(number.toPrecision(2)).toLocaleString("en");
}

function machineSentence(machine) {
  const own = machine.proxy == null ? "" : `, ${rounded(machine.proxy, 1)} by the proxy`;
  const late = machine.late ? `; a sleeping thread woke up to ${rounded(machine.late, 2)} s late` : "";
  return `The machine had ${machine.cpus} CPUs, ${rounded(machine.used ?? 0, 1)} in use${own}, and a CPU pressure of ${Math.round(100 * (machine.pressure ?? 0))} %${late}.`;
}

/** The looks at Services that nobody changes, meanwhile. */
function bystandersSentence(bystanders) {
  const nodes = bystanders.nodes ?? [];
  const sum = (key) => nodes.reduce((total, tally) => total + (tally[key] ?? 0), 0);
  const gap = Math.max(0, ...nodes.map((tally) => tally.gap ?? 0));
  const lost = sum("lost") ? `${sum("lost")} were lost, the longest gap ${rounded(gap, 1)} s` : "none was lost";
  return `Of ${sum("tries")} looks at ${bystanders.services} bystanders meanwhile, ${lost}.`;
}

/** The steps that awaited something, outside of controls, each with the last change before it, or null. */
function awaited(fact) {
  const steps = fact.steps ?? [];
  const isControl = (step) => step != null && steps[step].kind === "control";
  const changes = (fact.events ?? []).filter((event) => event.change && !event.change.refused);
  let after = 0;
  return steps.filter((step) => step.kind === "eventually" && !isControl(step.inside)).map((step) => {
    const change = changes.filter((event) => event.at >= after && event.at <= step.began).at(-1) ?? null;
    after = step.ended;
    return { step, change };
  });
}

/** How long a vantage took to see what a step awaits, since the change was acknowledged or else since the first look. */
function settlingSentence(step, change, settling) {
  const who = settling.vantage ? `${settling.vantage}${settling.node ? ` on ${settling.node}` : ""}` : "the check";
  const looks = `${settling.looks} ${settling.looks === 1 ? "look" : "looks"}`;
  if (settling.settled == null) return `${who}: it did not show, in ${looks}: ${step.expected}`;
  const start = change ? change.at + (change.change.seconds ?? 0) : step.began;
  const since = (time) => rounded(Math.max(0, time - start), 2);
  const between = settling.last_wrong == null ? `within ${since(settling.settled)} s` : `between ${since(settling.last_wrong)} and ${since(settling.settled)} s`;
  return `${who}: ${between} after ${change ? changeWords(change.change) : "the first look"}, in ${looks}: ${step.expected}`;
}
