"""Doors: topics that are asked at each address of a Service, a file for each."""
