"""Which pods are behind a Service: EndpointSlices, and the Endpoints of old.

https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/
"""
