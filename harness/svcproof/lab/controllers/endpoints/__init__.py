"""The pods behind a Service: EndpointSlices, and the older Endpoints.

https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/
"""
