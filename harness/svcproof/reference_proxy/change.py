"""The steps that turn one ruleset into another.

Only what differs is touched: a change costs as much as it changes, and what the kernel has put into sets survives.
Each step is sound by itself, in this order, so that a change too big for one transaction can be made in several.
"""

from collections.abc import Iterator, Mapping

from svcproof.reference_proxy.ruleset import TABLES, Chain, Ruleset, SetOrMap

Steps = Iterator[str]
ELEMENTS = 200
"""The number of elements of a set or map in one step."""


def change(loaded: Ruleset | None, target: Ruleset) -> tuple[str, ...]:
    """Return the steps, none if nothing differs; `loaded` is None if the rules in the kernel are unknown."""
    table = f"{target.family.nft} {target.table}"
    if loaded is not None:
        return tuple(_steps(table, loaded, target))
    anew = f"add table {table}\ndelete table {table}\nadd table {table}\n"
    others = (f"{target.family.nft} {other}" for other in TABLES if other != target.table)
    removal = "".join(f"add table {other}\ndelete table {other}\n" for other in others)
    return (anew + removal, *_steps(table, Ruleset(target.family, {}, {}), target))


def _steps(table: str, old: Ruleset, new: Ruleset) -> Steps:
    """Yield the steps in an order that declares before use, and deletes only what nothing refers to any more."""
    for name in sorted(new.sets.keys() - old.sets.keys()):
        yield f"add {new.sets[name].kind} {table} {name} {{ {new.sets[name].declaration} }}\n"
    for name in sorted(new.chains.keys() - old.chains.keys()):
        yield f"add chain {table} {name}" + (f" {{ {hook} }}\n" if (hook := new.chains[name].hook) else "\n")
    for name, chain in new.chains.items():
        yield from _fill(table, name, old.chains.get(name), chain)
    for name, elements in new.sets.items():
        yield from _update(table, name, _elements(old.sets.get(name)), _elements(elements))
    gone = sorted(old.chains.keys() - new.chains.keys())
    yield from (f"flush chain {table} {name}\n" for name in gone)
    yield from (f"delete chain {table} {name}\n" for name in gone)
    for name in sorted(old.sets.keys() - new.sets.keys()):
        yield f"delete {old.sets[name].kind} {table} {name}\n"


def _fill(table: str, name: str, old: Chain | None, new: Chain) -> Steps:
    if old != new:
        empty = "" if old is None else f"flush chain {table} {name}\n"
        yield empty + "".join(f"add rule {table} {name} {rule}\n" for rule in new.rules)


def _update(table: str, name: str, old: Mapping[str, str], new: Mapping[str, str]) -> Steps:
    stale = [key for key, value in old.items() if new.get(key) != value]
    fresh = [f"{key} : {value}" if value else key for key, value in new.items() if old.get(key) != value]
    for verb, elements in (("delete", stale), ("add", fresh)):
        for start in range(0, len(elements), ELEMENTS):
            yield f"{verb} element {table} {name} {{ {', '.join(elements[start : start + ELEMENTS])} }}\n"


def _elements(named: SetOrMap | None) -> Mapping[str, str]:
    return (named.elements if named else None) or {}
