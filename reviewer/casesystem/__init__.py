"""The reference case system: an HTTP service over SQLite, ciphertext blobs on disk."""
