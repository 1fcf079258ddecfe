"""DNS: names for Services, after the kubernetes/dns specification."""
