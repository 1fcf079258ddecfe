"""What is below an object's own path, apart from `status`: one module per subject."""
