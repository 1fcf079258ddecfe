// Reading a run file: its lines are checked as svcproof itself checks them, and whatever does not fit is refused.

const FORMAT = 2;
const KINDS = ["run", "selection", "versions", "started", "fact", "judged", "finished"];
const LONGEST_LINE = 32 << 20;
const LONGEST_FIRST = 4 << 20;
const SEAL = /^, "digest": "([0-9a-f]{64})"\}$/;
const SEAL_LENGTH = 79;
const NOT_JUDGED = "this file does not say what follows from its facts; `svcproof report DIR` judges it";

/**
 * The run in a run file: its text, bytes or File, plain or gzip. Throws an Error that says what is wrong.
 *
 * `trimmed`: lines that the page itself carries, with less in them, which are taken as they are. `schema`: of a line.
 */
async function readRunFile(source, { trimmed = false, schema = embeddedValue("run-file-schema") } = {}) {
  const bytes = await runFileBytes(source);
  const chain = sealChain();
  const lines = Object.fromEntries(KINDS.map((kind) => [kind, []]));
  let [from, number, seal] = [0, 0, ""];
  while (from < bytes.length) {
    const end = bytes.indexOf(10, from);
    if (end < 0 && !lines.finished.length) break; // It was being written when the process was killed.
    number += 1;
    const text = bytes.subarray(from, end < 0 ? bytes.length : end);
    const line = trimmed ? parsedLine(text, (why) => new Error(why)) : lineOf(text, number, lines, chain, schema);
    if (line.kind === "finished" && !trimmed) refuseOtherCounts(line, lines, number);
    lines[line.kind].push(line);
    seal = line.digest;
    from = end < 0 ? bytes.length : end + 1;
    if (number % 500 === 0) await new Promise((resolve) => setTimeout(resolve));
  }
  if (!lines.run.length) throw new Error(bytes.length ? "it is no run file: its first line is cut short" : "it is empty");
  return runOf(lines, seal, trimmed);
}

function runOf(lines, digest, trimmed) {
  const behaviours = mapById(lines.selection.flatMap((line) => line.behaviours), "the selection");
  const facts = new Map();
  for (const fact of lines.fact) facts.set(fact.id, [...(facts.get(fact.id) ?? []), fact]);
  const judged = judgements(lines, behaviours);
  if (!trimmed) refuseContradictions(judged, facts);
  const finished = lines.finished[0] ?? null;
  const why = finished ? finished.why ?? "completed" : "the run file has no last line: the run was killed, or the file cut off";
  return {
    digest,
    header: lines.run[0],
    behaviours,
    versions: Object.assign({}, ...lines.versions.map((line) => line.of)),
    facts,
    judged,
    finished,
    complete: why === "completed",
    why,
    trimmed,
  };
}

/** The judgements of the file; where it has none, nothing is said of any behaviour but that. */
function judgements(lines, behaviours) {
  if (!lines.judged.length) {
    const unknown = (id) => ({ id, expected: "", observed: "not run", reason: NOT_JUDGED });
    return new Map([...behaviours.keys()].map((id) => [id, unknown(id)]));
  }
  const judged = mapById(lines.judged.flatMap((line) => line.judgements), "the line of judgements");
  const strange = [...judged.keys()].find((id) => !behaviours.has(id));
  const missing = [...behaviours.keys()].find((id) => !judged.has(id));
  if (strange) throw new Error(`it judges ${oneLine(strange)}, which it did not select`);
  if (missing) throw new Error(`it selects ${oneLine(missing)}, and does not judge it`);
  return judged;
}

/** A page does not judge, but sees where the facts speak against a judgement, as in a file that was sealed anew. */
function refuseContradictions(judged, facts) {
  for (const { id, observed } of judged.values()) {
    const findings = (facts.get(id) ?? []).filter((fact) => !fact.retry).map((fact) => fact.finding);
    const held = findings.length > 0 && findings.every((finding) => finding === "confirmed");
    if (observed === "pass" && !held) throw new Error(`it judges ${oneLine(id)} as pass, and its facts do not show that`);
  }
}

