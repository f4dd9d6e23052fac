"""Questions to payers leave: one 270 for each receiver, kept with its row, and laid into the outbox."""
