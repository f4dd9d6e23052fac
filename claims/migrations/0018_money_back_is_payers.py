"""Credits and refunds here are payers' only: what goes back to patients was never kept in these tables. Rows of the
provider's ledger can be taken out with the paper that brought them."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0017_filing_and_edits")]

    operations = [
        migrations.AlterField(
            model_name="providerentry",
            name="move",
            field=models.CharField(
                choices=[
                    ("new", "New"),
                    ("applied", "Taken"),
                    ("refund", "Refunded"),
                    ("credited", "Our check credited"),
                    ("booked", "Booked"),
                    ("explained", "Explained"),
                    ("undone", "Typed wrongly, taken out"),
                ],
                max_length=10,
            ),
        ),
        migrations.RemoveConstraint(model_name="refund", name="refund_of_a_demand_goes_to_its_payer"),
        migrations.AlterField(
            model_name="credit",
            name="kind",
            field=models.CharField(
                choices=[
                    ("both_primary", "Two payers paid as first"),
                    ("paid_twice", "Paid twice"),
                    ("above_share", "Paid more than was left"),
                    ("credit_balance", "More paid than charged"),
                    ("above_expected", "Paid more than its terms say"),
                ],
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="credit",
            name="payer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="coverage.payer"
            ),
        ),
        migrations.AlterField(
            model_name="refund",
            name="payer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="refunds", to="coverage.payer"
            ),
        ),
    ]
