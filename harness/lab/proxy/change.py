"""The nft transaction that turns one ruleset into another.

Only what differs is touched: a change costs as much as it changes, and what the kernel has put into sets survives.
"""

from collections.abc import Iterator, Mapping

from harness.lab.proxy.ruleset import TABLE, Chain, Ruleset, Table

Lines = Iterator[str]


def change(loaded: Ruleset | None, wanted: Ruleset) -> str:
    """Write the transaction, empty where nothing differs. `loaded` is None where it is unknown what nft holds."""
    table = f"{wanted.family.nft} {TABLE}"
    anew = f"add table {table}\ndelete table {table}\nadd table {table}\n" if loaded is None else ""
    old = loaded or Ruleset(wanted.family, {}, {})
    return anew + "".join(f"{line}\n" for line in _lines(table, old, wanted))


def _lines(table: str, old: Ruleset, new: Ruleset) -> Lines:
    """Declare before use, and delete only when nothing refers to it any more."""
    for name in new.tables.keys() - old.tables.keys():
        yield f"add {new.tables[name].kind} {table} {name} {{ {new.tables[name].declaration} }}"
    for name in new.chains.keys() - old.chains.keys():
        yield f"add chain {table} {name}" + (f" {{ {hook} }}" if (hook := new.chains[name].hook) else "")
    for name, chain in new.chains.items():
        yield from _fill(table, name, old.chains.get(name), chain)
    for name, wanted in new.tables.items():
        yield from _update(table, name, _elements(old.tables.get(name)), _elements(wanted))
    gone = sorted(old.chains.keys() - new.chains.keys())
    yield from (f"flush chain {table} {name}" for name in gone)
    yield from (f"delete chain {table} {name}" for name in gone)
    for name in old.tables.keys() - new.tables.keys():
        yield f"delete {old.tables[name].kind} {table} {name}"


def _fill(table: str, name: str, old: Chain | None, new: Chain) -> Lines:
    if old == new:
        return
    if old is not None:
        yield f"flush chain {table} {name}"
    yield from (f"add rule {table} {name} {rule}" for rule in new.rules)


def _update(table: str, name: str, old: Mapping[str, str], new: Mapping[str, str]) -> Lines:
    if stale := [key for key, value in old.items() if new.get(key) != value]:
        yield f"delete element {table} {name} {{ {', '.join(stale)} }}"
    if fresh := [f"{key} : {value}" if value else key for key, value in new.items() if old.get(key) != value]:
        yield f"add element {table} {name} {{ {', '.join(fresh)} }}"


def _elements(table: Table | None) -> Mapping[str, str]:
    return (table.elements if table else None) or {}
