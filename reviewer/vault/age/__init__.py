"""age v1 (C2SP age.md): the container format."""
