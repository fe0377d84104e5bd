"""`wangge status`: what this installation holds and whether its worker lives."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management import BaseCommand
from django.db import models

from wangge.domain.access.actor import Role, System
from wangge.domain.access.queries import posts_on
from wangge.domain.access.scope import acting_as
from wangge.domain.cases.models import Case
from wangge.platform import clock
from wangge.platform.health import measure


class Command(BaseCommand):
    help = "Show the number of cases, what waits for delivery, when the worker was last seen, and who can sign in."
    # Loading every page to check it would double the time to start.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="for programs")
        parser.add_argument("--near", metavar="CODE", default="", help="prefer accounts in this area")

    def handle(self, *args: Any, **options: Any) -> None:
        with acting_as(System("status")):
            accounts = _one_of_each_role(options["near"])
            health = measure()
            found = {
                "cases": Case.objects.count(),
                "accounts": accounts,
                **asdict(health),
                "late": health.late,
            }
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        self.stdout.write(f"cases {found['cases']}, events waiting {found['waiting']}")
        seen = f"delivery loop {health.delivery_s}, job loop {health.jobs_s}, sweep {health.sweep_s}"
        self.stdout.write(f"seconds since {seen}; late: {', '.join(health.late) or 'nothing'}")
        for role, username, name, place in accounts:
            self.stdout.write(f"{role}\t{username}\t{name}\t{place}")


def _one_of_each_role(near: str) -> list[tuple[str, str, str, str]]:
    """Role, user name, name and place of one account for each role that somebody holds today.

    Of several, one in the area `near` (a code), then one in its district, then the oldest.
    """
    inside = models.Case(
        models.When(area__code__startswith=near, then=0),
        models.When(area__code__startswith=near[:6], then=1),
        default=2,
    )
    posts = (
        posts_on(clock.today()).filter(user__is_active=True).order_by("role", inside, "id").distinct("role")
    )
    ranked = sorted(posts, key=lambda post: list(Role).index(Role(post.role)))
    return [
        (str(post.get_role_display()), post.user.username, post.user.name, (post.unit or post.area).name)
        for post in ranked
    ]
