#!/usr/bin/env python3
"""Check an export of the log of looks, on any machine: needs Python 3.9 and nothing else.

    python3 verify_audit.py looks.jsonl [--heads heads.txt] [--key personal.key]

An export holds one look a line, each chain from its first link on. A line without its hash, after the 32 bytes of
the hash before it (nothing before the first), is what its hash is made of: SHA-256.

`--heads`: the heads that were published (/audit/heads.txt, or what somebody saved of it). Each must be in the
export, so that a cut tail and a chain made anew are found. `--key`: the installation's personal key; then the days
of the heads must carry its mark as well, which nobody makes who has the database alone.

Prints one line a fault and a summary; exit status 0 without a fault, 1 with one, 2 for a file that cannot be read.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import re
import sys
from collections.abc import Iterable

_START = re.compile(rb'\{"chain":(\d+),"seq":(\d+),')
_HASH = b',"hash":"'
# ,"hash":"<64 hex digits>"}
_TAIL = len(_HASH) + 64 + 2
_MOST_SHOWN = 100


class Faults:
    """What is wrong, told as it is found; after a hundred only counted."""

    def __init__(self) -> None:
        self.count = 0

    def tell(self, text: str) -> None:
        self.count += 1
        if self.count <= _MOST_SHOWN:
            print(f"FAULT {text}")  # noqa: T201


def check_looks(
    lines: Iterable[bytes], wanted: dict[tuple[int, int], str], faults: Faults
) -> dict[int, tuple[int, bytes]]:
    """Follow every chain. `wanted` holds {(chain, seq): hash} of published heads; those that are met are taken out.

    Returns {chain: (last seq, its hash)}.
    """
    ends: dict[int, tuple[int, bytes]] = {}
    sha256, start = hashlib.sha256, _START.match
    for number, line in enumerate(lines, 1):
        line = line.rstrip(b"\r\n")
        found = start(line)
        if found is None or line[-_TAIL:-66] != _HASH or line[-2:] != b'"}':
            faults.tell(f"line {number}: not a look")
            continue
        chain, seq = int(found[1]), int(found[2])
        said = line[-66:-2]
        last, before = ends.get(chain, (0, b""))
        if seq != last + 1:
            faults.tell(f"chain {chain}: after link {last} comes link {seq} (line {number})")
        elif sha256(before + line[:-_TAIL] + b"}").hexdigest().encode() != said:
            faults.tell(f"chain {chain}, link {seq}: was changed, or the link before it (line {number})")
        try:
            ends[chain] = (seq, bytes.fromhex(said.decode("ascii")))
        except ValueError:
            faults.tell(f"chain {chain}, link {seq}: no hash (line {number})")
            continue
        if wanted and (chain, seq) in wanted and wanted.pop((chain, seq)) != said.decode():
            faults.tell(f"chain {chain}, link {seq}: is not what was published")
    for chain, seq in sorted(wanted):
        faults.tell(
            f"chain {chain}: link {seq} was published and is missing; the chain is cut or was left out"
        )
    return ends


def read_heads(lines: Iterable[str], key: bytes | None, faults: Faults) -> dict[tuple[int, int], str]:
    """{(chain, seq): hash} of a file of heads, whose days must follow one another."""
    wanted: dict[tuple[int, int], str] = {}
    before: str | None = None
    day: list[str] | None = None
    body: list[str] = []
    for line in [*lines, "end"]:
        words = line.split()
        if not words or line.startswith("#"):
            continue
        if words[0] in ("day", "end") and day is not None:
            before = _check_day(day, body, before, key, faults)
        if words[0] == "day":
            day, body = words, []
        elif words[0] == "head" and len(words) == 4:
            body.append(f"{words[1]} {words[2]} {words[3]}\n")
            wanted[int(words[1]), int(words[2])] = words[3]
    return wanted


def _check_day(day: list[str], body: list[str], before: str | None, key: bytes | None, faults: Faults) -> str:
    """The digest of a day: SHA-256 over the digest before it, the day and its heads in order of their chains."""
    _word, date, prior, digest, mac = (*day, *[""] * 5)[:5]
    if before is not None and prior != before:
        faults.tell(f"heads of {date}: a day before it is missing or was changed")
    text = f"{prior}\n{date}\n" + "".join(sorted(body, key=lambda head: int(head.split()[0])))
    if hashlib.sha256(text.encode()).hexdigest() != digest:
        faults.tell(f"heads of {date}: were changed")
    if key and not hmac.compare_digest(hmac.new(key, digest.encode(), hashlib.sha256).hexdigest(), mac):
        faults.tell(f"heads of {date}: not signed with this key")
    return digest


def derive(secret: bytes) -> bytes:
    """The key of the heads from the installation's personal key: HKDF-SHA256 without salt, 32 bytes."""
    extracted = hmac.new(bytes(32), secret, hashlib.sha256).digest()
    return hmac.new(extracted, b"heads of looks\x01", hashlib.sha256).digest()


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Check an export of the log of looks.")
    parser.add_argument("export", help="file of looks, one JSON object a line")
    parser.add_argument("--heads", help="file of published heads")
    parser.add_argument("--key", help="file of the personal key")
    given = parser.parse_args(words)
    faults = Faults()
    try:
        key: bytes | None = None
        wanted: dict[tuple[int, int], str] = {}
        if given.key:
            with open(given.key, "rb") as file:
                key = derive(file.read().strip())
        if given.heads:
            with open(given.heads, encoding="utf-8") as file:
                wanted = read_heads(file, key, faults)
        heads = len(wanted)
        with open(given.export, "rb") as file:
            ends = check_looks(file, wanted, faults)
    except (OSError, ValueError) as error:
        print(f"cannot be read: {error}", file=sys.stderr)  # noqa: T201
        return 2
    looks = sum(seq for seq, _hash in ends.values())
    verdict = f"{faults.count} faults" if faults.count else "whole"
    print(f"{verdict}: {looks} looks in {len(ends)} chains, {heads} published heads compared")  # noqa: T201
    return 1 if faults.count else 0


if __name__ == "__main__":
    sys.exit(main())