function mapById(values, place) {
  const map = new Map(values.map((value) => [value.id, value]));
  if (map.size === values.length) return map;
  const ids = values.map((value) => value.id);
  throw new Error(`${place} names ${oneLine(ids.find((id, at) => ids.indexOf(id) !== at))} twice`);
}

/** The bytes of a text, a buffer or a File; what begins as gzip is unpacked. */
async function runFileBytes(source) {
  if (typeof source === "string") return new TextEncoder().encode(source);
  const bytes = new Uint8Array(source instanceof Blob ? await source.arrayBuffer() : source);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(unpacked).arrayBuffer());
  } catch {
    throw new Error("it begins like a gzip file, and cannot be unpacked: it is cut short or damaged");
  }
}

function lineOf(bytes, number, before, chain, schema) {
  const refuse = (why) => new Error(`line ${number} is not a line of a svcproof run: ${why}`);
  if (before.finished.length) throw refuse("it follows the last line of the run");
  const most = number === 1 ? LONGEST_FIRST : LONGEST_LINE;
  if (bytes.length >= most) throw refuse(`it is longer than ${most >> 20} MB`);
  const holds = chain.holds(bytes);
  if (!holds && number > 1) throw refuse(CHANGED);
  const line = parsedLine(bytes, refuse);
  refuseKind(line, number, before, refuse);
  if (!holds) throw refuse(CHANGED);
  const mistake = schema ? schemaMistake(line, schema) : "";
  if (mistake) throw refuse(mistake);
  return line;
}

const CHANGED = "its digest does not fit, so it or a line before it was changed, taken out, added or moved";

function parsedLine(bytes, refuse) {
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw refuse("it is not UTF-8");
  }
  let line;
  try {
    line = JSON.parse(text);
  } catch {
    throw refuse(`it is not JSON: ${oneLine(cutText(text, 60))}`);
  }
  if (line === null || typeof line !== "object" || Array.isArray(line)) throw refuse("it is not a JSON object");
  return line;
}

function refuseKind(line, number, before, refuse) {
  if (line.kind === "run" && line.format !== FORMAT) {
    throw refuse(`it is of format ${oneLine(cutText(String(JSON.stringify(line.format)), 60))}, and this page reads format ${FORMAT}`);
  }
  if (!KINDS.includes(line.kind)) {
    throw refuse(`its kind is ${oneLine(cutText(String(JSON.stringify(line.kind)), 60))}, which is none of ${KINDS.join(", ")}`);
  }
  const due = KINDS[number - 1];
  if (number <= 2 && line.kind !== due) throw refuse(`line ${number} of a run file is of kind ${due}, and this one is of kind ${line.kind}`);
  if (number > 2 && ["run", "selection"].includes(line.kind)) throw refuse(`a second line of kind ${line.kind}`);
  if (!before.judged.length || line.kind === "finished") return;
  if (line.kind === "judged") throw refuse("a second line of kind judged");
  throw refuse(`only the last line of a run follows its judgements, and this one is of kind ${line.kind}`);
}

function refuseOtherCounts(finished, lines, number) {
  const counts = Object.entries(lines).filter(([, members]) => members.length);
  const counted = Object.entries(finished.lines ?? {});
  const fits = counted.length === counts.length && counts.every(([kind, members]) => finished.lines[kind] === members.length);
  if (!fits) throw new Error(`line ${number} counts other lines than the ${number - 1} before it: some are missing`);
}

/** Checks the seals of lines, from the first on: each is the SHA-256 of all lines so far without their seals. */
function sealChain() {
  const hash = sha256();
  const ending = new TextEncoder().encode("}\n");
  return {
    holds(bytes) {
      const start = Math.max(0, bytes.length - SEAL_LENGTH);
      const seal = SEAL.exec(String.fromCharCode(...bytes.subarray(start)));
      hash.update(bytes.subarray(0, start));
      hash.update(ending);
      return seal !== null && seal[1] === hash.digest();
    },
  };
}
