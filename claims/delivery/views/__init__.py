"""Pages of batches and of mailboxes."""
