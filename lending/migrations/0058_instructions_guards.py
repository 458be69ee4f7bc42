"""What was instructed, and what came of it, stays as it was written; an instruction only ends."""

from django.db import migrations

from wekeza.kit import rights


class Migration(migrations.Migration):
    dependencies = [("lending", "0057_instructions")]
    operations = [
        rights.take(
            {
                "lending_standinginstruction": rights.ADD_ONLY,
                "lending_instructionrun": rights.ADD_ONLY,
            }
        ),
        rights.give(
            {"lending_standinginstruction": "UPDATE (state, ended_by, ended_at, updated_at)"}
        ),
    ]
