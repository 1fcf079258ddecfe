"""The claim of a check: the behaviour, its level, who answers for it and what it needs."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar

from svcproof.model.keps import KEPS, called
from svcproof.model.release import Release
from svcproof.model.vocabulary import Capability, Feature

Check = TypeVar("Check", bound=Callable[..., None])


class Level(StrEnum):
    """The level of a requirement, in the words of RFC 2119."""

    MUST = "MUST"
    """A clause of the API or of a specification says so: refuted means the run fails."""
    SHOULD = "SHOULD"
    """Recommended, or what every known implementation does: refuted is a warning."""
    MAY = "MAY"
    """Kubernetes leaves it open: which way it goes is recorded, never judged."""


class Part(StrEnum):
    """The part of a cluster that answers for a behaviour."""

    PROXY = "proxy"
    DNS = "dns"
    KUBELET = "kubelet"
    CONTROLLERS = "controllers"
    LOAD_BALANCER = "load-balancer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """One requirement that one check in `suites/` shows to hold or not.

    `id` is the check's function name without `test_`; `area` the name of its folder; `requirement` the first
    line of its docstring. `faults` names the faults (`part/name`) under which the check must fail, or, where the
    level is MAY, must record something else.
    """

    id: str
    area: str
    requirement: str
    spec: str
    """The URL of the clause that it follows from."""
    level: Level
    by: Part
    capabilities: frozenset[Capability] = frozenset()
    features: frozenset[Feature] = frozenset()
    faults: tuple[str, ...] = ()
    because: str = ""
    """The sentence of the clause that the requirement follows from, in our words; every MUST of ours has one."""
    otherwise: str = ""
    """A proxy that legitimately does otherwise; empty where the clause leaves room for none."""
    alone: bool = False
    """Touches a whole node or the proxy, or needs what others could take: nothing else runs on the cluster then."""

    kep: int | None = None
    """The number of the Kubernetes enhancement that promises it; None where it is the base API's."""
    since: str = ""
    """The release in which that promise became stable, such as 1.26; empty where it is as old as the base API."""
    beta: str = ""
    """The release from which on it was on by default, not yet stable: a SHOULD until `since`. Empty: not before."""
    binding: str = ""
    """The release from which on the MUST binds, such as 1.38: a SHOULD until then. Empty: it does already."""

    node: str = ""
    """The name of its test for pytest, where it is in no suite that `svcproof run` was told of; else empty."""

    def __post_init__(self) -> None:
        """Refuse with ValueError an enhancement or a release that cannot be one."""
        if self.kep is not None and (type(self.kep) is not int or self.kep < 1):
            raise ValueError(
                f"behaviour {self.id!r}: kep is the number of an enhancement, such as 2086, not {self.kep!r}"
            )
        for name, release in {"since": self.since, "beta": self.beta, "binding": self.binding}.items():
            try:
                _ = Release.read(release) if release else None
            except ValueError as error:
                raise ValueError(f"behaviour {self.id!r}: {name} {error}") from None
        if self.beta and not (self.since and Release.read(self.beta) < Release.read(self.since)):
            raise ValueError(f"behaviour {self.id!r}: beta {self.beta} is no release before since, {self.since!r}")
        if self.binding and self.level is not Level.MUST:
            raise ValueError(f"behaviour {self.id!r}: binding is for what will be a MUST, and this is a {self.level}")

    @property
    def core(self) -> bool:
        """A MUST that binds already and needs no optional feature: no proxy can opt out of it."""
        return self.level is Level.MUST and not self.features and not self.binding

    @property
    def promise(self) -> str:
        """The enhancement that promises it, and the release in which that became stable; empty for the base API."""
        beta = f"on by default since {self.beta}" if self.beta else ""
        stable = f"stable since {self.since}" if self.since else ""
        return ", ".join(filter(None, (called(self.kep) if self.kep else "", beta, stable)))

    @property
    def must_from(self) -> str:
        """The release from which on it is a MUST, where it is a SHOULD before; empty where it never is."""
        return self.binding or (self.since if self.beta and self.level is Level.MUST else "")

    def is_promised(self, release: Release | None) -> bool:
        """True if it is to be shown in this release; what has a `since` is not where the release is unknown."""
        return _has_come(self.beta or self.since, release)

    def is_stable(self, release: Release | None) -> bool:
        """True unless it became stable in a later release than this, or the release is unknown."""
        return _has_come(self.since, release)

    def binds(self, release: Release | None) -> bool:
        """True unless it is a MUST only from a later release on than this, or the release is unknown."""
        return _has_come(self.binding, release)

    @property
    def needs(self) -> tuple[str, ...]:
        """The names of its capabilities and features, each once."""
        return tuple(sorted({str(need) for need in (*self.capabilities, *self.features)}))


