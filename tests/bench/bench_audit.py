"""How long verify_audit.py takes for a million looks: `python3 dev.py bench audit`, prints one JSON line.

Writes an export of `--looks` looks in `--chains` chains in the form of access/chain.py and lets a bare Python check
it with its heads; the seconds are those of that process from start to end, once each for the whole export and for
one with a flipped bit.
"""

import argparse
import hashlib
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from wangge.engines import verify_audit

_LINE = (
    '{{"chain":{chain},"seq":{seq},"id":{number},"at":"2026-11-22T01:02:03.{number:06d}Z","user":{user},"unit":17,'
    '"behalf":null,"role":"station_officer","channel":"desk","subject":"resident","person":"{person}",'
    '"data":"姓名、电话","purpose":"上门走访服务"}}'
)


def write(looks: Path, heads: Path, count: int, chains: int) -> None:
    """The looks take turns among the chains; one day of heads."""
    ends = [(0, b"")] * chains
    person = hashlib.sha256(b"x").hexdigest()
    with looks.open("wb") as out:
        for number in range(count):
            chain = number % chains
            seq, before = ends[chain][0] + 1, ends[chain][1]
            line = _LINE.format(chain=chain, seq=seq, number=number % 10**6, user=number % 97, person=person)
            link = hashlib.sha256(before + line.encode())
            ends[chain] = (seq, link.digest())
            out.write(f'{line[:-1]},"hash":"{link.hexdigest()}"}}\n'.encode())
    told = [f"{chain} {seq} {link.hex()}\n" for chain, (seq, link) in enumerate(ends)]
    nothing = "0" * 64
    digest = hashlib.sha256(f"{nothing}\n2026-11-22\n{''.join(told)}".encode()).hexdigest()
    heads.write_text(
        f"day 2026-11-22 {nothing} {digest} -\n" + "".join(f"head {one}" for one in told), "utf-8"
    )


def flip(file: Path) -> None:
    """One bit in the middle."""
    with file.open("r+b") as out:
        out.seek(file.stat().st_size // 2)
        byte = out.read(1)
        out.seek(-1, 1)
        out.write(bytes([byte[0] ^ 1]))


def verify(looks: Path, heads: Path) -> tuple[float, int]:
    """(seconds, exit status) of a Python that knows no package."""
    began = time.monotonic()
    words = [sys.executable, "-I", "-S", verify_audit.__file__, str(looks), "--heads", str(heads)]
    done = subprocess.run(words, stdout=sys.stderr, check=False)
    return time.monotonic() - began, done.returncode


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--looks", type=int, default=1_000_000)
    parser.add_argument("--chains", type=int, default=100)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wangge-") as folder:
        looks, heads = Path(folder) / "looks.jsonl", Path(folder) / "heads.txt"
        write(looks, heads, given.looks, given.chains)
        megabytes = looks.stat().st_size / 1e6
        seconds, whole = verify(looks, heads)
        flip(looks)
        again, found = verify(looks, heads)
    cpu = resource.getrusage(resource.RUSAGE_CHILDREN)
    figures = {"looks": given.looks, "mb": round(megabytes), "seconds": round(seconds, 2)}
    figures |= {"seconds_flipped": round(again, 2), "cpu_s_both": round(cpu.ru_utime + cpu.ru_stime, 2)}
    print(json.dumps(figures | {"peak_mb": round(cpu.ru_maxrss / 1024)}))
    if whole != 0 or found != 1:
        sys.exit("the verifier is wrong")


if __name__ == "__main__":
    main()
