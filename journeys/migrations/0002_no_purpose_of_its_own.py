from django.db import migrations


class Migration(migrations.Migration):
    """What a message is for is said by its e-mail; the journey's word for it was never read."""

    dependencies = [("journeys", "0001_initial")]

    operations = [migrations.RemoveField("journey", "purpose")]
