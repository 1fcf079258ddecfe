"""Services of a cluster with two address families: recorded with a server that has both ranges."""

from tests.goldens.scenarios.services import PORT, service
from tests.goldens.step import delete, patch, post

ALL = "/api/v1/namespaces/NS/services"
BOTH = ["IPv4", "IPv6"]
SIX = "fd00:10:96::77"


def policy(name, **spec):
    return patch(name, f"{ALL}/prefer", "merge", {"spec": spec})


STEPS = (
    post("default", ALL, service("single", ports=[PORT])),
    post("preferred", ALL, service("prefer", ports=[PORT], ipFamilyPolicy="PreferDualStack")),
    post("required", ALL, service("require", ports=[PORT], ipFamilyPolicy="RequireDualStack")),
    post("six only", ALL, service("six", ports=[PORT], ipFamilies=["IPv6"])),
    post(
        "six first", ALL, service("first", ports=[PORT], ipFamilyPolicy="PreferDualStack", ipFamilies=["IPv6", "IPv4"])
    ),
    post("two families without policy", ALL, service("both", ports=[PORT], ipFamilies=BOTH)),
    post(
        "one family twice",
        ALL,
        service("twice", ports=[PORT], ipFamilyPolicy="PreferDualStack", ipFamilies=["IPv4"] * 2),
    ),
    post(
        "two given addresses",
        ALL,
        service(
            "given",
            ports=[PORT],
            ipFamilyPolicy="RequireDualStack",
            clusterIP="10.96.77.77",
            clusterIPs=["10.96.77.77", SIX],
        ),
    ),
    post("six taken", ALL, service("taken", ports=[PORT], clusterIP=SIX)),
    post("address of the other family", ALL, service("wrong", ports=[PORT], clusterIP=SIX, ipFamilies=["IPv4"])),
    post(
        "two addresses of one family",
        ALL,
        service("same", ports=[PORT], clusterIP="10.96.1.1", clusterIPs=["10.96.1.1", "10.96.1.2"]),
    ),
    post(
        "headless",
        ALL,
        service("headless", ports=[PORT], clusterIP="None", ipFamilyPolicy="PreferDualStack", selector={"a": "b"}),
    ),
    post("headless without selector", ALL, service("bare", clusterIP="None")),
    policy("secondary dropped", clusterIPs=None, ipFamilies=["IPv4"]),
    policy("downgraded", ipFamilyPolicy="SingleStack"),
    policy("primary changed", ipFamilyPolicy="PreferDualStack", ipFamilies=["IPv6", "IPv4"]),
    policy("upgraded", ipFamilyPolicy="RequireDualStack"),
    policy("external name", type="ExternalName", externalName="example.com"),
    policy("cluster ip again", type="ClusterIP", externalName=None),
    delete("delete", f"{ALL}/given"),
    post("given again", ALL, service("given", ports=[PORT], clusterIP=SIX, ipFamilies=["IPv6"])),
)
