"""Environment variables: what a container is told of the Services that are there when it starts."""
