"""The stage of bystanders: which are made, what each fact tells of them, and the facts of those that broke."""

import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import groupby

import pytest

from svcproof.bystanders.post import Post
from svcproof.bystanders.spell import Spell
from svcproof.bystanders.words import reason
from svcproof.model.behaviour import Behaviour
from svcproof.model.bystander import BystanderRecord, Kind
from svcproof.model.fact import Fact, Finding
from svcproof.plugin.bystanders.excuses import Excuses
from svcproof.plugin.bystanders.standing import Bystanders
from svcproof.plugin.cluster import lacking
from svcproof.plugin.collection import BEHAVIOUR
from svcproof.plugin.evidence.attaching import with_evidence
from svcproof.plugin.options import wanted
from svcproof.plugin.recording import BEGAN, BESIDE_KEY, FACT, notebook
from svcproof.plugin.suite_digest import SELECTION
from svcproof.report.lines import packed

FIXTURE = "svcproof_bystanders"
BYSTANDERS = pytest.StashKey[Bystanders]()
EXCUSES = pytest.StashKey[Excuses]()
IN_CHECK = pytest.StashKey[bool]()
"""True while a check is made, its clearing up included."""


def pytest_collection_finish(session: pytest.Session) -> None:
    """Have bystanders stand before the first check, where a behaviour of theirs is selected, be it in another shard."""
    if _selected(session.config):
        for item in session.items:
            if BEHAVIOUR in item.stash and FIXTURE not in item.fixturenames:  # type: ignore[attr-defined]
                item.fixturenames.insert(0, FIXTURE)  # type: ignore[attr-defined]


def kinds(config: pytest.Config) -> frozenset[Kind]:
    """The kinds of bystanders that this cluster can have, and that the proxy claims to serve."""
    claims = wanted(config).proxy.claims
    return frozenset(
        Kind(behaviour.id)
        for behaviour in _selected(config)
        if not behaviour.capabilities & lacking(config).keys() and not claims.unclaimed(behaviour)
    )


def _selected(config: pytest.Config) -> list[Behaviour]:
    behaviours = (item.stash[BEHAVIOUR] for item in config.stash.get(SELECTION, ()))
    return [behaviour for behaviour in behaviours if behaviour.id in set(Kind)]


@contextmanager
def followed(config: pytest.Config, bystanders: Bystanders) -> Iterator[Bystanders]:
    """Have what checks change told to the watch, and decide at the end what is undecided, if no check was torn off."""
    config.stash[BYSTANDERS] = bystanders
    notebook(config).follower = bystanders.background.watch.changes.add
    try:
        yield bystanders
    finally:
        notebook(config).follower = None
        if config.stash.get(IN_CHECK, False):
            bystanders.background.settle()


def excuses(config: pytest.Config) -> Excuses:
    """The excuses that the bystanders of this process have."""
    return config.stash.setdefault(EXCUSES, Excuses(config))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Let the watch know whose changes it is told of, and whether they may disturb everybody."""
    behaviour = item.stash.get(BEHAVIOUR, None)
    if behaviour is None:
        return (yield)
    excuses(item.config).alone = behaviour.alone
    item.config.stash[IN_CHECK] = True
    _under_way(item.config, behaviour.id)
    try:
        return (yield)
    finally:
        item.config.stash[IN_CHECK] = excuses(item.config).alone = False


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Name the check once more: with the first one, the watch has begun since."""
    __tracebackhide__ = True  # A traceback of others' tests is not ours to be in.
    if BEHAVIOUR in item.stash:
        _under_way(item.config, item.stash[BEHAVIOUR].id)
    yield


def _under_way(config: pytest.Config, check: str) -> None:
    if BYSTANDERS in config.stash:
        config.stash[BYSTANDERS].background.watch.changes.check = check


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell with the fact of a check what bystanders went through meanwhile, and make facts of those that broke."""
    report = yield
    if call.when == "teardown" and FACT in item.stash and BYSTANDERS in item.config.stash:
        background = item.config.stash[BYSTANDERS].background
        fact, now = item.stash[FACT], time.monotonic()
        began = item.stash.get(BEGAN, now)
        item.stash[FACT] = replace(fact, bystanders=background.watch.collect(began, now))
        broken = _broken(item, background.broken(), now)
        if broken:
            setattr(report, BESIDE_KEY, [packed(each) for each in broken])
    return report


def _broken(item: pytest.Item, broken: dict[Post, Spell], now: float) -> list[Fact]:
    """One fact for each kind of bystander that broke."""
    by_kind = groupby(sorted(broken.items(), key=lambda each: each[0].kind), key=lambda each: each[0].kind)
    return [_fact(item, kind, list(posts), now) for kind, posts in by_kind]


def _fact(item: pytest.Item, kind: Kind, posts: Iterable[tuple[Post, Spell]], now: float) -> Fact:
    posts = sorted(posts, key=lambda each: each[1].first.at)
    watch = item.config.stash[BYSTANDERS].background.watch
    began = posts[0][1].first.at
    disturbances = tuple(watch.disturbance(post, spell, began, now) for post, spell in posts)
    near = next((each.changes[0].check for each in disturbances if each.changes), item.stash[BEHAVIOUR].id)
    at = datetime.now(UTC) - timedelta(seconds=now - began)
    fact = Fact(
        id=kind,
        finding=Finding.REFUTED,
        reason=reason(disturbances, now - began),
        seconds=round(now - began, 4),
        at=at.isoformat(timespec="milliseconds"),
        bystanders=BystanderRecord(
            services=len({post.service for post, _ in posts}), every=watch.every, disturbances=disturbances
        ),
        beside=near,
    )
    return with_evidence(item.config, fact)
