"""A payer whose filing indicator was the general one never asked for it: from now on its kind of coverage says it."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def follow_kind(apps: Any, _editor: Any) -> None:
    """"CI" was what every payer began with, and the kind of coverage already won over it."""
    apps.get_model("coverage", "Payer").objects.filter(filing_indicator="CI").update(filing_indicator="")


def general_again(apps: Any, _editor: Any) -> None:
    """What an older version expects where nothing is set."""
    apps.get_model("coverage", "Payer").objects.filter(filing_indicator="").update(filing_indicator="CI")


class Migration(migrations.Migration):
    dependencies = [("coverage", "0004_options")]
    operations = [migrations.RunPython(follow_kind, general_again)]
