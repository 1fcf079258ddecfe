"""What an author of checks needs. Importing this loads neither pytest nor a cluster."""
