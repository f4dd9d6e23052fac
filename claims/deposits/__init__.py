"""The bank's side: deposits, the remittances they pay, and each day brought to a difference of zero or explained."""
