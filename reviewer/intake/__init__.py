"""Brings evidence in: fingerprints in the sealed worker, encrypts to the case key, registers it."""
