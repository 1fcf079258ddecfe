"""EndpointSlices that checks make by hand, for Services without a selector."""

SLICES = "discovery.k8s.io/v1 EndpointSlice"
READY = {"ready": True, "serving": True, "terminating": False}


def slice_with(service, slice_name, endpoints, port=8080, name="main", protocol="TCP"):
    """An EndpointSlice of a Service, for the port of this name: `endpoints` are as in its key of that name."""
    return {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {
            "name": slice_name,
            "namespace": service.namespace,
            "labels": {
                "kubernetes.io/service-name": service.name,
                "endpointslice.kubernetes.io/managed-by": "svcproof",
            },
        },
        "addressType": service.spec["ipFamilies"][0],
        "ports": [{"name": name, "port": port, "protocol": protocol}],
        "endpoints": endpoints,
    }


def handmade(service, slice_name, endpoints, port=8080, **its_port):
    """The same, from addresses to their conditions."""
    listed = [{"addresses": [address], "conditions": how} for address, how in endpoints.items()]
    return slice_with(service, slice_name, listed, port, **its_port)
