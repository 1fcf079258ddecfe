"""Edits: every field that may change on a live object, at each address of a Service, from everywhere.

A field is a row of a table, in the file of its kind of object; `field.py` makes a behaviour of it for each door.
"""
