"""Who read and changed what: an append-only trail that no write and no view of a patient can go around."""
