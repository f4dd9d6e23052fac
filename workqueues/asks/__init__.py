"""One file per question a queue asks of the facts: which subjects answer it now, and what ended it for the others.

A question is asked of everything in the nightly sweep, or of what one event touched; it is the same question.
"""

from __future__ import annotations
