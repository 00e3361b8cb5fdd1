"""The client of the case system: pulls assignments, pushes the outbox, streams ciphertext by range."""
