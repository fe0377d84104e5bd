"""The worker's loop that sends webhooks: many addresses at once, one message at a time to each."""

from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from wangge.domain.exchange.services.deliveries import Claimed, claim_due, record
from wangge.domain.exchange.services.posting import Sent

AT_ONCE = 16
_LOOK_S = 0.25


class Sender:
    """Threads only speak HTTP; claiming and writing down is done by whoever calls `step`."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._at_once = at_once
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="webhook")
        self._flying: dict[Future[Sent], Claimed] = {}

    def step(self) -> int:
        """Write down what came back, send what is due; returns how much was done or is under way."""
        done = self._collect()
        busy = {claimed.webhook_id for claimed in self._flying.values()}
        claimed = claim_due(self._at_once - len(self._flying), busy) if len(busy) < self._at_once else []
        for one in claimed:
            self._flying[self._pool.submit(one.attempt.run)] = one
        if self._flying and not claimed:
            wait(self._flying, timeout=_LOOK_S, return_when=FIRST_COMPLETED)
        return done + len(self._flying)

    def close(self) -> None:
        """Let the tries under way end and write them down."""
        self._pool.shutdown(wait=True)
        self._collect()

    def _collect(self) -> int:
        for claimed in self._flying.values():
            if claimed.attempt.overdue():
                claimed.attempt.abort()
        done = [future for future in self._flying if future.done()]
        for future in done:
            record(self._flying.pop(future), future.result())
        return len(done)