def behaviour(
    *,
    spec: str,
    level: Level,
    by: Part,
    requires: Collection[StrEnum] = (),
    fails_under: Collection[str] = (),
    because: str = "",
    otherwise: str = "",
    alone: bool = False,
    kep: int | None = None,
    since: str = "",
    beta: str | None = None,
    binding: str = "",
    area: str = "",
) -> Callable[[Check], Check]:
    """Declare a check: the URL of the clause it shows, its level, who answers for it and what it needs.

    `requires` mixes capabilities of the cluster (without one, the check is untestable) and features of the proxy
    (without the claim to one, a refutation is `unsupported`). `fails_under` names faults as `part/name`.
    `because` is the sentence of the clause, in the author's own words, that the requirement follows from; `otherwise`
    describes a proxy that legitimately behaves differently. `kep` is the number of the enhancement that promises it,
    and `since` the release in which that became stable (`1.26`): in an older one the check is untestable, or, from
    `beta` on, judged as a SHOULD at most; `beta` is that of the enhancement unless it is given. Without `since`, the
    enhancement restates what was promised before. Until the release is `binding`, a MUST is judged as a SHOULD. `area`
    is needed only where it is not the folder's name.
    """
    needs = frozenset(need for need in requires if isinstance(need, Capability | Feature))
    if len(needs) < len(frozenset(requires)):
        raise TypeError(f"requires takes capabilities and features, not {sorted(frozenset(requires) - needs)}")

    def declare(check: Check) -> Check:
        claim = Behaviour(
            id=check.__name__.removeprefix("test_"),
            area=area,
            requirement=(check.__doc__ or "").strip().partition("\n")[0],
            spec=spec,
            level=level,
            by=by,
            capabilities=frozenset(need for need in needs if isinstance(need, Capability)),
            features=frozenset(need for need in needs if isinstance(need, Feature)),
            faults=tuple(fails_under),
            because=because,
            otherwise=otherwise,
            alone=alone,
            kep=kep,
            since=since,
            beta=_beta(kep, since) if beta is None else beta,
            binding=binding,
        )
        setattr(check, CLAIM, claim)
        return check

    return declare


def behaviours(*, requires: Collection[StrEnum] = (), **shared: Any) -> Callable[..., Callable[[Check], Check]]:
    """Make the `@behaviour` of one file: these keywords hold for each check in it that does not say otherwise.

    A check's own `requires` is added to the one here; any other keyword of a check takes the place of the one here.
    """

    def declare(*, requires: Collection[StrEnum] = (), **own: Any) -> Callable[[Check], Check]:
        return behaviour(requires={*always, *requires}, **{**shared, **own})

    always = frozenset(requires)
    return declare


def _beta(kep: int | None, since: str) -> str:
    """The release from which on an enhancement that became stable then is on by default."""
    known = KEPS.get(kep or 0)
    return known.beta if known and known.stable == since else ""


def _has_come(from_release: str, release: Release | None) -> bool:
    return not from_release or (release is not None and release >= Release.read(from_release))


CLAIM = "__svcproof_claim__"
ALL_THE_SAME = "--ignore-release checks it all the same"


def is_claimed(thing: object) -> bool:
    """True if `@behaviour` declares this function."""
    return isinstance(getattr(thing, "__dict__", {}).get(CLAIM), Behaviour)


def claimed(check: Callable[..., object], area: str) -> Behaviour | None:
    """Return the behaviour that `check` declares, of this area unless it names one; None where it declares none."""
    claim: Behaviour | None = getattr(check, CLAIM, None)
    return claim and replace(claim, area=claim.area or area)
