"""Crossover: a payer hands the claim on by itself. Seen in the remittance, watched with its timer, told when it failed,
and counted: expected against received."""
