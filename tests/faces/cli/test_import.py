"""`wangge import divisions` on the real list: subtrees load, bad lists exit with 1, a killed load leaves nothing."""

import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.domain.places.trees import assert_sound
from wangge.domain.places.models import Area, AreaVersion
from wangge.domain.places.services import versions

pytestmark = pytest.mark.django_db
DIVISIONS = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "divisions"


@pytest.fixture
def files() -> list[Path]:
    found = sorted(DIVISIONS.glob("*.csv.gz"))
    if len(found) < 5:
        pytest.skip("the national list of divisions is not beside the repository (shared/data/divisions)")
    return found


def test_one_street_of_the_real_list_loads_with_what_lies_above(files, capsys):
    call_command("import", "divisions", *map(str, files), "--date=2023-06-30", "--only", "440105008")
    assert Area.objects.filter(level="community", parent__code="440105008").count() == 12
    assert Area.objects.count() == 16
    assert Area.objects.get(code="440105008").parent.name == "海珠区"
    assert AreaVersion.objects.filter(valid__startswith=date(2023, 6, 30)).count() == 16
    assert_sound()
    captured = capsys.readouterr()
    assert "设立 16" in captured.out
    assert "villages.csv.gz" in captured.err


def test_bad_rows_are_printed_and_end_with_status_1(tmp_path, capsys):
    bad = tmp_path / "provinces.csv"
    bad.write_text("code,name\n44,\n4x,某省\n", encoding="utf-8")
    with pytest.raises(CommandError) as caught:
        call_command("import", "divisions", str(bad))
    assert caught.value.returncode == 1
    assert "2 处问题" in str(caught.value)
    assert capsys.readouterr().err.splitlines()[-2:] == [
        "provinces.csv:2: 名称为空。",
        "provinces.csv:3: 编码 '4x' 只能是数字。",
    ]


def test_a_load_killed_in_the_middle_leaves_nothing(files):
    """All of Guangdong in another process, killed while it writes; the lock tells when its server is gone."""
    before = Area.objects.count()
    command = [sys.executable, "-m", "wangge.faces.cli.main", "import", "divisions", *map(str, files)]
    environment = os.environ | {"WANGGE_DATABASE": str(connection.settings_dict["NAME"])}
    environment["PYTHONPATH"] = os.pathsep.join(sys.path)
    with subprocess.Popen(
        [*command, "--only", "44"], env=environment, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        assert process.stderr is not None
        said = next((line for line in process.stderr if "写入社区" in line), "")
        process.send_signal(signal.SIGKILL)
    assert said, "the load ended before it wrote communities"
    assert process.returncode == -signal.SIGKILL
    versions.lock()
    assert Area.objects.count() == before
    assert AreaVersion.objects.count() == before
