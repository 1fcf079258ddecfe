"""Whatever is sent, the answer is an object or a refusal."""

import copy
import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from svcproof.json_objects import Object
from svcproof.lab.apiserver.admission import Admission
from svcproof.lab.apiserver.allocation import pools
from svcproof.lab.apiserver.bootstrap import bootstrap
from svcproof.lab.apiserver.conversion import served_form
from svcproof.lab.apiserver.errors import ApiError
from svcproof.lab.apiserver.options import WriteOptions
from svcproof.lab.apiserver.patch import MERGE, STRATEGIC, patch_of
from svcproof.lab.apiserver.rules import Rules
from svcproof.lab.apiserver.store import Store
from svcproof.lab.apiserver.tables import table
from svcproof.lab.apiserver.target import Target, target_of
from svcproof.lab.apiserver.write import Writer
from tests.goldens.scenarios import SCENARIOS
from tests.lab.apiserver.serving import places

JUNK: tuple[Any, ...] = (
    None,
    0,
    -1,
    "",
    "x",
    "x y",
    True,
    [],
    {},
    [None],
    [{}],
    ["a"],
    {"a": 1},
    1.5,
    "None",
    {"a": None},
)
BODIES = [
    (target_of(step.path.partition("?")[0].replace("NS", "default")), step.body)
    for name in ("pods", "services", "slices", "workloads")
    for step in SCENARIOS[name]
    if step.method == "POST"
    and isinstance(step.body, dict)
    and "/binding" not in step.path
    and "evict" not in step.path
]


@st.composite
def mutated(draw: st.DrawFn) -> tuple[Target, Object]:
    """A good body with up to three of its values replaced by something else."""
    where, body = draw(st.sampled_from(BODIES))
    body = copy.deepcopy(body)
    for _ in range(draw(st.integers(0, 3))):
        node: Any = body
        while node:
            key = draw(st.sampled_from(sorted(node) if isinstance(node, dict) else range(len(node))))
            if not isinstance(node[key], dict | list) or not node[key] or draw(st.integers(0, 3)) == 0:
                node[key] = copy.deepcopy(draw(st.sampled_from(JUNK)))
                break
            node = node[key]
    return where, body


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(change=mutated(), patch=mutated(), media=st.sampled_from([MERGE, STRATEGIC]))
def test_no_body_breaks_the_server(change: tuple[Target, Object], patch: tuple[Target, Object], media: str) -> None:
    store = Store()
    writer = Writer(store, Admission(store, pools(places()), "", Rules()))
    bootstrap(writer, places())
    where, body = change
    code = 200
    try:
        item = writer.create(where, body, WriteOptions()).item
        table(where.resource, [served_form(where.resource, item)], "Object", {}, "v1")
        whole = Target(resource=where.resource, namespace=where.namespace, name=item["metadata"]["name"])
        change = patch_of(media, json.dumps(patch[1]).encode(), where.resource.type)
        writer.update(whole, change, WriteOptions())
    except ApiError as error:
        code = error.code

    assert code in {200, 400, 404, 409, 422}
