"""The words that dev.py understands."""

import argparse
from pathlib import Path

from tools.environment import REPO

# What follows these is for another program.
_PASSED_ON = {"test", "messages", "wangge"}


def parse(words: list[str]) -> argparse.Namespace:
    """The command and its options; words for another program are in `rest`. Ends with help when unclear."""
    if words and words[0] in _PASSED_ON:
        return argparse.Namespace(command=words[0], rest=words[1:])
    return _parser().parse_args(words)


def _parser() -> argparse.ArgumentParser:
    root = argparse.ArgumentParser(prog="dev.py", description="Try Wangge, and work on it.")
    sub = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    demo = sub.add_parser("demo", help="serve the product with a year of invented life in one street")
    demo.add_argument("--port", type=int, default=8000)
    demo.add_argument("--data", type=Path, default=REPO / "var" / "demo", metavar="DIR")
    demo.add_argument("--cases", type=int, metavar="N", help="how many cases to make; 0 makes no demo data")
    sub.add_parser("test", help="run all tests; further words go to pytest")
    check = sub.add_parser("check", help="style, types, floors, secrets, migrations, translations")
    check.add_argument(
        "--deep", action="store_true", help="make each rule of who sees what wrong: tests must notice"
    )
    bench = sub.add_parser("bench", help="measure; without a name, list what can be measured")
    bench.add_argument("name", nargs="?")
    bench.add_argument("rest", nargs=argparse.REMAINDER, help="further words go to the measure")
    pictures = sub.add_parser("pictures", help="take the pictures of the docs from the demo")
    pictures.add_argument("--data", type=Path, default=REPO / "var" / "demo", metavar="DIR")
    pictures.add_argument("names", nargs="*", help="file names without .png; all of them when none is given")
    sub.add_parser("build", help="make the wheel, with the built front end inside, in dist/")
    sub.add_parser("lock", help="lock the packages of requirements/*.in")
    sub.add_parser("messages", help="collect the texts to translate; further words go to tools/messages.py")
    sub.add_parser("wangge", help="run the product's own command on the demo's data: wangge help")
    return root
