"""Secrets at rest: age containers, case keys, key slots, the SQLCipher store, the custody log, the outbox table."""
