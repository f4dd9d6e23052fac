"""Medicare's questionnaire as it was answered and filed; kept as written, followed by the next one."""

from __future__ import annotations

from django.db import models

from cob.coverage.models.checkin import Asked
from cob.coverage.models.determination import Determination


class MspQuestionnaire(Asked):
    """One filed questionnaire: every answer with its source, and the determination its result comes from."""

    answers = models.JSONField(help_text="Parts with their questions, answers and sources, as they were printed.")
    determination = models.ForeignKey(Determination, on_delete=models.PROTECT)
    # Empty for a Medicare Advantage member: the plan asked for this one, Medicare asks for no next one.
    next_due_on = models.DateField(null=True, blank=True)

    class Meta(Asked.Meta):
        indexes = [models.Index(fields=["patient", "-asked_at"], name="msp_questionnaire_latest")]

    def __str__(self) -> str:
        return f"MSP questionnaire for {self.service_on}"
