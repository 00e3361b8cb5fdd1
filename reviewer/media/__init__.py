"""Ciphertext to veiled pixels: the broker on the host side, the sandbox, and the sealed worker that alone decodes."""
