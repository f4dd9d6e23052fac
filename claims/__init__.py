"""A claim from charge to zero: what was billed, sent, answered, posted, and what is left."""
