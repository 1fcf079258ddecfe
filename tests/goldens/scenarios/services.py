"""Services: what they are given, keep, and are refused."""

from tests.goldens.step import delete, get, patch, post, put

ALL = "/api/v1/namespaces/NS/services"


def service(name, **spec):
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": spec}


PORT = {"port": 80}
WEB = f"{ALL}/web"
LB = f"{ALL}/lb"
STEPS = (
    post(
        "plain", ALL, service("web", ports=[{"port": 80, "targetPort": "http", "name": "web"}], selector={"app": "web"})
    ),
    post("taken name", ALL, service("web", ports=[PORT])),
    get("read", WEB, take={"uid": "metadata.uid", "version": "metadata.resourceVersion", "ip": "spec.clusterIP"}),
    get("missing", f"{ALL}/none"),
    post("given ip", ALL, service("given", ports=[PORT], clusterIP="10.96.77.77")),
    post("taken ip", ALL, service("taken", ports=[PORT], clusterIP="10.96.77.77")),
    post("ip out of range", ALL, service("outside", ports=[PORT], clusterIP="192.0.2.1")),
    post("ip malformed", ALL, service("malformed", ports=[PORT], clusterIP="10.96.0")),
    post("broadcast ip", ALL, service("broadcast", ports=[PORT], clusterIP="10.96.255.255")),
    post("headless", ALL, service("headless", ports=[PORT], clusterIP="None", selector={"app": "web"})),
    post("headless without selector", ALL, service("bare", clusterIP="None")),
    post("no ports", ALL, service("empty", selector={"app": "web"})),
    post("two ports without names", ALL, service("unnamed", ports=[PORT, {"port": 81}])),
    post("same name twice", ALL, service("twice", ports=[{"port": 80, "name": "a"}, {"port": 81, "name": "a"}])),
    post("same port twice", ALL, service("twice", ports=[{"port": 80, "name": "a"}, {"port": 80, "name": "b"}])),
    post(
        "same port in two protocols",
        ALL,
        service(
            "dns", ports=[{"port": 53, "name": "a"}, {"port": 53, "name": "b", "protocol": "UDP"}], type="NodePort"
        ),
    ),
    post("port too high", ALL, service("high", ports=[{"port": 70000}])),
    post("port zero", ALL, service("zero", ports=[{"port": 0}])),
    post("bad protocol", ALL, service("ipx", ports=[{"port": 80, "protocol": "IPX"}])),
    post("bad target name", ALL, service("target", ports=[{"port": 80, "targetPort": "Not_A_Port"}])),
    post("long target name", ALL, service("target", ports=[{"port": 80, "targetPort": "a-name-that-is-too-long"}])),
    post("bad name", ALL, service("Bad_Name", ports=[PORT])),
    post("name with digit first", ALL, service("1web", ports=[PORT])),
    post("no name", ALL, {"apiVersion": "v1", "kind": "Service", "spec": {"ports": [PORT]}}),
    post("bad type", ALL, service("odd", ports=[PORT], type="Magic")),
    post("node port", ALL, service("np", ports=[{"port": 80, "nodePort": 30123}], type="NodePort")),
    post("taken node port", ALL, service("np2", ports=[{"port": 80, "nodePort": 30123}], type="NodePort")),
    post("node port out of range", ALL, service("np3", ports=[{"port": 80, "nodePort": 80}], type="NodePort")),
    post("node port of cluster ip", ALL, service("np4", ports=[{"port": 80, "nodePort": 30124}])),
    post(
        "one node port twice",
        ALL,
        service("np5", ports=[{"port": n, "nodePort": 30125, "name": f"p{n}"} for n in (80, 81)], type="NodePort"),
    ),
    post("headless node port", ALL, service("np6", ports=[PORT], type="NodePort", clusterIP="None")),
    post("external policy of cluster ip", ALL, service("etp", ports=[PORT], externalTrafficPolicy="Local")),
    post("bad external policy", ALL, service("etp", ports=[PORT], type="NodePort", externalTrafficPolicy="Maybe")),
    post("local node port", ALL, service("etp", ports=[PORT], type="NodePort", externalTrafficPolicy="Local")),
    post("bad internal policy", ALL, service("itp", ports=[PORT], internalTrafficPolicy="Maybe")),
    post("external ips", ALL, service("ext", ports=[PORT], externalIPs=["198.51.100.7"])),
    post(
        "bad external ips", ALL, service("ext2", ports=[PORT], externalIPs=["127.0.0.1", "x", "0.0.0.0", "169.254.1.1"])
    ),
    post("affinity", ALL, service("sticky", ports=[PORT], sessionAffinity="ClientIP")),
    post(
        "affinity with timeout",
        ALL,
        service(
            "sticky2",
            ports=[PORT],
            sessionAffinity="ClientIP",
            sessionAffinityConfig={"clientIP": {"timeoutSeconds": 7}},
        ),
    ),
    post(
        "affinity too long",
        ALL,
        service(
            "sticky3",
            ports=[PORT],
            sessionAffinity="ClientIP",
            sessionAffinityConfig={"clientIP": {"timeoutSeconds": 90000}},
        ),
    ),
    post("bad affinity", ALL, service("sticky4", ports=[PORT], sessionAffinity="Cookie")),
    post("dual stack required", ALL, service("dual", ports=[PORT], ipFamilyPolicy="RequireDualStack")),
    post("dual stack preferred", ALL, service("prefer", ports=[PORT], ipFamilyPolicy="PreferDualStack")),
    post("absent family", ALL, service("six", ports=[PORT], ipFamilies=["IPv6"])),
    post("two families single stack", ALL, service("six", ports=[PORT], ipFamilies=["IPv4", "IPv6"])),
    post("bad family", ALL, service("six", ports=[PORT], ipFamilies=["IPX"])),
    post("bad distribution", ALL, service("dist", ports=[PORT], trafficDistribution="Best")),
    post("distribution", ALL, service("dist", ports=[PORT], trafficDistribution="PreferClose")),
    post("load balancer", ALL, service("lb", ports=[PORT], type="LoadBalancer", externalTrafficPolicy="Local")),
    post(
        "load balancer without node ports",
        ALL,
        service(
            "lb2",
            ports=[PORT],
            type="LoadBalancer",
            allocateLoadBalancerNodePorts=False,
            loadBalancerClass="example.com/x",
        ),
    ),
    post(
        "bad source range",
        ALL,
        service("lb3", ports=[PORT], type="LoadBalancer", loadBalancerSourceRanges=["10.0.0.0"]),
    ),
    post("source ranges of cluster ip", ALL, service("lb4", ports=[PORT], loadBalancerSourceRanges=["10.0.0.0/8"])),
    post("class of cluster ip", ALL, service("lb5", ports=[PORT], loadBalancerClass="example.com/x")),
    patch("change class", f"{ALL}/lb2", "merge", {"spec": {"loadBalancerClass": "example.com/y"}}),
    patch(
        "load balancer status",
        f"{LB}/status",
        "merge",
        {"status": {"loadBalancer": {"ingress": [{"ip": "192.0.2.9"}]}}, "spec": {"type": "ClusterIP"}},
    ),
    patch("load balancer to cluster ip", LB, "merge", {"spec": {"type": "ClusterIP"}}),
    patch(
        "cluster ip to external name", LB, "merge", {"spec": {"type": "ExternalName", "externalName": "example.com"}}
    ),
    patch("external name to node port", LB, "merge", {"spec": {"type": "NodePort", "externalName": None}}),
    post("external name", ALL, service("out", type="ExternalName", externalName="example.com.")),
    post("external name missing", ALL, service("out2", type="ExternalName")),
    post("external name malformed", ALL, service("out3", type="ExternalName", externalName="Not_A_Name")),
    post(
        "external name with ip", ALL, service("out4", type="ExternalName", externalName="a.b", clusterIP="10.96.77.78")
    ),
    patch("change ip", WEB, "merge", {"spec": {"clusterIP": "10.96.77.79"}}),
    patch("unset ip", WEB, "merge", {"spec": {"clusterIP": None, "clusterIPs": None}}),
    patch("make headless", WEB, "merge", {"spec": {"clusterIP": "None"}}),
    put("replace without ip", WEB, service("web", ports=[{"port": 80, "name": "web"}], type="NodePort")),
    put(
        "replace with stale version",
        WEB,
        {**service("web", ports=[PORT]), "metadata": {"name": "web", "resourceVersion": "1"}},
    ),
    put("replace under other name", WEB, service("other", ports=[PORT])),
    put("replace with other uid", WEB, {**service("web", ports=[PORT]), "metadata": {"name": "web", "uid": "x"}}),
    patch(
        "node port kept by name",
        WEB,
        "strategic-merge",
        {"spec": {"ports": [{"port": 80, "name": "web", "targetPort": 81}]}},
    ),
    patch("second port", WEB, "strategic-merge", {"spec": {"ports": [{"port": 443, "name": "tls"}]}}),
    patch("port removed", WEB, "strategic-merge", {"spec": {"ports": [{"port": 443, "$patch": "delete"}]}}),
    delete("delete", WEB),
    delete("delete again", WEB),
    post("ip free again", ALL, service("again", ports=[PORT], type="NodePort")),
    delete("delete given", f"{ALL}/given"),
    post("given ip free again", ALL, service("given", ports=[PORT], clusterIP="10.96.77.77")),
)
