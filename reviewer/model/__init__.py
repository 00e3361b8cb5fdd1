"""What the work is about: cases, items, decisions, viewing record, policy, roles, errors. Pure Python, no I/O."""
