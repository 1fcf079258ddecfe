"""JSON patches that can be done, and those that are refused."""

import pytest

from svcproof.lab.apiserver.errors import ApiError
from svcproof.lab.apiserver.patch.json_patch import json_patch_result

ITEM = {"list": [1, 2], "map": {"a": 1}, "text": "x"}


def done(*operations):
    return json_patch_result(ITEM, operations)


def test_operations_are_done_one_after_another_on_a_copy():
    patched = done(
        {"op": "test", "path": "/map/a", "value": 1},
        {"op": "add", "path": "/list/0", "value": 0},
        {"op": "add", "path": "/list/-", "value": 3},
        {"op": "copy", "from": "/map/a", "path": "/map/b~1c"},
        {"op": "move", "from": "/text", "path": "/map/text"},
        {"op": "remove", "path": "/map/a"},
        {"op": "replace", "path": "/list/1", "value": 9},
    )

    assert patched == {"list": [0, 9, 2, 3], "map": {"b/c": 1, "text": "x"}}
    assert ITEM == {"list": [1, 2], "map": {"a": 1}, "text": "x"}


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "add", "path": "/list/9", "value": 0},
        {"op": "add", "path": "/list/-1", "value": 0},
        {"op": "add", "path": "/list/a", "value": 0},
        {"op": "add", "path": "/text/a", "value": 0},
        {"op": "add", "path": "/none/a", "value": 0},
        {"op": "add", "path": "/map/b"},
        {"op": "add", "value": 0},
        {"op": "remove", "path": "/none"},
        {"op": "remove", "path": ""},
        {"op": "replace", "path": "/none", "value": 0},
        {"op": "copy", "path": "/map/b"},
        {"op": "move", "from": "/map", "path": "/map/a"},
        {"op": "test", "path": "/map/a", "value": 2},
        {"op": "nope", "path": "/map"},
        {"path": "/map"},
        "add",
    ],
    ids=str,
)
def test_what_cannot_be_done_is_refused(operation):
    with pytest.raises(ApiError) as caught:
        done(operation)

    assert caught.value.code == 422


def test_a_patch_must_leave_an_object():
    with pytest.raises(ApiError, match="leaves no object"):
        done({"op": "replace", "path": "", "value": []})
