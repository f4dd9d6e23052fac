"""The road between the desk and a clearinghouse: batches out with receipts, answers in, each once."""
