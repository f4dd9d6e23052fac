"""Money taken back: the provider's own ledger with each payer, demands by letter, credits and refunds.

`plb`, `roll`, `clocks` and `look_back` are pure; the rest lays them on rows.
"""
