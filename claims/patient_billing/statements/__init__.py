"""Statements: what goes on one, the paper, sending one, and sending many."""
