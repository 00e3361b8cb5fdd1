"""Builds and verifies law-enforcement packages, reports and letters: standard formats that independent tools can open.

Nothing here reads a key or a store: the workstation hands in readers, recipients, the signing key and the time.
"""
