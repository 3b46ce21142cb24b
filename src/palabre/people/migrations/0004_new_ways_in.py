"""A link that somebody else makes says why. The columns have their defaults in the database, so that the version before
may go on writing."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_whose_client"),
    ]

    operations = [
        migrations.AddField(
            model_name="link",
            name="made_by",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="link",
            name="reason",
            field=models.TextField(
                choices=[
                    ("lost_phone", "Lost Phone"),
                    ("forgotten", "Forgotten"),
                    ("lost_link", "Lost Link"),
                    ("other", "Other"),
                ],
                db_default="",
            ),
        ),
        migrations.AddField(
            model_name="link",
            name="second_step_removed",
            field=models.BooleanField(db_default=False),
        ),
        migrations.AddField(
            model_name="link",
            name="words",
            field=models.TextField(db_default=""),
        ),
        migrations.AlterField(
            model_name="link",
            name="purpose",
            field=models.TextField(
                choices=[
                    ("sign_in", "Sign In"),
                    ("invitation", "Invitation"),
                    ("new_password", "New Password"),
                    ("way_in", "Way In"),
                ]
            ),
        ),
    ]
