"""The composition root: opens the vault, starts media, sync and wellbeing. The only package that sees everything."""
