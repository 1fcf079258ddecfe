"""Mutations of the stages that change the input or the output of one of them."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from svcproof.reference_proxy.endpoints import Endpoints
from svcproof.reference_proxy.frontends import Frontend, FrontendKind, Frontends
from svcproof.reference_proxy.ruleset import Chain, Ruleset
from svcproof.reference_proxy.stages import Stages
from svcproof.reference_proxy.state import Endpoint, Node, Service, State

Mutation = Callable[[Stages], Stages]


def believing(change: Callable[[State], State]) -> Mutation:
    """Select from what `change` makes of the state."""
    return lambda stages: replace(stages, select=lambda state: stages.select(change(state)))


def select_only(stages: Stages, chosen: Callable[[Service], bool], state: State) -> State:
    """Select from the Services that are `chosen`."""
    return stages.select(replace(state, services=tuple(filter(chosen, state.services))))


def each_service(change: Callable[[Service], Service]) -> Mutation:
    """Take each Service for what `change` makes of it."""
    return believing(lambda state: replace(state, services=tuple(map(change, state.services))))


def misread(**fields: Any) -> Mutation:
    """Take every Service to have these values."""
    return each_service(lambda service: replace(service, **fields))


def listing(change: Callable[[Endpoints, Node], Endpoints]) -> Mutation:
    """Choose from what `change` makes of the endpoints listed."""
    return lambda stages: replace(stages, choose=lambda listed, node: stages.choose(change(listed, node), node))


def each_endpoint(change: Callable[[Endpoint], Endpoint]) -> Mutation:
    """Take each endpoint listed for what `change` makes of it."""
    return listing(lambda listed, node: tuple(map(change, listed)))


def serving(change: Callable[[Frontends, State], Frontends]) -> Mutation:
    """Serve what `change` makes of the frontends."""
    return lambda stages: replace(
        stages,
        frontends=lambda state, family, choose: change(stages.frontends(state, family, choose), state),
    )


def each_frontend(change: Callable[[Frontend, State], Frontend]) -> Mutation:
    """Serve each frontend as `change` makes it."""
    return serving(lambda frontends, state: tuple(change(frontend, state) for frontend in frontends))


def serving_with(chosen: Callable[[Frontend], bool], **fields: Any) -> Mutation:
    """Serve the frontends that are `chosen` with these values."""
    return each_frontend(lambda frontend, state: replace(frontend, **fields) if chosen(frontend) else frontend)


def serving_only(chosen: Callable[[Frontend], bool]) -> Mutation:
    """Serve the frontends that are `chosen`, and no others."""
    return serving(lambda frontends, state: tuple(filter(chosen, frontends)))


def ruling(change: Callable[[Ruleset, Frontends, Node], Ruleset]) -> Mutation:
    """Load what `change` makes of the rules."""
    return lambda stages: replace(
        stages,
        rules=lambda frontends, node, family: change(stages.rules(frontends, node, family), frontends, node),
    )


def rewriting(change: Callable[[str], Iterable[str]], *chains: str) -> Mutation:
    """Replace each rule of the chains whose names begin like this by what `change` makes of it."""

    def rewritten(name: str, chain: Chain) -> Chain:
        if not name.startswith(chains or ("",)):
            return chain
        return replace(chain, rules=tuple(new for rule in chain.rules for new in change(rule)))

    def change_all(rules: Ruleset, frontends: Frontends, node: Node) -> Ruleset:
        return replace(rules, chains={name: rewritten(name, chain) for name, chain in rules.chains.items()})

    return ruling(change_all)


def preceding(rule: Callable[[Ruleset, Frontends, Node], str], *chains: str) -> Mutation:
    """Put a rule before those of the chains whose names begin like this; none where `rule` gives an empty one."""

    def change(rules: Ruleset, frontends: Frontends, node: Node) -> Ruleset:
        if not (first := rule(rules, frontends, node)):
            return rules
        changed = {
            name: replace(chain, rules=(first, *chain.rules)) if name.startswith(chains) else chain
            for name, chain in rules.chains.items()
        }
        return replace(rules, chains=changed)

    return ruling(change)


def forwarding(*rules: str) -> Mutation:
    """Have packets that are forwarded pass these rules too."""

    def change(now: Ruleset, frontends: Frontends, node: Node) -> Ruleset:
        name = f"hindrance-{sum(name.startswith('hindrance-') for name in now.chains)}"
        return replace(now, chains={**now.chains, name: Chain(rules, "type filter hook forward priority -10;")})

    return ruling(change)


def at(*kinds: FrontendKind) -> Callable[[Frontend], bool]:
    """Choose the frontends of these kinds."""
    return lambda frontend: frontend.kind in kinds


def with_elements(rules: Ruleset, table: str, elements: dict[str, str]) -> Ruleset:
    """Exchange what a set or map holds."""
    return replace(rules, sets={**rules.sets, table: replace(rules.sets[table], elements=elements)})
