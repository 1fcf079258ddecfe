"""The watch: what a check's record has, and which bystanders are broken, beside which change."""

from svcproof.bystanders.post import Post
from svcproof.bystanders.spell import Look
from svcproof.bystanders.watch import Watch
from svcproof.model.bystander import Kind
from svcproof.model.event import Change, HarnessAction, Verb
from svcproof.model.probe import Target

POST = Post(
    service="bystander-tcp",
    kind=Kind.CLUSTER_IP,
    door="ClusterIP",
    question=Target("10.96.0.7", 80),
    vantage="client-node-a",
    node="node-a",
)
ALLOWED = 5.0


def watching(*looks: tuple[float, bool]) -> Watch:
    watch = Watch(every=1.0, allowed=ALLOWED)
    watch.take((POST, Look(at, right, "dropped", "answered by echo-0")) for at, right in looks)
    return watch


def deletion(name: str) -> Change:
    return Change(verb=Verb.DELETE, kind="Service", name=name)


def test_a_record_counts_the_looks_of_each_node_since_the_last_one() -> None:
    watch = watching((1.0, True), (2.0, True), (3.0, False), (4.0, True))

    record, later = watch.collect(0.0, 5.0), watch.collect(5.0, 6.0)

    assert [(tally.node, tally.tries, tally.lost, tally.gap) for tally in record.nodes] == [("node-a", 4, 1, 2.0)]
    assert [(each.at, each.until, each.lost, each.gap) for each in record.disturbances] == [(3.0, 4.0, 1, 2.0)]
    assert (later.tries, later.disturbances) == (0, ())


def test_what_is_wrong_for_less_than_the_proxy_may_need_is_not_broken() -> None:
    watch = watching((1.0, True), (2.0, False), (3.0, False), (4.0, False))

    assert not watch.broken(2.0 + ALLOWED - 0.1)
    assert list(watch.broken(2.0 + ALLOWED)) == [POST]


def test_two_wrong_looks_are_too_few_however_long_they_are_apart() -> None:
    assert not watching((1.0, True), (2.0, False), (50.0, False)).broken(60.0)


def test_what_is_wrong_while_something_excuses_it_is_not_broken_until_it_stays_so_afterwards() -> None:
    watch = watching((1.0, True), (2.0, False), (3.0, False), (4.0, False))
    watch.quiet_since = 20.0

    assert not watch.broken(20.0 + ALLOWED - 0.1)
    assert watch.broken(20.0 + ALLOWED)


def test_a_broken_bystander_is_told_of_once_and_again_where_it_breaks_again() -> None:
    watch = watching((1.0, True), (2.0, False), (3.0, False), (4.0, False))

    assert watch.tell(10.0)
    assert not watch.tell(11.0)
    assert not watch.undecided()

    watch.take([(POST, Look(at, right, "dropped")) for at, right in ((12.0, True), (13.0, False))])

    assert watch.undecided()


def test_what_stays_broken_is_in_the_record_that_follows_and_in_none_after_that() -> None:
    watch = watching((1.0, True), (2.0, False), (3.0, False), (4.0, False))
    watch.tell(10.0)

    assert len(watch.collect(0.0, 10.0).disturbances) == 1
    assert not watch.collect(10.0, 20.0).disturbances


def test_a_disturbance_names_the_change_made_since_the_last_right_look_and_its_check() -> None:
    watch = watching()
    watch.changes.check = "first_check"
    watch.changes.add(deletion("early"), 0.5)
    watch.changes.check = "second_check"
    watch.changes.add(deletion("neighbour"), 1.5)
    watch.take([(POST, Look(1.0, True)), (POST, Look(2.0, False, "dropped"))])
    watch.changes.add(deletion("late"), 2.5)

    (disturbance,) = watch.collect(0.0, 3.0).disturbances

    assert [(near.check, near.change, near.before) for near in disturbance.changes] == [
        ("second_check", "delete Service neighbour", 0.5)
    ]


def test_where_nothing_changed_since_the_last_right_look_earlier_changes_are_named() -> None:
    watch = watching()
    watch.changes.check = "first_check"
    watch.changes.add(HarnessAction(action="start the proxy again", on="node-a"), 0.5)
    watch.take([(POST, Look(1.0, True)), (POST, Look(2.0, False, "dropped"))])

    (disturbance,) = watch.collect(0.0, 3.0).disturbances

    assert [near.change for near in disturbance.changes] == ["start the proxy again: node-a"]
