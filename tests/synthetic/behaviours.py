"""Behaviours like those of the suites, as many as are asked for, a few of them with hostile names."""

from itertools import product
from random import Random

from svcproof.model.behaviour import Behaviour, Level, Part
from svcproof.model.vocabulary import Capability, Feature
from tests.synthetic.words import AREAS, HOSTILE, KEPS, OBJECTS, SUBJECTS, VERBS

EVERY_NTH_HOSTILE = 50
LEVELS = (Level.MUST, Level.MUST, Level.MUST, Level.MUST, Level.SHOULD, Level.MAY)
FEATURES = (Feature.NODE_PORT, Feature.LOAD_BALANCER, Feature.SCTP, Feature.TRAFFIC_DISTRIBUTION)


def behaviours(number: int) -> tuple[Behaviour, ...]:
    """So many behaviours, always the same ones."""
    ids = [f"{subject}_{verb}_{thing}" for subject, verb, thing in product(SUBJECTS, VERBS, OBJECTS)]
    return tuple(_behaviour(index, ids[index % len(ids)] + "_again" * (index // len(ids))) for index in range(number))


def _behaviour(index: int, name: str) -> Behaviour:
    random = Random(f"behaviour {index}")
    hostile = HOSTILE[index // EVERY_NTH_HOSTILE % len(HOSTILE)] if index % EVERY_NTH_HOSTILE == 7 else ""
    area, level, kep = random.choice(AREAS), random.choice(LEVELS), random.choice(KEPS)
    since = random.choice(("", "1.26", "1.33")) if kep else ""
    words = name.replace("_", " ")
    return Behaviour(
        id=f"{name} {hostile}" if hostile else name,
        area=hostile or area,
        requirement=f"A client sees that the {words}, each time and from every node. {hostile}".strip(),
        spec=hostile or f"https://kubernetes.io/docs/concepts/services-networking/service/#{area}",
        level=level,
        by=Part.DNS if area == "dns" else Part.PROXY,
        capabilities=frozenset(random.sample((Capability.TWO_NODES, Capability.EXEC), random.randint(0, 2))),
        features=frozenset({random.choice(FEATURES)} if random.random() < 0.2 else ()),
        faults=(f"proxy/no-{area}",),
        because=f"The clause says, in other words, that a {words}. {hostile}".strip() if level is Level.MUST else "",
        otherwise=f"A proxy that does no {area} in this way. {hostile}".strip() if level is not Level.MUST else "",
        kep=kep,
        since=since,
        binding="1.40" if level is Level.MUST and random.random() < 0.02 else "",
    )
