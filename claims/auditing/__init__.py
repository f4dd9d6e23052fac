"""The order of all claims held against today's rules, or against rules somebody supposes: read in chunks, decided in
bulk, compared one by one, and written down where it differs. `claims.order_audit` says what a difference is.
"""
