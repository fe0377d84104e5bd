"""Figures for a monitoring system, in Prometheus's text form.

Web processes share their counts through files in PROMETHEUS_MULTIPROC_DIR, which `wangge serve` sets.
"""

import os
from collections.abc import Iterator

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from wangge.platform.health import Health, measure

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
REQUEST_SECONDS = Histogram(
    "wangge_request_seconds", "Time to answer a request", ["route", "method"], buckets=_SECONDS
)
ANSWERS = Counter("wangge_answers", "Answers by status", ["route", "method", "status"])
STATEMENTS = Counter("wangge_sql_statements", "SQL statements of requests", ["route"])


def exposition() -> bytes:
    """Everything measured, as text; asks the database once."""
    registry = CollectorRegistry()
    registry.register(_Standing(measure()))
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)
        return generate_latest(registry)
    return generate_latest(registry) + generate_latest(REGISTRY)


class _Standing(Collector):
    """How the worker, the outbox and the jobs stand."""

    def __init__(self, health: Health) -> None:
        self._health = health

    def collect(self) -> Iterator[GaugeMetricFamily]:
        health = self._health
        ages = GaugeMetricFamily(
            "wangge_last_seen_seconds", "Seconds since a part was last seen", labels=["part"]
        )
        for part in ("delivery", "jobs", "sweep", "webhooks"):
            age = getattr(health, f"{part}_s")
            if part == "webhooks" and age is None:
                continue
            ages.add_metric([part], float("inf") if age is None else age)
        yield ages
        yield GaugeMetricFamily("wangge_outbox_waiting", "Events not yet delivered", health.waiting)
        yield GaugeMetricFamily(
            "wangge_outbox_oldest_seconds", "Age of the oldest due event", health.oldest_waiting_s
        )
        yield GaugeMetricFamily("wangge_outbox_given_up", "Events that failed for good", health.given_up)
        yield GaugeMetricFamily("wangge_jobs_waiting", "Jobs that wait", health.jobs_waiting)
        yield GaugeMetricFamily("wangge_jobs_failed", "Jobs that failed", health.jobs_failed)
        yield GaugeMetricFamily("wangge_disk_free_bytes", "Free space for data", health.disk_free)
        yield GaugeMetricFamily("wangge_ok", "1 when nothing is late", int(health.ok))
