"""Messages of a paused journey are held; and what owners of addresses decided holds for every spelling of them."""

from typing import Any

from django.db import migrations, models

from messaging.addresses import spelt


def _spell(apps: Any, schema_editor: Any) -> None:
    """Only addresses with letters beyond ASCII were kept in another spelling."""
    for name in ("Consent", "Suppression"):
        model = apps.get_model("messaging", name)
        for row in model.objects.filter(address__regex=r"[^\x01-\x7f]").iterator():
            address = spelt(row.address)
            if name == "Suppression" and model.objects.filter(
                address=address, reason=row.reason, purpose=row.purpose
            ).exclude(pk=row.pk):
                row.delete()
            elif address != row.address:
                model.objects.filter(pk=row.pk).update(address=address)


class Migration(migrations.Migration):
    dependencies = [("messaging", "0002_suppression_by_purpose")]

    operations = [
        migrations.AlterField(
            model_name='message',
            name='reason',
            field=models.CharField(blank=True, choices=[('no_person', 'Person no longer exists'), ('no_address', 'No e-mail address'), ('invalid_address', 'Invalid e-mail address'), ('unsubscribed', 'Unsubscribed'), ('suppressed', 'On the suppression list'), ('no_consent', 'No consent'), ('duplicate_address', 'Address already written to in this step'), ('duplicate_person', 'Person already written to in this step, under another id'), ('missing_value', 'Missing value'), ('stopped', 'Stopped'), ('held', 'On hold'), ('expired', 'Too late'), ('mailbox', 'Mailbox does not exist'), ('rejected', 'Rejected by the mail server'), ('gave_up', 'Temporary errors until the last attempt'), ('cannot_render', 'Content cannot be made')], max_length=20, verbose_name='reason'),
        ),
        migrations.AlterField(
            model_name='message',
            name='state',
            field=models.CharField(choices=[('planned', 'Planned'), ('held', 'On hold'), ('claimed', 'Being sent'), ('accepted', 'Sent'), ('refused', 'Refused'), ('unknown', 'Unknown'), ('skipped', 'Not sent')], default='planned', max_length=8, verbose_name='state'),
        ),
        migrations.RunPython(_spell, migrations.RunPython.noop, elidable=True),
    ]
