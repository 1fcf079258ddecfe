"""The file `report.md`: short enough to be pasted, and the verdict, the failures and the unknowns in it."""

from dataclasses import replace

import html5lib
import pytest
from markdown_it import MarkdownIt

from svcproof.model.baseline import Baseline, Entry
from svcproof.model.divergence import Divergence
from svcproof.model.fact import Fact, Finding
from svcproof.model.run import Finished
from svcproof.report.pull_request import LARGEST, content

FINISHED = Finished(at="2026-01-02T03:05:05.000+00:00", seconds=60.0)
OURS = {"html", "head", "body", "p", "strong", "code", "table", "thead", "tbody", "tr", "th", "td", "h3", "ul", "li"}
OURS |= {"pre", "details", "summary"}
HOSTILE = "</details><script>alert(1)</script> @admins `` ` [a](javascript:alert(1)) | \n\n# b \u202e\udc80"


def text_of(run):
    return content(run, run.verdicts()).decode()


@pytest.fixture
def whole(every_kind):
    return replace(every_kind, finished=FINISHED, versions={"kubernetes": "v1.36.3"})


def test_it_begins_with_the_verdict_in_one_line(whole):
    first = text_of(whole).splitlines()[0]

    assert first == (
        "**✗ failed** `mine with proxy/no-reject on lab`: 1 MUST failed, 3 could not be told, 1 not run; "
        "1 of 6 core behaviours shown"
    )


def test_a_failure_has_what_diverged_first_and_the_command_that_runs_it_again(whole):
    divergence = Divergence(sentence="node-b still sends 1 in 3 to 10.244.1.7")
    facts = [replace(fact, divergence=divergence) if fact.id == "fails" else fact for fact in whole.facts]

    text = text_of(replace(whole, facts=tuple(facts)))

    assert "* ✗ fail `fails`, a MUST: A client sees that it fails. ([clause](https://example.org/service/" in text
    assert "  found: `node-b still sends 1 in 3 to 10.244.1.7`\n" in text
    again = "svcproof run --cluster lab --proxy './my proxy.yaml' --fault proxy/no-reject -k fails"
    assert f"  ```sh\n  {again}\n  ```" in text


def test_what_is_not_known_is_told_by_its_reason_and_not_as_a_failure(whole):
    _, _, unknown = text_of(whole).partition("### 3 could not be told\n")

    assert unknown.startswith("\n* `the proxy ended\\x1b[0m`\n  * `2: breaks, breaks_too`")
    assert "### 1 failed\n" in text_of(whole)
    assert "### 1 recommended and did not hold\n" in text_of(whole)


def test_a_run_that_did_not_complete_says_so_and_has_no_totals(every_kind):
    text = text_of(every_kind)

    assert "**Not complete**: `the run file has no last line" in text
    assert "| all | incomplete |" in text


def test_a_run_of_nothing_is_not_said_to_have_passed(header, whole):
    text = text_of(replace(whole, behaviours=(), facts=()))

    assert text.startswith("**? nothing selected** ")


def test_many_long_failures_are_counted_where_they_have_no_room(whole, behaviour):
    behaviours = tuple(behaviour(f"fails_{number}_{'x' * 280}") for number in range(600))
    facts = tuple(Fact(id=each.id, finding=Finding.REFUTED, reason="y" * 20_000) for each in behaviours)
    text = text_of(replace(whole, behaviours=behaviours, facts=facts))

    assert len(text.encode()) <= LARGEST
    assert text.count("* ✗ fail ") + int(text.rpartition("\n\n")[2].split()[0]) == 50
    assert "and 550 more. The run file has the rest." in text


@pytest.mark.parametrize("finding", Finding)
def test_no_text_of_a_run_is_obeyed(whole, behaviour, finding):
    """By an old browser's reading of what a lenient reader of Markdown makes of it."""
    one = replace(behaviour(HOSTILE), requirement=HOSTILE, spec=HOSTILE, area=HOSTILE)
    fact = Fact(id=one.id, finding=finding, reason=HOSTILE, divergence=Divergence(sentence=HOSTILE))
    header = replace(whole.header, cluster_given=HOSTILE, faults=(HOSTILE,))
    run = replace(whole, header=header, behaviours=(one,), facts=(fact,), versions={"kubernetes": HOSTILE})

    page = html5lib.parse(MarkdownIt("commonmark").enable("table").render(text_of(run)), namespaceHTMLElements=False)

    assert {element.tag for element in page.iter()} <= OURS
    assert all(element.tag in {"code", "pre"} or "@admins" not in (element.text or "") for element in page.iter())


def test_what_is_otherwise_than_the_baseline_says_comes_first(whole):
    about = {"why": "slow @all", "url": "https://example.org/1", "owner": "@net", "until": "2026-12-31"}
    listed = Baseline(baseline=1, entries=[Entry(behaviour=name, **about) for name in ("fails", "passes")])

    text = text_of(whole.knowing(listed))

    assert text.startswith("**✗ failed** ")
    assert "\n\nbaseline: 1 in the baseline, and holds, 1 fails as the baseline says\n\n" in text
    first, second = text.index("### 1 fail the run"), text.index("### 1 failed as the baseline says")
    assert first < text.index("✓ pass `passes`") < second < text.index("✗ fail `fails`")
    assert "  baseline: `expected failure: slow @all (https://example.org/1, @net, until 2026-12-31)`\n" in text
