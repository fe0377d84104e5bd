"""`wangge createuser`: an account with its first post; the way to the first administrator."""

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import transaction

from wangge.domain.access.actor import Role, System
from wangge.domain.access.models import Unit
from wangge.domain.access.scope import acting_as
from wangge.domain.access.services import create_user, give_post
from wangge.domain.places.models import Area
from wangge.platform.errors import WanggeError

_BY_HAND = System("createuser")


class Command(BaseCommand):
    help = "Make an account with a post. The password is asked for; there is no default."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", required=True, help="the person's name as colleagues know it")
        parser.add_argument("--email", default="")
        parser.add_argument("--role", required=True, choices=[role.value for role in Role])
        parser.add_argument("--area", required=True, metavar="CODE", help="code of the post's area")
        parser.add_argument("--unit", type=int, metavar="ID", help="the post's unit, for roles that need one")
        parser.add_argument(
            "--password-stdin", action="store_true", help="read the password from standard input"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        password = _from_stdin() if options["password_stdin"] else _ask()
        try:
            with acting_as(_BY_HAND):
                _create(options, password)
        except WanggeError as error:
            raise CommandError(error.text) from error
        self.stdout.write(f"{options['username']} can sign in")


@transaction.atomic
def _create(options: dict[str, Any], password: str) -> None:
    area = Area.objects.filter(code=options["area"], active=True).first()
    if area is None:
        raise CommandError(f"there is no area with the code {options['area']}")
    unit_id = options["unit"]
    if unit_id is not None and not Unit.objects.filter(pk=unit_id).exists():
        raise CommandError(f"there is no unit {unit_id}")
    user = create_user(
        _BY_HAND,
        username=options["username"],
        name=options["name"],
        email=options["email"],
        password=password,
    )
    give_post(_BY_HAND, user_id=user.pk, role=options["role"], area_id=area.pk, unit_id=unit_id)


def _from_stdin() -> str:
    return sys.stdin.readline().rstrip("\n")


def _ask() -> str:
    password = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != password:
        raise CommandError("the two passwords differ")
    return password
