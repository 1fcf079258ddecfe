"""Faults made by hand on a kind cluster, kube-proxy in iptables mode: providers/lab/faults.py names them."""

import contextlib
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from svcproof.errors import Rejected
from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.wait import provisioned

ADMISSION = "admissionregistration.k8s.io/v1"
OURS = "object.metadata.namespace.startsWith('svcproof-')"
WITHIN = 60.0
PODS = "the range of pods"
"""Stands for it in a rule."""
KEPT_IN = "/run/svcproof-fault"
FORGET = f"""
echo $$ > {KEPT_IN}
while sleep 0.05; do
  for table in /proc/net/xt_recent/KUBE-SEP-*; do
    grep -q 'src=[0-9a-f]*:' "$table" && echo / > "$table"
  done
done 2>/dev/null
"""
NO_AAAA = "    template IN AAAA cluster.local {\n        rcode NOERROR\n    }\n    kubernetes "


@dataclass(frozen=True, slots=True)
class Place:
    """A cluster to break: `nodes` are its containers, `pods` the range of its pods' IPv6 addresses."""

    kube: Kube
    nodes: tuple[str, ...]
    pods: str

    def on_each(self, *argv: str) -> None:
        """Run a command on every node."""
        for node in self.nodes:
            subprocess.run(("docker", "exec", node, *argv), check=True, capture_output=True, timeout=30)


Fault = Callable[[Place], AbstractContextManager[None]]


def _rewritten(resource: tuple[str, str, str], expression: str, sample: Object) -> Fault:
    """What is created in namespaces of ours is changed on its way in; `sample` is an object on which this shows."""
    group, version, plural = resource

    @contextmanager
    def fault(place: Place) -> Iterator[None]:
        name = "svcproof-fault"
        rule = {
            "apiGroups": [group],
            "apiVersions": [version],
            "resources": [plural],
            "operations": ["CREATE", "UPDATE"],
        }
        policy = {
            "matchConstraints": {"resourceRules": [rule]},
            "matchConditions": [{"name": "ours", "expression": OURS}],
            "failurePolicy": "Fail",
            "reinvocationPolicy": "Never",
            "mutations": [{"patchType": "JSONPatch", "jsonPatch": {"expression": expression}}],
        }
        kinds = ("MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding")
        try:
            for kind, spec in zip(kinds, (policy, {"policyName": name}), strict=True):
                place.kube.create({"apiVersion": ADMISSION, "kind": kind, "metadata": {"name": name}, "spec": spec})
            with _namespace(place.kube) as namespace:
                provisioned("the policy", lambda: _is_rewritten(place.kube, sample, namespace), bool, WITHIN)
            yield
        finally:
            for kind in reversed(kinds):
                place.kube.delete(f"{ADMISSION} {kind}", name, missing_ok=True)

    return fault


@contextmanager
def _namespace(kube: Kube) -> Iterator[str]:
    name = "svcproof-fault"
    kube.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
    try:
        yield name
    finally:
        kube.delete("Namespace", name)
        kube.wait_gone("Namespace", name, within=WITHIN)


def _is_rewritten(kube: Kube, sample: Object, namespace: str) -> bool:
    sent = {**sample, "metadata": {**sample.get("metadata", {}), "name": "sample", "namespace": namespace}}
    try:
        made = kube.create(sent)
    except Rejected:
        return False
    kind = "Service" if sent["kind"] == "Service" else f"{sent['apiVersion']} {sent['kind']}"
    kube.delete(kind, "sample", namespace)
    told = sent.get("spec", {"endpoints": sent.get("endpoints")})
    has = made.get("spec", made)
    return any(has.get(key) != value for key, value in told.items())


def _service(**spec: object) -> Object:
    return {"apiVersion": "v1", "kind": "Service", "spec": {"ports": [{"port": 80}], **spec}}


def _rules(make: list[tuple[str, ...]]) -> Fault:
    """Rules ahead of all others, in chains that kube-proxy does not rewrite: each begins with its program."""

    @contextmanager
    def fault(place: Place) -> Iterator[None]:
        done = contextlib.ExitStack()
        with done:
            for program, table, chain, *rule in make:
                words = [place.pods if word == PODS else word for word in rule]
                place.on_each(program, "-t", table, "-I", chain, *words)
                done.callback(place.on_each, program, "-t", table, "-D", chain, *words)
            yield

    return fault


