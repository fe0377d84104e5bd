import json
import os
from pathlib import Path
from typing import Any

import pytest

from wangge.faces.web.build import FrontEndNotBuilt, files_of, icons

MANIFEST = {
    "_shared.js": {"file": "assets/shared-1.js", "css": ["assets/shared-1.css"], "imports": ["_deep.js"]},
    "_deep.js": {"file": "assets/deep-1.js"},
    "src/app.ts": {
        "file": "assets/app-1.js",
        "css": ["assets/app-1.css"],
        "imports": ["_shared.js", "_deep.js"],
    },
}


def write(build: Path, manifest: dict) -> None:
    build.mkdir(exist_ok=True)
    (build / "manifest.json").write_text(json.dumps(manifest), "utf-8")


def test_an_entry_brings_the_styles_of_all_it_imports_before_its_own(tmp_path: Path) -> None:
    write(tmp_path, MANIFEST)
    files = files_of("app", tmp_path)
    assert files.script == "assets/app-1.js"
    assert files.styles == ("assets/shared-1.css", "assets/app-1.css")
    assert files.preload == ("assets/deep-1.js", "assets/shared-1.js")


def test_a_missing_build_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(FrontEndNotBuilt, match=r"dev\.py build"):
        files_of("app", tmp_path)
    with pytest.raises(FrontEndNotBuilt, match=r"icons\.json"):
        icons(tmp_path)


def test_an_entry_that_does_not_exist_is_a_mistake_of_ours(tmp_path: Path) -> None:
    write(tmp_path, MANIFEST)
    with pytest.raises(KeyError):
        files_of("nothing", tmp_path)


def test_a_programmer_sees_a_new_build_without_a_restart(tmp_path: Path, settings: Any) -> None:
    settings.DEBUG = True
    write(tmp_path, MANIFEST)
    files_of("app", tmp_path)
    write(tmp_path, {"src/app.ts": {"file": "assets/app-2.js"}})
    os.utime(tmp_path / "manifest.json", ns=(1, 1))
    assert files_of("app", tmp_path).script == "assets/app-2.js"
