"""Payers, coverages, the facts an order of benefits rests on, and the determinations on file."""
