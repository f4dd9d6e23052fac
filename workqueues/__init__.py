"""What to do next, by whom, by when."""
