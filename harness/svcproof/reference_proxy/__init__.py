"""A small Service proxy for nftables, meant to be read.

    API server --watch--> objects --parse--> State --select--> the Services to serve
        --frontends--> the addresses and ports this node answers for, with their endpoints
        --rules--> chains, sets and maps --change--> the steps to get there --nft--> the kernel

All between the watch and nft are pure functions of frozen values, one module each; `stages` strings them together.
It needs the standard library and `nft`, speaks to connection tracking over netlink, and knows the API of Kubernetes
only from what it watches.

What a proxy has to do: https://kubernetes.io/docs/reference/networking/virtual-ips/
"""
