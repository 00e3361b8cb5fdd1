"""Exposure, break prompts, handover advice: pure state machines over an injected clock. Workload, not health."""
