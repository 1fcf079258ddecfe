"""The site: static pages made of run files, claims and known issues alone. The same input gives the same bytes.

It asks nobody: no network, no cluster, no clock. A claim is held against its run file, and shown as what it is.
"""
