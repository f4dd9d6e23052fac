"""Pages about patients' money, one file for each thing there is a page of."""
