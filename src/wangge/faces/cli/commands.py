"""The commands that run on Django: those of the product, and of Django's own what an operator needs."""

import os
import sys

from django.core.management import BaseCommand, ManagementUtility, get_commands

# Of Django's own commands those that an operator or a developer needs.
_OF_DJANGO = ("dbshell", "shell")
# These go round our rules: an account is more than a row, and its password has an owner.
_INSTEAD = {"createsuperuser": "createuser", "changepassword": "createuser"}


class Commands(ManagementUtility):
    """Django's command line, which lists only what this product supports."""

    def main_help_text(self, commands_only: bool = False) -> str:
        """Our commands, one a line with what each does; with `commands_only` their names."""
        ours = [name for name, app in get_commands().items() if str(app).startswith("wangge.")]
        names = sorted([*ours, *_OF_DJANGO])
        if commands_only:
            return "\n".join(names)
        lines = (f"    {name:<12} {self.fetch_command(name).help.splitlines()[0]}" for name in names)
        return "\n".join(
            [f"{self.prog_name} COMMAND; '{self.prog_name} help COMMAND' says more.", "", *lines]
        )

    def fetch_command(self, subcommand: str) -> BaseCommand:
        """The command; for one that goes round our rules, the name of ours."""
        if instead := _INSTEAD.get(subcommand):
            sys.exit(f"{self.prog_name} {subcommand} is not supported; use {self.prog_name} {instead}")
        return super().fetch_command(subcommand)


def run(words: list[str]) -> None:
    """Run one command with its words; `help` lists them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wangge.platform.settings")
    Commands(["wangge", *words]).execute()
