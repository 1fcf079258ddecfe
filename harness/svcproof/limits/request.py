"""The limits of a request: how soon a server, an agent or a command line tool has answered it."""

from svcproof.limits.limit import Limit


class Request(Limit):
    """Waits for one answer; without it something is not there, or too busy, which speaks against no proxy."""

    API = (
        15.0,
        "The API server answers a request.",
        "It answers in milliseconds; a write waits for a majority of etcd, and for admission webhooks.",
    )
    CREDENTIALS = (
        60.0,
        "The program that a kubeconfig names for credentials has ended.",
        "It may ask a cloud's servers, which have tokens to make.",
    )
    AGENT = (
        10.0,
        "An agent answers, beyond the time that its probes have.",
        "It answers in milliseconds; the way through an API server has tunnels in it.",
    )
    LAB_CONTROL = (
        5.0,
        "The process of a lab answers on its control socket, beyond the time that the command has.",
        "It does many things in one thread, none of which takes long.",
    )
    COMMAND = (
        10.0,
        "A command in a pod or on a machine outside has ended. A check may have another number.",
        "Starting it takes a second through an API server and a kubelet.",
    )
    COMMAND_ON_NODE = (
        20.0,
        "A command of a check, or a listing of rules, on a node or in a pod has ended.",
        "A node may have tens of thousands of rules to list.",
    )
    PROXY_HEALTH = (
        5.0,
        "The proxy under test answers at the address that says whether it is ready, in one of several tries.",
        "It is asked through the API server.",
    )
    NODE_HEALTH = (
        5.0,
        "A node of kind answers where its containers run is asked, by an address of its own.",
        "It is on this machine.",
    )
    ENGINE = (
        20.0,
        "The container engine says which version it is, and what it runs on.",
        "Its daemon may be started by the question.",
    )
    ENGINE_COMMAND = (
        60.0,
        "The container engine has listed, inspected or started something.",
        "An engine under load answers in seconds.",
    )
    KIND = (
        30.0,
        "kind says its version, its clusters, or a kubeconfig.",
        "It asks the container engine, several times.",
    )
    OUTPUT_READ = (
        5.0,
        "What a killed command has printed is read.",
        "It is there already; a program that it started in another session may hold its output open for ever.",
    )
    HELM_EXPLAINS = (
        30.0,
        "helm says what did not become ready, once its own time is over.",
        "It asks the API server for the state of every object of the chart.",
    )
    PROGRAM_VERSION = (
        20.0,
        "A program on this machine says its version, or ps the owner of a process.",
        "It is read from a cold disk, perhaps of a network.",
    )
    SIGNATURE = (
        20.0,
        "ssh-keygen verifies the signature of a claim.",
        "It does so in milliseconds; its program is read from a cold disk, perhaps of a network.",
    )
    DOWNLOAD = (
        10.0,
        "A server that has a release or a manifest goes on with its answer.",
        "It is for each piece of the answer, not for all of it.",
    )
    SSH = (
        40.0,
        "A machine reached by ssh answers, and says what it can do.",
        "Its server may look up names that nobody knows, for half a minute, before it lets a client in.",
    )
