"""TAP of a run: as many points as behaviours, and no text of a run is a point or a directive."""

import re
from dataclasses import replace

import yaml

from svcproof.model.baseline import Baseline, Entry
from svcproof.model.divergence import Divergence
from svcproof.model.fact import Fact, Finding
from svcproof.model.run import Finished
from svcproof.report.ci.tap import content

FINISHED = Finished(at="2026-01-02T03:05:05.000+00:00", seconds=60.0)
POINT = re.compile(r"^(not )?ok (\d+) - ((?:[^#\\]|\\[#\\])*?)(?: # (SKIP|TODO) (.*))?$")
HOSTILE = "x # SKIP y\nok 7 - z\n  ...\n'q' \\# \x1b[31m"


def points(run):
    lines = content(run, run.verdicts()).decode().splitlines()
    assert lines[0] == "TAP version 14"
    found = [POINT.match(line) for line in lines[2:] if not line.startswith("  ")]
    assert all(found)
    assert lines[1] == f"1..{len(found)}"
    return [point.groups() for point in found]


def test_each_behaviour_is_a_point_with_the_word_that_junit_has(every_kind):
    told = {name: (no, directive) for no, _, name, directive, _ in points(replace(every_kind, finished=FINISHED))}

    assert told == {
        "passes": (None, None),
        "fails": ("not ", None),
        "is_weak": (None, None),
        "is_open": (None, None),
        "breaks": ("not ", None),
        "breaks_too": ("not ", None),
        "is_blocked": ("not ", None),
        "is_untestable": (None, "SKIP"),
        "is_not_reached": (None, "SKIP"),
    }


def test_a_run_that_did_not_complete_has_a_point_more(every_kind):
    assert points(every_kind)[-1][:3] == ("not ", "10", "the run completes")


def test_a_run_of_nothing_is_a_plan_of_nothing(every_kind):
    assert points(replace(every_kind, behaviours=(), facts=(), finished=FINISHED)) == []


def test_no_text_of_a_run_is_a_point_a_directive_or_the_end_of_a_block(every_kind, behaviour):
    for finding in Finding:
        one = replace(behaviour(HOSTILE), requirement=HOSTILE, spec=HOSTILE)
        fact = Fact(id=one.id, finding=finding, reason=HOSTILE, divergence=Divergence(sentence=HOSTILE))
        run = replace(every_kind, behaviours=(one,), facts=(fact,), finished=FINISHED)

        told = points(run)

        assert len(told) == 1
        lines = content(run, run.verdicts()).decode().splitlines()
        if "  ---" in lines:
            block = yaml.safe_load("\n".join(lines[lines.index("  ---") + 1 : lines.index("  ...")]))
            assert all(isinstance(value, str) for value in block.values())
            assert block["message"].startswith("x # SKIP y")


def test_a_failure_that_the_baseline_lists_is_to_be_mended_and_an_old_entry_fails(every_kind):
    about = {"why": "slow #1", "url": "https://example.org/1", "owner": "@net", "until": "2026-12-31"}
    names = ("fails", "passes", "breaks")
    listed = Baseline(baseline=1, entries=[Entry(behaviour=name, **about) for name in names])

    told = {name: (no, directive, why) for no, _, name, directive, why in points(every_kind.knowing(listed))}

    assert told["fails"][:2] == ("not ", "TODO")
    assert told["fails"][2].startswith(r"expected failure: slow \#1 (")
    assert told["passes"] == ("not ", None, None)
    assert told["breaks"][1] == "SKIP"
