"""The sealed worker: decodes and veils. Runs without files, network or new processes. The only place with codecs."""
