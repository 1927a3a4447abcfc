"""Figures against a floor measured in the same run. `make bench` runs all; docs/performance.md keeps the last."""
