"""The sealed worker: the only place that imports codecs. Runs with no files, no network and no new processes."""
