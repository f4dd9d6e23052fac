"""A clearinghouse and its payers for rehearsals: a small program beside COB Desk that knows files, not its rows.

It reads what was sent with the same X12 reader and keeps its own books, so what it received is a second account of what
the desk says it sent. See `python -m simulator --help`.
"""
