"""Evidence of checks that did not hold: taken in the process that makes them, before anything is cleaned up."""
