"""The values of missing fields, as the API's defaulting functions set them."""

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
    """Fill in the parts before the whole."""
    fields = types()[type_name].fields
    for key, part in list(value.items()):
        if key in fields and fields[key].struct:
            for element in _elements(fields[key], part):
                _set(fields[key].type, element)
    for key, default in CONSTANTS.get(type_name, {}).items():
        if value.get(key) is None or (value[key] in ("", 0) and not fields[key].pointer):
            value[key] = copy.deepcopy(default)
    if type_name in COMPUTED:
        COMPUTED[type_name](value)


def _elements(field: Field, value: object) -> Iterator[Object]:
    elements = (
        value
        if isinstance(value, list)
        else list(value.values())
        if field.container and isinstance(value, dict)
        else [value]
    )
    yield from (element for element in elements if isinstance(element, dict))
