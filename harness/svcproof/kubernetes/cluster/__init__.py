"""A cluster that is reached by its API, whoever made it."""
