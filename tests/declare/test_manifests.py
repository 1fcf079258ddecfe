"""Files of Kubernetes objects, as they are read."""

import os
from pathlib import Path

import pytest

from svcproof.declare import manifests
from svcproof.errors import UsageError


def test_every_document_and_every_item_of_a_list_is_an_object(tmp_path: Path) -> None:
    path = tmp_path / "all.yaml"
    path.write_text("""\
apiVersion: v1
kind: ConfigMap
metadata: {name: one, annotations: {built: 2026-01-02}}
data: &data {1: "x"}
---
# only words
---
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: two}}
- apiVersion: v1
  kind: ConfigMapList
  items: [{apiVersion: v1, kind: ConfigMap, metadata: {name: three}}]
""")

    found = manifests.read(path)

    assert [one["metadata"]["name"] for one in found] == ["one", "two", "three"]
    assert found[0]["metadata"]["annotations"] == {"built": "2026-01-02"}
    assert found[0]["data"] == {"1": "x"}


def test_a_manifest_is_read_as_kubectl_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "all.yaml"
    path.write_text(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: {1: b, on: c}}\n"
        "data: {day: 2001-01-01, mode: 0644, ports: 22:22, word: no, nothing: ~}\n"
    )

    (found,) = manifests.read(path)

    assert found["metadata"]["labels"] == {"1": "b", "true": "c"}
    assert found["data"] == {"day": "2001-01-01", "mode": 0o644, "ports": "22:22", "word": False, "nothing": None}


def test_a_pipe_is_no_manifest(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "all.yaml")

    with pytest.raises(UsageError, match="it is a pipe, and not a regular file"):
        manifests.read(tmp_path / "all.yaml")
