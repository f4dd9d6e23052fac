"""A paper EOB typed beside its scan: what was typed, what it comes to, the 835 it becomes, the page that goes along.

typed → reckoning → as_835 → claims.exchange, so that paper and electronic answers meet one ledger.
"""
