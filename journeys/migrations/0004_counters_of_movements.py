"""One counter per step and way to move, instead of one row for each batch that ever moved."""

from django.db import migrations, models

# Foreign keys are checked at once: a table with checks outstanding takes no constraint.
SUM = """
SET CONSTRAINTS ALL IMMEDIATE;
WITH gone AS (DELETE FROM journeys_stepflow RETURNING version_id, step, event, outcome, reason, people)
INSERT INTO journeys_stepflow (version_id, step, event, outcome, reason, people)
SELECT version_id, step, event, outcome, reason, sum(people) FROM gone GROUP BY 1, 2, 3, 4, 5;
SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0003_entered_as")]

    operations = [
        migrations.RemoveIndex(model_name="stepflow", name="flow_of_step"),
        migrations.RemoveField(model_name="stepflow", name="at"),
        migrations.AlterField(
            model_name="stepflow", name="people", field=models.PositiveBigIntegerField(verbose_name="people")
        ),
        migrations.RunSQL(SUM, migrations.RunSQL.noop, elidable=True),
        migrations.AddConstraint(
            model_name="stepflow",
            constraint=models.UniqueConstraint(
                fields=["version", "step", "event", "outcome", "reason"], name="one_counter_per_movement"
            ),
        ),
    ]
