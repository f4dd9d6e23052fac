"""Payer order a second time, written by hand from the rule catalogue and sharing nothing with the product.

`decide` answers a case whose facts are known; `outcomes` tries every value an unknown fact might have; `random_cases`
makes cases nobody thought of. Slow and plain on purpose: what both sides agree on was worked out twice.
"""
