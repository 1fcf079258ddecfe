"""The limits of what a run builds on: without it the run or the check ends, which speaks against no proxy."""

from svcproof.limits.limit import Limit


class Provision(Limit):
    """Waits for clusters, workloads and proxies to come up, to change, and to be gone."""

    POD_READY = (
        60.0,
        "A sample pod runs, is ready, and its agent answers.",
        "A node starts several at once, and may have to unpack the image first.",
    )
    FIRST_POD_STARTED = (
        120.0,
        "The first agent pod of a run runs.",
        "Its node may have to pull the image from a registry.",
    )
    FIRST_AGENT_ANSWERS = (
        10.0,
        "The agent of the first pod answers through the API server.",
        "Its Python starts in a second; the rest is for tunnels that a control plane builds when they are first used.",
    )
    ENDPOINTS_READY = (
        30.0,
        "A Service has as many ready endpoints as its check needs.",
        "As long as `slices-written`, which is the same wait where it is judged.",
    )
    LOAD_BALANCER_READY = (
        15.0,
        "A Service that a check builds on has the address of a load balancer.",
        "As long as `address-assigned`, which is the same wait where it is judged.",
    )
    NAMESPACE_FREE = (
        60.0,
        "The namespace of the run can be made, though one of that name is still ending.",
        "Its pods have a grace period of up to 30 s.",
    )
    OBJECTS_GONE = (
        120.0,
        "Objects that were deleted are gone, with the pods and the namespaces among them.",
        "Pods have a grace period of up to 30 s, and finalizers are taken off one after another.",
    )
    KINDS_SERVED = (
        30.0,
        "The API server serves the kinds of a CustomResourceDefinition that was applied.",
        "It publishes new kinds after some seconds; several API servers do so one by one.",
    )
    TRAFFIC_ENDED = (
        120.0,
        "Traffic that a check has begun is ended, by the check or else by the agents themselves.",
        "It goes on for as long as a check disturbs something, which is no longer than a check may take.",
    )
    PROXY_READY = (
        30.0,
        "The proxy under test is ready. A declaration may have another number, as `ready.within`.",
        "A program starts in seconds; who installs images from a registry declares more.",
    )
    PROXY_INSTALLED = (
        300.0,
        "A program that installs or removes the proxy under test, such as helm, has ended.",
        "It waits for pods on every node, whose images are pulled.",
    )
    KUBE_PROXY_RESTARTED = (
        90.0,
        "The pods of kube-proxy run with changed settings, have ended, or are back.",
        "A DaemonSet changes node by node, with a grace period of up to 30 s on each.",
    )
    KUBE_PROXY_REVISIONS_BACK = (
        15.0,
        "The revisions of kube-proxy's DaemonSet are those from before the run.",
        "The controller removes what is one too many when it next looks.",
    )
    KUBE_PROXY_RULES_GONE = (
        60.0,
        "kube-proxy --cleanup has taken its rules off a node.",
        "The pod has to be started, and a node may have thousands of rules.",
    )
    RUN_CLEARED_UP = (
        180.0,
        "A run in a cluster has removed what it made, when its pod is to end.",
        "It waits for its pods to be gone, which have a grace period of up to 30 s, and for its namespaces.",
    )
    CLUSTER_RECOVERED = (
        30.0,
        "A cluster that was not well between two checks is well again.",
        "A component that was restarted is back in seconds; a node that is lost is not waited for.",
    )
    NODES_READY = (
        120.0,
        "All nodes of a cluster that kind has made are Ready.",
        "They are once their network plugin runs, whose image the node has.",
    )
    METALLB_READY = (
        180.0,
        "MetalLB runs.",
        "Every node may have to pull its image.",
    )
    METALLB_CONFIGURED = (
        120.0,
        "MetalLB takes its pool of addresses.",
        "Its webhook answers once its certificate has been made and has reached its pod, up to a minute later.",
    )
    METALLB_ASSIGNS = (
        60.0,
        "MetalLB assigns an address, and answers for it.",
        "It has just been installed, and may be reading its configuration.",
    )
    KIND_CREATED = (
        900.0,
        "kind has made a cluster.",
        "The image of the nodes, most of a gigabyte, may have to be pulled.",
    )
    KIND_DELETED = (
        180.0,
        "kind has removed a cluster.",
        "An engine under load ends the containers of nodes one by one.",
    )
    CONTAINERS_GONE = (
        60.0,
        "The containers of a removed cluster are gone.",
        "The engine may still be at what kind asked it for.",
    )
    IMAGES_LOADED = (
        300.0,
        "Images are pulled, written to an archive, or put into every node.",
        "They are hundreds of megabytes, on a slow disk or line.",
    )
    LOGS_EXPORTED = (
        120.0,
        "kind has written the logs of all nodes.",
        "It copies whole directories out of every node.",
    )
    CONTAINERS_MADE = (
        300.0,
        "The container engine has started a client outside, or removed containers with their volumes.",
        "It may have to pull an image first.",
    )
    POOL_CLAIMED = (
        30.0,
        "The record of addresses that clusters on one network share can be written.",
        "Each run holds it for as long as it takes to choose some addresses.",
    )
    LAB_STARTED = (
        60.0,
        "A lab is up.",
        "It takes a second or two; the rest is for machines that are busy with other things.",
    )
    LAB_WITH_COMPONENTS_STARTED = (
        180.0,
        "A lab with real components in the place of its own parts, such as kube-apiserver, is up.",
        "They take ten seconds; the rest is for machines that are busy with other things.",
    )
    LAB_ENDED = (
        4.0,
        "A lab that was asked to end has ended, before it is killed.",
        "Its programs have two seconds to end by themselves.",
    )
    RUN_ENDED = (
        180.0,
        "A run of a matrix that is interrupted has ended.",
        "It removes what it made: a lab in seconds, the objects in a cluster that stays in a minute or two.",
    )
    DETACHED_LAB_ENDED = (
        30.0,
        "A lab that was left running has ended and is removed.",
        "Its keeper ends it, and removes what is in its directory.",
    )
    KILLED_LAB_ENDED = (
        5.0,
        "The kernel has ended all processes of a lab that was killed.",
        "A process that waits for a disk ends when it has been served.",
    )
    LAB_TRIED = (
        20.0,
        "The trial of what a lab needs of this machine has ended.",
        "It may have to load modules of the kernel.",
    )
    OUTSIDE_AGENT_STARTED = (
        30.0,
        "The agent of a client outside the cluster listens.",
        "Its Python starts in a second; on a machine reached by ssh, the connection has to be made first.",
    )
    OUTSIDE_AGENT_ENDED = (
        15.0,
        "The agent of a client outside the cluster has ended with its connection.",
        "ssh closes what it forwards first.",
    )
    COMPONENT_BUILT = (
        1800.0,
        "A step of obtaining a component has ended: Go is installed, a module downloaded, or a program built.",
        "The first build of a Kubernetes component takes minutes, and many of them beside other work.",
    )
    SUITES_COLLECTED = (
        300.0,
        "pytest has collected the suites that --suite names.",
        "They may import, and look at, whatever their authors need.",
    )
