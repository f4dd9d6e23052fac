"""A practice's quarter in minutes: the desk's own jobs against the simulated clearinghouse, with nobody at the keys."""
