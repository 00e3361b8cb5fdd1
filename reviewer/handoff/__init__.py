"""Builds and verifies law-enforcement packages. Nothing here yet: a later issue builds it, and the window says so."""
