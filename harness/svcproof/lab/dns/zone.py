"""The names of a cluster, as they follow its Services."""

from collections.abc import Sequence

import dns.reversename
from dns.name import Name
from dns.rdatatype import RdataType

from svcproof.json_objects import Object
from svcproof.lab.client import Key
from svcproof.lab.dns.names import Answer, Names, indexed
from svcproof.lab.dns.records import Records
from svcproof.lab.dns.rules import Rules
from svcproof.lab.layout import Layout


class Zone:
    """Records of all Services, kept by the Service they are of."""

    def __init__(self, layout: Layout, rules: Rules) -> None:
        self.domain = dns.name.from_text(layout.dns_domain)
        self._rules = rules
        ranges = (*layout.service_ranges, *layout.pod_ranges, *layout.node_ranges)
        self._zones = (self.domain, *(_reverse_zone(str(whole.network_address), whole.prefixlen) for whole in ranges))
        self._services: dict[Key, Records] = {}
        self._names: Names | None = None

    def set(self, key: Key, service: Object | None, slices: Sequence[Object]) -> None:
        """Take over the state of one Service; None when it was deleted."""
        before = self._services.get(key)
        now = self._rules.of_service(self.domain, service, slices) if service else None
        kept = self._rules.keep(before, now)
        if kept == before:
            return
        if kept is None:
            del self._services[key]
        else:
            self._services[key] = kept
        self._names = None

    def lookup(self, name: Name, kind: RdataType) -> Answer:
        """Answer a question."""
        if self._names is None:
            of_services = (record for records in self._services.values() for record in records)
            self._names = indexed(self._zones, (*self._rules.of_zone(self.domain), *of_services))
        return self._rules.answer(self._names, self._rules.find, name, kind)


def _reverse_zone(address: str, length: int) -> Name:
    """The zone of reverse names of a range, cut at the label at or above its prefix."""
    name = dns.reversename.from_address(address)
    per_label, labels = (8, 4) if "." in address else (4, 32)
    return Name(name.labels[labels - length // per_label :])
