"""The walk of bench_desk.py: many people in few processes, each with a session and a connection of their own."""

import json
import multiprocessing
import os
import random
import re
import sys
import threading
import time
from typing import Any

from load import Ask, Browser
from measuring import ready
from served import served

PROCESSES = 4
_CASE = re.compile(rb'href="(/desk/cases/\d+)"')


def main(cases: int, people: int, seconds: float) -> None:
    """Serve and walk; the faults, if any, come with their first words."""
    sessions, log = ready(cases, people)
    with served(log=log) as (port, _pid):
        context = multiprocessing.get_context("fork")
        out: Any = context.Queue()
        until = time.monotonic() + seconds
        processes = [
            context.Process(target=_office, args=(port, sessions[number::PROCESSES], until, out))
            for number in range(PROCESSES)
        ]
        for process in processes:
            process.start()
        found = [out.get(timeout=seconds + 300) for _process in processes]
        for process in processes:
            process.join()
    times = sorted(second for took, _faults in found for second in took)
    faults = [fault for _took, some in found for fault in some]
    print(json.dumps({
        "name": "desk", "people": people, "seconds": seconds, "requests": len(times),
        "requests_per_s": round(len(times) / seconds, 1), "p50_ms": _at(times, 0.5), "p95_ms": _at(times, 0.95),
        "faults": len(faults), "first_fault": faults[0] if faults else "", "load": round(os.getloadavg()[0], 1),
    }, ensure_ascii=False))  # fmt: skip
    if faults:
        sys.exit(1)


def _office(port: int, sessions: list[str], until: float, out: Any) -> None:
    times: list[float] = []
    faults: list[str] = []
    threads = [threading.Thread(target=_person, args=(port, one, until, times, faults)) for one in sessions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    out.put((times, faults))


def _person(port: int, session: str, until: float, times: list[float], faults: list[str]) -> None:
    """Work, a list, a case from it, notices; some seconds of reading between."""
    chance = random.Random(session)
    time.sleep(chance.random() * 10)
    browser, case = Browser("127.0.0.1", port), ""
    while True:
        for path in ("/desk/", "/desk/cases", "", "/desk/notices"):
            if time.monotonic() >= until:
                return
            began = time.perf_counter()
            try:
                answer = browser.ask(Ask(path or case or "/desk/account", session=session))
            except OSError as error:
                faults.append(f"{path}: {error}")
                browser = Browser("127.0.0.1", port)
                continue
            times.append(time.perf_counter() - began)
            if answer.status >= 500:
                faults.append(f"{path} {answer.status}")
            if path == "/desk/cases" and (links := _CASE.findall(answer.body)):
                case = chance.choice(links).decode()
            time.sleep(5 + chance.random() * 10)


def _at(ordered: list[float], share: float) -> float:
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000, 1) if ordered else 0.0


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
