"""The newest suppressed addresses, as the page lists them, without a look at all."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0003_on_hold_and_one_spelling")]

    operations = [
        migrations.AddIndex(
            model_name="suppression", index=models.Index(fields=["-at", "id"], name="suppression_newest")
        ),
    ]
