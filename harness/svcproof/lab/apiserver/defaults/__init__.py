"""The values of fields that were left out, as the API's defaulting functions set them."""

import copy
from collections.abc import Iterator

from svcproof.json_objects import Object
from svcproof.lab.apiserver.defaults.computed import COMPUTED
from svcproof.lab.apiserver.defaults.constants import CONSTANTS
from svcproof.lab.apiserver.resources import Resource
from svcproof.lab.apiserver.schema import Field, types


def set_defaults(resource: Resource, item: Object) -> None:
    """Fill in the defaults of `item`, which is in canonical form, in place."""
    _set(resource.type, item)


def _set(type_name: str, value: Object) -> None:
    """The parts before the whole."""
    fields = types()[type_name].fields
    for key, given in list(value.items()):
        if key in fields and fields[key].struct:
            for one in _values(fields[key], given):
                _set(fields[key].type, one)
    for key, default in CONSTANTS.get(type_name, {}).items():
        if value.get(key) is None or (value[key] in ("", 0) and not fields[key].pointer):
            value[key] = copy.deepcopy(default)
    if type_name in COMPUTED:
        COMPUTED[type_name](value)


def _values(field: Field, given: object) -> Iterator[Object]:
    elements = (
        given
        if isinstance(given, list)
        else list(given.values())
        if field.container and isinstance(given, dict)
        else [given]
    )
    yield from (one for one in elements if isinstance(one, dict))
