"""The process a lab is: started from outside, with namespaces of its own, and ended with all that is in it."""
