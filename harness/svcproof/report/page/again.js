// The command that runs one behaviour of a run again, as Header.again of svcproof/model/run.py has it.

/** The words as a POSIX shell takes them, as shlex.join of Python. */
function shellJoin(words) {
  return words.map((word) => {
    if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word)) return word;
    return `'${word.replaceAll("'", "'\"'\"'")}'`;
  }).join(" ");
}

/** The command for a behaviour; `node` is its test's name for pytest, where `svcproof run` does not know of it. */
function again(header, behaviour, node = "") {
  const words = ["--cluster", header.cluster_given, "--proxy", header.proxy_given];
  for (const fault of header.faults ?? []) words.push("--fault", fault);
  words.push(...(header.options ?? []));
  words.push(...(header.patience ?? []).map((word) => `--patience=${word}`));
  if (header.ignore_release) words.push("--ignore-release");
  if (node) {
    const isModule = !node.split("::", 1)[0].endsWith(".py");
    const ours = words.map((word) => (word.startsWith("--") ? `--svcproof-${word.slice(2)}` : word));
    return shellJoin(["pytest", ...(isModule ? ["--pyargs"] : []), node, ...ours]);
  }
  for (const suite of header.suites ?? []) words.push("--suite", suite);
  return shellJoin(["svcproof", "run", ...words, "-k", behaviour]);
}
