"""Which payers hand claims on to which others: kept from a day on, read in one query, shown with its history."""
