"""X12 text to dataclasses and back: no rows, no Django, integer cents, and every complaint names its segment."""
