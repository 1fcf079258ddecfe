"""Strings that a report must show as text, whatever they look like, and words that make ids of behaviours."""

HOSTILE = (
    "<script>alert('x')</script>",
    "</script><!-- <img src=x onerror=alert(1)>",
    "\"double\" & 'single' &amp; `back`",
    "\u202eright to left \u2067\u0645\u0631\u062d\u0628\u0627\u2069",
    "x" * 300,
    "\U0001f642 \U0001f469\u200d\U0001f469\u200d\U0001f467 emoji",
    "half \ud800 of a pair",
    "two\nlines\tand a tab",
    "\x1b[31mred\x1b[0m",
    "{{ 7 * 7 }} ${7 * 7} {% raw %}",
    "javascript:alert(1)",
    "=SUM(A1:A9) | [bold] *emphasis* _and_ more",
)
SUBJECTS = (
    "cluster_ip",
    "node_port",
    "external_ip",
    "load_balancer",
    "headless_service",
    "endpoint",
    "affinity",
    "slice",
)
VERBS = (
    "answers",
    "refuses",
    "keeps_the_source_of",
    "drains",
    "follows",
    "ignores",
    "balances",
    "survives",
    "renumbers",
)
OBJECTS = (
    "many_connections",
    "a_new_endpoint",
    "an_endpoint_that_leaves",
    "a_client_outside",
    "udp_flows",
    "a_changed_port",
    "a_node_without_endpoints",
    "a_restart",
    "terminating_pods",
)
AREAS = (
    "affinity",
    "cluster_ip",
    "dns",
    "dual_stack",
    "endpoints",
    "external_ip",
    "load_balancer",
    "node_port",
    "policy",
)
KEPS = (None, None, None, 752, 1669, 1672, 1860, 2086, 2433, 4444, 4242)
"""The last is of no enhancement that is known here."""
