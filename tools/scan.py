"""Words that must not get into a committed file: paths of one machine, names of package hosts."""

import re
import subprocess
from pathlib import Path

from tools.environment import REPO

# Written so that this file does not find itself.
_FORBIDDEN = {
    "a path of one machine": re.compile(r"(?<![\w./-])/(?:work|root|home|Users)/\w"),
    "the name of a package host": re.compile(
        r"registry\.npm[j]s|py[p]i\.org|python[h]osted\.org|npm[m]irror|index-ur[l]"
    ),
}


def tracked() -> list[Path]:
    """Files that git knows and that are there."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=REPO, capture_output=True, check=True).stdout
    files = (REPO / name.decode() for name in listed.split(b"\0") if name)
    return [file for file in files if file.is_file()]


def run() -> int:
    """Print every find as file:line: what; 1 if there is any."""
    finds = [find for file in tracked() for find in finds_in(file)]
    for find in finds:
        print(find)
    return int(bool(finds))


def finds_in(file: Path) -> list[str]:
    """Finds in one file of the repository; none in a file that is not text."""
    try:
        lines = file.read_text("utf-8").splitlines()
    except UnicodeDecodeError:
        return []
    return [
        f"{file.relative_to(REPO)}:{number}: {what}: {line.strip()[:120]}"
        for number, line in enumerate(lines, 1)
        for what, pattern in _FORBIDDEN.items()
        if pattern.search(line)
    ]
