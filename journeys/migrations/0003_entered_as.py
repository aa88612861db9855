"""Under which id a run was entered whose customer was merged into another: it is theirs again when they are taken apart."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('journeys', '0002_no_purpose_of_its_own'),
    ]

    operations = [
        migrations.AddField(
            model_name='enrolment',
            name='entered_as',
            field=models.CharField(blank=True, default='', help_text="The customer's id before a merge.", max_length=64, verbose_name='entered as'),
        ),
        migrations.AddIndex(
            model_name='enrolment',
            index=models.Index(condition=models.Q(('entered_as', ''), _negated=True), fields=['entered_as'], name='enrolment_entered_as'),
        ),
    ]
