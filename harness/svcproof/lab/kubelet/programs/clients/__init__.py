"""Small clients, for machines that lack the real ones: each a program of its own."""
