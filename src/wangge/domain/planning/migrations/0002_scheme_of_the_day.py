import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("places", "0008_panoramas"), ("planning", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="plan",
            name="scheme",
            field=models.ForeignKey(
                help_text="codes new grids get that day",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="places.gridcodescheme",
            ),
        ),
    ]
