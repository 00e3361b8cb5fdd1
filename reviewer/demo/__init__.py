"""A disposable organisation with synthetic evidence, and the tour that drives the real windows."""
