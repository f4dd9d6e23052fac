"""What a manager sets for the queues, from a day on: promises, ladder, people, calendars, buckets, limits."""
