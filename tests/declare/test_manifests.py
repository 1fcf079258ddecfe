"""Files of Kubernetes objects, as they are read."""

from pathlib import Path

from harness.declare import manifests


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
