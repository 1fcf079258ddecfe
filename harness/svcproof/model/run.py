"""A run, its selection and its facts: everything that judging and reporting need, and no more."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from svcproof.exit_code import ExitCode
from svcproof.model.baseline import Baseline, Comparison, comparisons, exit_code_beside
from svcproof.model.behaviour import Behaviour, Level
from svcproof.model.beside import parted
from svcproof.model.chance import Chance, combined
from svcproof.model.evidence import Evidence
from svcproof.model.fact import Fact, Finding
from svcproof.model.header import Header
from svcproof.model.judgement import Judged, judged
from svcproof.model.proxy_spec import ProxySpec
from svcproof.model.release import KUBERNETES
from svcproof.model.releases import Releases
from svcproof.model.starvation import is_excused
from svcproof.model.verdict import Verdict, exit_code, judge

COMPLETED = "completed"
INTERRUPTED = "interrupted"
NOT_THE_PROXYS = frozenset({KUBERNETES, "kernel", "nft"})
"""Components of a cluster that are there whatever the proxy is."""
KEY = 12
"""Hex digits of a digest that name a run in links."""
UNFINISHED = "the run file has no last line: the run was killed, or the file cut off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The behaviours that a run selected, in the order of its report: each of them gets a verdict."""

    behaviours: tuple[Behaviour, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """The versions of components in the cluster, known once it is up."""

    of: Mapping[str, str]
    """The version by the name of the component."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A check began; `at` is UTC in ISO 8601, `worker` names the process that runs it."""

    id: str
    """The id of the behaviour."""
    at: str
    worker: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """The run ended. `why` is `completed`, `interrupted`, or what kept it from going on, with the evidence of that."""

    at: str
    """The end of the run, UTC in ISO 8601."""
    seconds: float
    """The duration of the run."""
    why: str = COMPLETED
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """All that a run file holds. Without `finished` the run did not complete, for the reason `unfinished`."""

    header: Header
    behaviours: tuple[Behaviour, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    started: tuple[Started, ...] = ()
    facts: tuple[Fact, ...] = ()
    finished: Finished | None = None
    unfinished: str = UNFINISHED
    digest: str = field(default="", compare=False)
    """The seal of the last line of its file, SHA-256 in hex, which no other run has; empty before it is in a file."""
    judgements: Judged | None = field(default=None, compare=False)
    """The judgements that its file has, for readers who do not judge; None before it is in a file."""

    @property
    def why(self) -> str:
        """The reason for which the run ended."""
        return self.finished.why if self.finished else self.unfinished

    @property
    def key(self) -> str:
        """The name of the run in links: the beginning of its digest; empty before it is in a file."""
        return self.digest[:KEY]

    @property
    def all_versions(self) -> Mapping[str, str]:
        """The versions of what it ran on and with: those known before the cluster was up, and those found in it."""
        return {**self.header.versions, **self.versions}

    @property
    def proxy_version(self) -> str:
        """The version of the proxy: the one that all its components have, as it was found; else as it was declared."""
        found = set(self.proxy_versions.values())
        return found.pop() if len(found) == 1 else self.header.proxy.version

    @property
    def proxy_versions(self) -> dict[str, str]:
        """The versions of the proxy's components that it found in the cluster, by name."""
        return {name: version for name, version in self.versions.items() if name not in NOT_THE_PROXYS}

    @property
    def releases(self) -> Releases:
        """The releases that its promises are judged by."""
        return self.header.releases(self.versions)

    @property
    def checked(self) -> int:
        """The number of behaviours that have a fact."""
        return len({fact.id for fact in self.facts})

    def facts_of(self) -> Mapping[str, tuple[Fact, ...]]:
        """The facts of each selected behaviour; a last repeat that the run did not get to was not reached.

        There is one per repeat, one per second try on a starved machine, and one per check that broke a bystander.
        """
        facts: dict[str, list[Fact]] = {behaviour.id: [] for behaviour in self.behaviours}
        for fact in self.facts:
            facts.setdefault(fact.id, []).append(fact)
        checks = Counter(check.id for check in self.started)
        return {behaviour.id: self._of(behaviour.id, facts[behaviour.id], checks) for behaviour in self.behaviours}

    def _of(self, behaviour: str, facts: Sequence[Fact], checks: Mapping[str, int]) -> tuple[Fact, ...]:
        own, beside = parted(facts)
        return (*self._facts(behaviour, list(own), checks), *beside)

    def _facts(self, behaviour: str, facts: list[Fact], checks: Mapping[str, int]) -> tuple[Fact, ...]:
        repeats = sum(not fact.retry for fact in facts)
        if checks[behaviour] > len(facts):
            if repeats >= self.header.repeat and any(map(is_excused, facts)):
                return tuple(facts)  # Of what was being tried again nothing follows: the machine was starved at first.
            return (*facts, self._unreached(behaviour, "in the middle of this check"))
        if facts and repeats < self.header.repeat and self.why != COMPLETED:
            return (*facts, self._unreached(behaviour, f"before repeat {repeats + 1} of this check"))
        return tuple(facts) or (self._unreached(behaviour, "before this check"),)

    @property
    def retries(self) -> tuple[Fact, ...]:
        """The facts of checks that were tried once more, since the machine was starved."""
        return tuple(fact for fact in self.facts if fact.retry)

    @property
    def chances(self) -> tuple[Chance, ...]:
        """One for each judged check that had any: the probability that it was refuted by chance."""
        judged = {behaviour.id for behaviour in self.behaviours if behaviour.level is not Level.MAY}
        return tuple(
            Chance(
                tries=sum(chance.tries for chance in fact.chances),
                probability=combined(chance.probability for chance in fact.chances),
            )
            for fact in self.facts
            if fact.id in judged and fact.chances
        )

    def claiming(self, proxy: ProxySpec) -> "Run":
        """The same facts, with the claims of another declaration of its proxy."""
        claims = {key: getattr(proxy, key) for key in ("features", "named", "deviations", "kubernetes")}
        return replace(self, header=replace(self.header, proxy=self.header.proxy.model_copy(update=claims)))

    def knowing(self, baseline: Baseline) -> "Run":
        """The same facts, beside another baseline."""
        return replace(self, header=replace(self.header, baseline=baseline))

    def verdicts(self) -> tuple[Verdict, ...]:
        """Judge every selected behaviour, by the proxy's claims."""
        claims, releases = self.header.proxy.claims, self.releases
        facts = self.facts_of()
        return tuple(judge(behaviour, facts[behaviour.id], claims, releases) for behaviour in self.behaviours)

    def judged(self, verdicts: Iterable[Verdict]) -> Judged:
        """The judgements of its verdicts, as they are compared with those of other runs."""
        return judged(verdicts, self.header.proxy.claims, self.releases)

    def beside_baseline(self, verdicts: Sequence[Verdict]) -> tuple[Comparison, ...]:
        """Its verdicts beside its baseline; nothing where it has none."""
        return comparisons(self.header.baseline, verdicts, self.header.day) if self.header.baseline else ()

    def exit_code(self, verdicts: Sequence[Verdict]) -> ExitCode:
        """The run's exit code: 2 interrupted, 5 nothing selected, else what the verdicts say beside its baseline.

        A run that ended early for another reason, or does not say that it ended, never exits 0.
        """
        if self.why == INTERRUPTED:
            return ExitCode.INTERRUPTED
        code = (
            exit_code_beside(self.beside_baseline(verdicts), verdicts) if self.header.baseline else exit_code(verdicts)
        )
        if self.why != COMPLETED:
            return code or ExitCode.UNDECIDED
        return code if self.behaviours else ExitCode.NOTHING_SELECTED

    def _unreached(self, behaviour: str, when: str) -> Fact:
        why = "" if self.why == COMPLETED else f"{self.why}: "
        return Fact(id=behaviour, finding=Finding.NOT_REACHED, reason=f"{why}the run ended {when}")
