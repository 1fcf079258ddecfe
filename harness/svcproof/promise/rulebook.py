"""Rules as yes-or-no questions: each is a function whose docstring is the rule's text, with its clause beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, ParamSpec

from svcproof.model.behaviour import Level
from svcproof.model.vocabulary import Feature
from svcproof.promise.expectation import Rule

Asked = ParamSpec("Asked")


@dataclass(frozen=True, slots=True)
class Question(Generic[Asked]):
    """A rule, and the function that says whether it applies: true where what its text says is the case."""

    rule: Rule
    applies: Callable[Asked, bool]

    def __call__(self, *args: Asked.args, **named: Asked.kwargs) -> bool:
        """True if the rule applies."""
        return self.applies(*args, **named)


def rule(
    clause: str, level: Level, *, kep: int | None = None, since: str = "", feature: Feature | None = None
) -> Callable[[Callable[Asked, bool]], Question[Asked]]:
    """Make a rule of a function: its name is the rule's, its docstring the text."""

    def state(applies: Callable[Asked, bool]) -> Question[Asked]:
        text = " ".join((applies.__doc__ or "").split())
        stated = Rule(
            name=applies.__name__, text=text, clause=clause, level=level, kep=kep, since=since, feature=feature
        )
        return Question(stated, applies)

    return state
