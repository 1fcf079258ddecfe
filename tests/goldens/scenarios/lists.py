"""Lists, pages, selectors and versions."""

from tests.goldens.step import get, post

ALL = "/api/v1/namespaces/NS/configmaps"


def config_map(name, **labels):
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "labels": labels}}


TABLE = {"Accept": "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"}
PARTIAL = {"Accept": "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json"}
ONE = {"Accept": "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,application/json"}
MINE = "fieldSelector=metadata.name!=kube-root-ca.crt"
STEPS = (
    post("a", ALL, config_map("a", tier="web", env="test")),
    post("b", ALL, config_map("b", tier="db")),
    post("c", ALL, config_map("c", tier="web")),
    get("all", f"{ALL}?{MINE}"),
    get("empty list", "/api/v1/namespaces/NS/secrets"),
    get("no namespace", "/api/v1/namespaces/nowhere/secrets"),
    get("page", f"{ALL}?limit=2&labelSelector=tier", take={"token": "metadata.continue"}),
    get("rest", f"{ALL}?limit=2&labelSelector=tier&continue={{{{token}}}}"),
    get("bad token", f"{ALL}?limit=2&continue=x"),
    get("equal", f"{ALL}?labelSelector=tier%3Dweb"),
    get("equal twice", f"{ALL}?labelSelector=tier%3D%3Dweb,env"),
    get("not equal", f"{ALL}?labelSelector=tier!%3Dweb&{MINE}"),
    get("in", f"{ALL}?labelSelector=tier%20in%20(web,%20cache)"),
    get("not in", f"{ALL}?labelSelector=tier%20notin%20(web)&{MINE}"),
    get("absent", f"{ALL}?labelSelector=!tier&{MINE}"),
    get("junk selector", f"{ALL}?labelSelector=a%20b"),
    get("by name", f"{ALL}?fieldSelector=metadata.name%3Db"),
    get("version zero", f"{ALL}?resourceVersion=0&{MINE}"),
    get("bad version", f"{ALL}?resourceVersion=x"),
    get("future version", f"{ALL}?resourceVersion=99999999"),
    get("match without version", f"{ALL}?resourceVersionMatch=Exact"),
    get("exact zero", f"{ALL}?resourceVersionMatch=Exact&resourceVersion=0"),
    get("bad match", f"{ALL}?resourceVersionMatch=Nearly&resourceVersion=1"),
    get("initial events of a list", f"{ALL}?sendInitialEvents=true"),
    get("table", f"{ALL}?{MINE}", headers=TABLE),
    get("table with objects", f"{ALL}?{MINE}&includeObject=Object", headers=TABLE),
    get("table without objects", f"{ALL}?{MINE}&includeObject=None", headers=TABLE),
    get("table of one", f"{ALL}/a", headers=TABLE),
    get("metadata", f"{ALL}?{MINE}", headers=PARTIAL),
    get("metadata of one", f"{ALL}/a", headers=ONE),
    get("not acceptable", f"{ALL}/a", headers={"Accept": "image/png"}),
    get("yaml", f"{ALL}/a", headers={"Accept": "application/yaml"}),
    get("unknown kind", "/api/v1/namespaces/NS/gadgets"),
    get("unknown group", "/apis/example.com/v1/gadgets"),
    get("unknown subresource", f"{ALL}/a/gadget"),
)