def _not_served(program: str) -> Fault:
    """No connection tracking, and so no translation, of what goes to node ports and to port 80, where no pod serves."""
    untracked = ("-j", "CT", "--notrack")
    return _rules(
        [
            (program, "raw", chain, "-p", protocol, "--dport", ports, *untracked)
            for chain in ("PREROUTING", "OUTPUT")
            for protocol in ("tcp", "udp")
            for ports in ("80", "30000:32767")
        ]
    )


@contextmanager
def _forgetful(place: Place) -> Iterator[None]:
    for node in place.nodes:
        subprocess.run(("docker", "exec", "-d", node, "sh", "-c", FORGET), check=True, timeout=30)
    try:
        yield
    finally:
        place.on_each("sh", "-c", f"kill $(cat {KEPT_IN}); rm {KEPT_IN}")


@contextmanager
def _without_aaaa(place: Place) -> Iterator[None]:
    before = place.kube.get("ConfigMap", "coredns", "kube-system")["data"]["Corefile"]
    _configure_dns(place.kube, before.replace("    kubernetes ", NO_AAAA, 1))
    try:
        yield
    finally:
        _configure_dns(place.kube, before)


def _configure_dns(kube: Kube, corefile: str) -> None:
    kube.patch("ConfigMap", "coredns", "kube-system", {"data": {"Corefile": corefile}})
    old = {pod["metadata"]["uid"] for pod in kube.list("Pod", "kube-system", "k8s-app=kube-dns")}
    for pod in kube.list("Pod", "kube-system", "k8s-app=kube-dns"):
        kube.delete("Pod", pod["metadata"]["name"], "kube-system", grace=0)
    kube.wait_list(
        "Pod",
        "kube-system",
        "k8s-app=kube-dns",
        until=lambda pods: {_is_ready(pod) and pod["metadata"]["uid"] not in old for pod in pods} == {True},
        what="the cluster's DNS, configured anew",
        within=WITHIN,
    )


def _is_ready(pod: Object) -> bool:
    conditions = pod["status"].get("conditions", ())
    return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)


SERVICES = ("", "v1", "services")
SLICES = ("discovery.k8s.io", "v1", "endpointslices")
SINGLE_STACK = """
  has(object.spec.ipFamilyPolicy) && object.spec.ipFamilyPolicy != "SingleStack" ?
    [JSONPatch{op: "replace", path: "/spec/ipFamilyPolicy", value: "SingleStack"}] +
      (has(object.spec.ipFamilies) && size(object.spec.ipFamilies) > 1 ?
        [JSONPatch{op: "remove", path: "/spec/ipFamilies/1"}] : []) : []
"""
DUAL_STACK = """
  has(object.spec.ipFamilyPolicy) && object.spec.ipFamilyPolicy == "SingleStack" ?
    [JSONPatch{op: "replace", path: "/spec/ipFamilyPolicy", value: "PreferDualStack"}] : []
"""
IPV4_FIRST = """
  has(object.spec.ipFamilies) && object.spec.ipFamilies[0] == "IPv6" && !has(object.spec.clusterIP) ?
    [JSONPatch{op: "replace", path: "/spec/ipFamilies",
               value: size(object.spec.ipFamilies) > 1 ? ["IPv4", "IPv6"] : ["IPv4"]}] : []
"""
EMPTY = """
  [JSONPatch{op: "replace", path: "/endpoints", value: []}]
"""
SLICE: Object = {
    "apiVersion": "discovery.k8s.io/v1",
    "kind": "EndpointSlice",
    "addressType": "IPv4",
    "endpoints": [{"addresses": ["10.0.0.1"]}],
}
FAULTS: dict[str, Fault] = {
    "kind/always-single-stack": _rewritten(SERVICES, SINGLE_STACK, _service(ipFamilyPolicy="RequireDualStack")),
    "kind/always-dual-stack": _rewritten(SERVICES, DUAL_STACK, _service(ipFamilyPolicy="SingleStack")),
    "kind/always-ipv4-first": _rewritten(SERVICES, IPV4_FIRST, _service(ipFamilies=["IPv6"])),
    "kind/empty-endpoint-slices": _rewritten(SLICES, EMPTY, SLICE),
    "kind/ipv4-not-served": _not_served("iptables"),
    "kind/ipv6-not-served": _not_served("ip6tables"),
    "kind/ipv6-sources-masqueraded": _rules(
        [("ip6tables", "nat", "POSTROUTING", "-d", PODS, "-p", "tcp", "-j", "MASQUERADE")]
    ),
    "kind/ipv6-affinity-forgotten": _forgetful,
    "kind/dns-without-aaaa": _without_aaaa,
}
