"""Measures: every number is two querysets and a sentence."""
