"""The part of agnhost that Kubernetes' own Service tests use."""
