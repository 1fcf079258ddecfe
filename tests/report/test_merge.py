from dataclasses import replace

import pytest

from svcproof.errors import UsageError
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.fact import Fact, Finding
from svcproof.model.proxy_spec import ProxySpec
from svcproof.model.run import INTERRUPTED, Finished, Run
from svcproof.report import runfile
from svcproof.report.merge import merged

NAMES = ("answers", "drops", "spreads", "refuses", "keeps")


@pytest.fixture
def shards(header, behaviour):
    """Three shards of a run of five behaviours, each by the name of its place."""

    def run(number):
        own = sorted(NAMES)[number - 1 :: 3]
        return Run(
            header=replace(header, shard=f"{number}/3", id=f"run-{number}"),
            behaviours=tuple(map(behaviour, own)),
            versions={"kernel": "6.1"},
            facts=tuple(Fact(id=name, finding=Finding.CONFIRMED) for name in own),
            finished=Finished(at=f"2026-01-02T03:0{number}:00+00:00", seconds=number * 10.0),
        )

    return {f"shard-{number}": run(number) for number in (1, 2, 3)}


def problems(shards):
    with pytest.raises(UsageError) as refused:
        merged(shards)
    return refused.value.problems


def changed(shards, place, **header):
    run = shards[place]
    return {**shards, place: replace(run, header=replace(run.header, **header))}


def test_shards_in_any_order_make_the_run_they_are_parts_of(shards):
    whole = merged(dict(reversed(shards.items())))

    assert [one.id for one in whole.behaviours] == sorted(NAMES)
    assert len(whole.facts) == len(NAMES)
    assert (whole.header.shard, whole.header.id) == ("", "run-1-merged")
    assert whole.finished == Finished(at="2026-01-02T03:03:00+00:00", seconds=30.0)
    assert whole.exit_code(whole.verdicts()) == 0


def test_the_whole_run_exits_as_its_worst_shard(shards):
    bad = replace(shards["shard-2"], facts=(Fact(id="drops", finding=Finding.REFUTED, reason="silence"),))

    whole = merged({**shards, "shard-2": replace(bad, behaviours=bad.behaviours)})

    assert whole.exit_code(whole.verdicts()) == 1


def test_an_interrupted_shard_makes_the_run_interrupted(shards):
    cut = replace(shards["shard-3"], facts=(), finished=Finished(at="", seconds=1.0, why=INTERRUPTED))

    whole = merged({**shards, "shard-3": cut})

    assert whole.exit_code(whole.verdicts()) == 2


def test_a_killed_shard_makes_the_run_incomplete_even_where_all_its_facts_are_there(shards):
    killed = replace(shards["shard-3"], finished=None)

    whole = merged({**shards, "shard-3": killed})

    assert whole.exit_code(whole.verdicts()) == 3
    assert whole.why.startswith("shard 3/3 is not complete: the run file has no last line")


def test_a_shard_killed_before_it_selected_is_to_be_run_again(shards):
    blank = replace(shards["shard-3"], behaviours=(), facts=(), finished=None)

    assert problems({**shards, "shard-3": blank}) == (
        "shard-3: was killed before it wrote which behaviours it selects; run it again",
    )


def test_what_is_stored_is_what_was_merged(shards, tmp_path):
    whole = merged(shards)

    runfile.store(whole, tmp_path / "whole")

    assert runfile.load(tmp_path / "whole").behaviours == whole.behaviours
    with pytest.raises(UsageError, match="choose another --results"):
        runfile.store(whole, tmp_path / "whole")


def test_a_missing_shard_is_named(shards):
    del shards["shard-2"]

    assert problems(shards) == ("shard 2/3 is missing",)


def test_a_shard_made_twice_is_named(shards):
    told = problems({**shards, "again": shards["shard-2"]})

    assert "shard 2/3 is there more than once: shard-2, again" in told
    assert "again and shard-2 have both made drops, spreads" in told or len(told) > 1


def test_shards_of_different_splits_do_not_belong_together(shards):
    (told,) = problems(changed(shards, "shard-2", shard="2/4"))

    assert told.startswith("these are shards of different splits: shard-1 is 1/3, shard-2 is 2/4")


def test_a_whole_run_is_no_shard(shards):
    assert problems(changed(shards, "shard-2", shard="")) == ("shard-2: is a whole run, not a shard of one",)


def test_another_proxy_cluster_or_version_is_told_with_its_place(shards):
    other = changed(shards, "shard-2", proxy=ProxySpec(name="other"), svcproof="9.9.9")
    other = changed(other, "shard-3", cluster=ClusterSpec(name="kind", provider="kind"))
    other["shard-3"] = replace(other["shard-3"], versions={"kernel": "6.2"})

    assert problems(other) == (
        "shard-2 is of another svcproof than shard-1: 9.9.9, not 0.1.0",
        "shard-2 is of another proxy than shard-1: other, not mine",
        "shard-3 is of another cluster than shard-1: kind, not lab",
        "shard-3 ran kernel 6.2, shard-1 6.1",
    )


def test_where_the_kubeconfig_lies_makes_no_other_cluster(shards):
    spec = shards["shard-1"].header.cluster
    moved = spec.model_copy(update={"kubeconfig": spec.kubeconfig.model_copy(update={"path": "/elsewhere"})})

    assert merged(changed(shards, "shard-2", cluster=moved))


def test_shards_of_different_selections_are_told(shards, behaviour):
    run = shards["shard-1"]
    others = {**shards, "shard-1": replace(run, behaviours=(*run.behaviours, behaviour("zooms")), facts=run.facts)}

    assert any("shard-1: is not shard 1/3 of what all of them made" in one for one in problems(others))


def test_shards_of_different_suites_are_refused(shards):
    (problem,) = problems(changed(shards, "shard-2", suite="0" * 64))

    assert problem == f"shard-2 is of another suite than shard-1: {'0' * 64}, not none"
