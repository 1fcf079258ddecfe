"""The file `report.md`: a run as Markdown, to paste into a pull request or to be shown as a job's summary.

It never has more than a comment on GitHub may have; what does not fit is counted.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from svcproof.model.header import Header
from svcproof.model.judgement import OBSERVED
from svcproof.model.matrix import count, matrix
from svcproof.model.run import COMPLETED, Run
from svcproof.model.verdict import REFUTED, Ruling, Verdict
from svcproof.printable import clipped
from svcproof.report.baseline import baseline_count, sentence
from svcproof.report.comparison.words import GLYPHS, about, grouped, shown
from svcproof.report.markdown import block, code, escaped, folded, link, table
from svcproof.report.outcome import UNKNOWN, Concern, Word, concerns, outcome
from svcproof.report.words import again, divergence, few, gist

LARGEST = 65_536
"""Bytes that a comment on GitHub may have, which a pull request's description may have too."""
MOST_FAILURES = 50
MOST_GROUPS = 40
MOST_TEXT = 500
"""Characters of a reason or a requirement."""
SIGNS: Mapping[Word, str] = {Word.PASSED: "✓", Word.FAILED: "✗"}
ELSEWHERE = "The run file has the rest."
TITLES: Mapping[Ruling, str] = {
    Ruling.DEVIATES: "documented deviations",
    Ruling.UNSUPPORTED: "not claimed, and not so",
    Ruling.RECORDED: "recorded, where Kubernetes leaves it open",
    Ruling.PASS: "pass",
}


def content(run: Run, verdicts: Sequence[Verdict]) -> bytes:
    """The content of the file: at most 65,536 bytes."""
    blocks = [*_head(run, verdicts), *_concerns(run, verdicts), *_unknowns(verdicts), _rest(verdicts)]
    return ("\n\n".join(fitted(blocks, LARGEST - 1)) + "\n").encode()


def fitted(blocks: Sequence[str], room: int) -> list[str]:
    """The blocks that together have so many bytes, in their order; for those that do not fit, a sentence."""
    left_out = 0
    kept: list[str] = []
    room -= len(_left_out(len(blocks))) + 2
    for text in filter(None, blocks):
        size = len(text.encode()) + 2
        if size > room:
            left_out += 1
        else:
            kept.append(text)
            room -= size
    return [*kept, _left_out(left_out)] if left_out else kept


def _left_out(number: int) -> str:
    return f"{number} more {'part' if number == 1 else 'parts'} of this report did not fit. {ELSEWHERE}"


def _head(run: Run, verdicts: Sequence[Verdict]) -> Iterator[str]:
    """The verdict in a line, the versions, and what is shown of each promise."""
    numbers, header, alone = outcome(run, verdicts), run.header, matrix({"run": run}, {"run": verdicts})
    column = alone.columns[0]
    description = about(column)
    subject = f"{header.proxy.name}{header.with_faults} on {header.cluster.name}"
    yield f"**{SIGNS.get(numbers.word, '?')} {numbers.word}** {code(subject, MOST_TEXT)}: {numbers.sentence}"
    if beside := baseline_count(run, verdicts):
        yield escaped(beside)
    if run.why != COMPLETED:
        yield f"**Not complete**: {code(gist(run.why), MOST_TEXT)}"
    versions = [f"{what} {description[what]}" for what in ("kubernetes", "kernel", "components") if description[what]]
    parts = [
        *versions,
        f"svcproof {header.svcproof}",
        header.started[:10],
        *([f"run {run.key}"] if run.digest else []),
    ]
    yield code(" · ".join(parts), MOST_TEXT)
    groups = list(grouped(alone, "kep").items())
    shares = ([group, shown(count(members, 0), column)] for group, members in groups[-MOST_GROUPS:])
    yield "\n".join(table(["promise", "shown"], shares))


def _concerns(run: Run, verdicts: Sequence[Verdict]) -> Iterator[str]:
    """The concerns in three groups: those that fail the run, those that do not, and expected failures."""
    every = concerns(run, verdicts)
    groups = {
        "fail the run" if run.header.baseline else "failed": [each for each in every if each.fails],
        "recommended and did not hold": [each for each in every if not each.fails and not each.is_expected],
        "failed as the baseline says": [each for each in every if each.is_expected],
    }
    room = MOST_FAILURES
    for title, members in groups.items():
        if members:
            yield f"### {len(members)} {title}"
        yield from (_concern(concern, run.header) for concern in members[:room])
        if (more := len(members) - room) > 0:
            yield f"and {more} more. {ELSEWHERE}"
        room -= min(room, len(members))


def _concern(concern: Concern, header: Header) -> str:
    """The behaviour, the clause, the first divergent fact, and the command that runs it again."""
    verdict, behaviour = concern.verdict, concern.verdict.behaviour
    sign = GLYPHS[OBSERVED[verdict.ruling]]
    clause = f"{escaped(clipped(behaviour.requirement, MOST_TEXT))} ({link('clause', behaviour.spec)})"
    lines = [f"* {sign} {verdict.ruling} {code(behaviour.id, MOST_TEXT)}, a {verdict.level}: {clause}"]
    if concern.compared:
        lines.append(f"  baseline: {code(sentence(concern.compared), MOST_TEXT)}")
    if verdict.ruling in REFUTED:
        lines.append(f"  found: {code(divergence(verdict), MOST_TEXT)}")
    return "\n".join([*lines, block(again(verdict, header), "sh", "  ")])


def _unknowns(verdicts: Sequence[Verdict]) -> Iterator[str]:
    yield from _grouped("could not be told", [each for each in verdicts if each.ruling in UNKNOWN])
    yield from _grouped("not run", [each for each in verdicts if each.ruling is Ruling.NOT_RUN])
    yield from _grouped("not testable here", [each for each in verdicts if each.ruling is Ruling.UNTESTABLE])


def _grouped(title: str, verdicts: Sequence[Verdict]) -> Iterator[str]:
    """Behaviours by the reason that they share, the most frequent first."""
    if not verdicts:
        return
    reasons: dict[str, list[str]] = defaultdict(list)
    for verdict in verdicts:
        reasons[gist(verdict.cause or verdict.reason)].append(verdict.behaviour.id)
    yield f"### {len(verdicts)} {title}"
    most_first = sorted(reasons.items(), key=lambda entry: -len(entry[1]))
    lines = [f"* {code(reason, MOST_TEXT)}\n  * {code(few(ids), 2 * MOST_TEXT)}" for reason, ids in most_first]
    yield from lines[:MOST_GROUPS]
    if (more := len(lines) - MOST_GROUPS) > 0:
        yield f"and {more} more reasons. {ELSEWHERE}"


def _rest(verdicts: Sequence[Verdict]) -> str:
    lines: list[str] = []
    for ruling, title in TITLES.items():
        concerned = [verdict for verdict in verdicts if verdict.ruling is ruling]
        if not concerned:
            continue
        lines.append(f"* {GLYPHS[OBSERVED[ruling]]} {title}: {len(concerned)}")
        if ruling is not Ruling.PASS:
            entries = [f"{verdict.behaviour.id}: {gist(verdict.reason)}" for verdict in concerned]
            lines += [f"  * {code(entry, MOST_TEXT)}" for entry in entries[:MOST_GROUPS]]
    if not lines:
        return ""
    return "\n".join(folded(f"The rest: {sum(verdict.ruling in TITLES for verdict in verdicts)}", lines))
