"""Eligibility: whom to ask, what was answered, what of it is offered to the front desk, and what people made of it."""
