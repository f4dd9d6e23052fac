"""What people add to the edits: waivers of one edit for one claim as it stands, and edits of their own."""

from __future__ import annotations
