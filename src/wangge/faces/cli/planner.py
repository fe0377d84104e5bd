"""Starts `wangge partition` by itself: no database, no web, and no compiler in any other command's process."""

import importlib
import os
import sys
from typing import NoReturn

from wangge.engines.partition import fingerprint
from wangge.platform.config import data_dir

MODULE = "wangge.faces.cli.partition"


def start(words: list[str]) -> NoReturn:
    """Run the planner in this process with the words of its command line; compiled kernels stay in the data folder."""
    os.environ.setdefault("NUMBA_CACHE_DIR", str(data_dir() / "kernels" / fingerprint()))
    sys.exit(importlib.import_module(MODULE).main(words))
