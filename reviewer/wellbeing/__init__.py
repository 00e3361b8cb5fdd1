"""Exposure, break prompts, handover advice: pure state machines over an injected clock. Measures workload, not health."""
