"""The table of fields, and what is made of objects with it."""

import pytest

from svcproof.lab.apiserver.resources import Resource, catalogue
from svcproof.lab.apiserver.schema import types
from svcproof.lab.apiserver.schema.canonical import canonical
from svcproof.lab.apiserver.schema.descriptions import ENUMERATIONS, FIELDS
from svcproof.lab.apiserver.schema.strict import type_errors, unknown_fields
from svcproof.lab.quantities import canonical_quantity


def test_every_type_that_a_field_has_is_in_the_table() -> None:
    used = {field.type for kind in types().values() for field in kind.fields.values() if field.struct}

    assert used - set(types()) == set()


@pytest.mark.parametrize("resource", catalogue(), ids=lambda resource: resource.qualified)
def test_every_kind_has_an_empty_object(resource: Resource) -> None:
    empty = canonical(resource.type, {})

    assert list(unknown_fields(resource.type, empty)) == []
    assert list(type_errors(resource.type, empty)) == []
    assert canonical(resource.type, empty) == empty


def test_zero_values_go_unless_they_are_always_written_or_behind_a_pointer() -> None:
    spec = {"replicas": 0, "minReadySeconds": 0, "paused": False, "template": {"spec": {"containers": []}}}

    stored_spec = canonical("apps.Deployment", {"spec": spec})["spec"]

    assert stored_spec["replicas"] == 0
    assert not {"minReadySeconds", "paused"} & set(stored_spec)
    assert stored_spec["template"]["spec"] == {"containers": None}


def test_what_a_client_sends_as_managed_fields_is_read() -> None:
    managed = [{"manager": "x", "fieldsType": "FieldsV1", "fieldsV1": {"f:spec": {}}}]

    assert canonical("core.Service", {"metadata": {"managedFields": managed}})["metadata"]["managedFields"] == managed


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("1024Ki", "1Mi"),
        ("0.5", "500m"),
        (2, "2"),
        ("1e3", "1k"),
        ("1500m", "1500m"),
        ("4194304Ki", "4Gi"),
        ("0", "0"),
        ("1.5Gi", "1536Mi"),
        ("junk", "junk"),
    ],
)
def test_quantities_have_one_form(written: object, shown: str) -> None:
    assert canonical_quantity(written) == shown


def test_every_field_that_is_described_exists() -> None:
    described = {(name, field) for name, fields in FIELDS.items() for field in fields} | set(ENUMERATIONS)

    assert described <= {(name, field) for name, known in types().items() for field in known.fields}
