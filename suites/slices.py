"""EndpointSlices that checks make by hand, for Services without a selector."""

READY = {"ready": True, "serving": True, "terminating": False}


def slice_with(service, name, endpoints, port=8080):
    """An EndpointSlice of a Service whose port is named `main`: `endpoints` are as in its key of that name."""
    return {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {
            "name": name,
            "namespace": service.namespace,
            "labels": {
                "kubernetes.io/service-name": service.name,
                "endpointslice.kubernetes.io/managed-by": "svcproof",
            },
        },
        "addressType": service.spec["ipFamilies"][0],
        "ports": [{"name": "main", "port": port, "protocol": "TCP"}],
        "endpoints": endpoints,
    }


def handmade(service, name, endpoints, port=8080):
    """The same, from addresses to their conditions."""
    listed = [{"addresses": [address], "conditions": how} for address, how in endpoints.items()]
    return slice_with(service, name, listed, port)
