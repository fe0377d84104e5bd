"""`wangge setup`: bring the database to this version's tables, rights and reference data."""

from typing import Any

from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection, transaction

from wangge.domain.access import rowsecurity
from wangge.domain.access.actor import System
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.services.phones import mark_phones
from wangge.domain.cases.services.processes import publish_built_in
from wangge.domain.cases.services.words import keep_missing_words
from wangge.domain.catalogue.services import load_seed
from wangge.domain.places.services import ensure_schemes
from wangge.platform.db.plans import weigh_plans
from wangge.platform.db.roles import make_web_role

# Two setups at once wait for each other.
_LOCK = 7741


class Command(BaseCommand):
    requires_system_checks = ()
    help = "Create or upgrade the tables, set the rights, load the catalogue and the built-in processes."

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.settings_dict["OPTIONS"].get("assume_role"):
            raise CommandError("setup needs the owner's rights: set WANGGE_AS_OWNER=1 for this command")
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
            make_web_role(cursor)
            weigh_plans(cursor)
        call_command("migrate", interactive=False, verbosity=0)
        with transaction.atomic():
            rowsecurity.apply()
        with acting_as(System("setup")):
            ensure_schemes()
            load_seed()
            publish_built_in()
        keep_missing_words()
        mark_phones()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
        if options["verbosity"]:
            self.stdout.write("database is ready")
