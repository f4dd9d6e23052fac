"""What a payer refused, why, and what we do about it."""
