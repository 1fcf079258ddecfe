"""The entries of the command `svcproof` and of the pytest plugin, which import the rest once it is needed."""
