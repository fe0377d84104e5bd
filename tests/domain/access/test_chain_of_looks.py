"""Each look has its place in the chain of its community, and whoever meddles with the chain is found."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from casework import START, TESTS
from wangge.domain.access import audit
from wangge.domain.access.actor import Actor
from wangge.domain.access.models import LookDay, LookLink, PersonKey, ReadLog
from wangge.domain.access.persons import Person, forget, pseudonym, pseudonyms
from wangge.domain.access.services import log_look
from wangge.domain.cases.models import Case
from wangge.domain.cases.services import contacts
from wangge.engines import verify_audit
from wangge.platform import clock
from wangge.platform.errors import NotAllowed
from wangge.platform.personal import derived_key

pytestmark = pytest.mark.django_db


def look(community: int = 7, purpose: str = '核实"地址"\n', person: Person | None = None) -> ReadLog:
    with clock.at(START):
        return log_look(
            TESTS, subject="case 1", data_class="电话", purpose=purpose, community=community, person=person
        )


def commit() -> None:
    """What waits for the end of the transaction happens now."""
    connection.check_constraints()


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """An export of three chains with 40 looks, and the heads of two days."""
    for number in range(40):
        look(community=(7, 8, 0)[number % 3], purpose=f"目的{number}")
        if number == 20:
            commit()
            with clock.at(START):
                assert audit.publish_heads()
    commit()
    with clock.at(START + timedelta(days=1)):
        assert audit.publish_heads()
        assert audit.publish_heads() is None
    looks, heads = tmp_path / "looks.jsonl", tmp_path / "heads.txt"
    looks.write_bytes(b"".join(audit.lines()))
    heads.write_text("".join(audit.heads_text()), encoding="utf-8")
    return looks, heads


def checked(looks: Path, heads: Path) -> int:
    return verify_audit.main([str(looks), "--heads", str(heads)])


def test_looks_are_linked_when_they_are_committed_each_in_the_chain_of_its_community() -> None:
    rows = [look(7), look(8), look(7)]
    assert not LookLink.objects.exists()
    commit()
    links = LookLink.objects.order_by("look_id").values_list("look_id", "chain", "seq")
    assert list(links) == [(rows[0].pk, 7, 1), (rows[1].pk, 8, 1), (rows[2].pk, 7, 2)]


def test_an_untouched_export_is_whole(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert checked(*files) == 0
    assert "whole: 40 looks in 3 chains, 6 published heads compared" in capsys.readouterr().out


def _flip(lines: list[bytes]) -> list[bytes]:
    at = lines[5].index("目的".encode())
    lines[5] = lines[5][:at] + bytes([lines[5][at] ^ 1]) + lines[5][at + 1 :]
    return lines


def _remove(lines: list[bytes]) -> list[bytes]:
    return lines[:5] + lines[6:]


def _cut(lines: list[bytes]) -> list[bytes]:
    return lines[:-1]


def _cut_a_chain(lines: list[bytes]) -> list[bytes]:
    return [line for line in lines if not line.startswith(b'{"chain":8,')]


def _exchange(lines: list[bytes]) -> list[bytes]:
    lines[4], lines[5] = lines[5], lines[4]
    return lines


def _repeat(lines: list[bytes]) -> list[bytes]:
    return [*lines[:5], lines[4], *lines[5:]]


@pytest.mark.parametrize("meddle", [_flip, _remove, _cut, _cut_a_chain, _exchange, _repeat])
def test_who_meddles_with_the_export_is_found(
    files: tuple[Path, Path], meddle: Callable[[list[bytes]], list[bytes]]
) -> None:
    looks, heads = files
    looks.write_bytes(b"".join(meddle(looks.read_bytes().splitlines(keepends=True))))
    assert checked(looks, heads) == 1


def test_every_single_bit_of_a_look_counts(files: tuple[Path, Path]) -> None:
    lines = files[0].read_bytes().splitlines(keepends=True)[:3]
    for at in range(len(lines[1]) - 1):
        for bit in range(8):
            wrong = lines[1][:at] + bytes([lines[1][at] ^ 1 << bit]) + lines[1][at + 1 :]
            faults = verify_audit.Faults()
            faults.count = verify_audit._MOST_SHOWN
            verify_audit.check_looks([lines[0], wrong, lines[2]], {}, faults)
            assert faults.count > verify_audit._MOST_SHOWN, f"byte {at}, bit {bit}"


def test_a_chain_made_anew_with_right_hashes_differs_from_the_published_heads(
    files: tuple[Path, Path], tmp_path: Path
) -> None:
    commit()
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("ALTER TABLE access_readlog DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE access_looklink DISABLE TRIGGER USER")
        cursor.execute("UPDATE access_readlog SET purpose = 'x' WHERE purpose = '目的0'")
        cursor.execute(
            "DO $$ DECLARE k record; h bytea := ''; BEGIN"
            " FOR k IN SELECT l, c.seq, c.look_id FROM access_looklink c JOIN access_readlog l ON l.id = c.look_id"
            " WHERE c.chain = 7 ORDER BY c.seq LOOP"
            " h := sha256(h || convert_to(wangge_look_line(k.l, k.seq), 'UTF8'));"
            " UPDATE access_looklink SET hash = h WHERE look_id = k.look_id; END LOOP; END $$"
        )
        cursor.execute("SET LOCAL ROLE wangge_web")
    looks = tmp_path / "forged.jsonl"
    looks.write_bytes(b"".join(audit.lines()))
    assert verify_audit.main([str(looks)]) == 0
    assert checked(looks, files[1]) == 1


def test_heads_that_were_changed_or_left_out_are_found(files: tuple[Path, Path]) -> None:
    looks, heads = files
    text = heads.read_text("utf-8")
    lines = text.splitlines(keepends=True)
    second = next(n for n, line in enumerate(lines) if line.startswith("day") and n > 1)
    for wrong in (
        text.replace("head 7 ", "head 9 ", 1),
        "".join(lines[: second - 1] + lines[second:]),
        "".join(lines[:1] + lines[second:]).replace(lines[second].split()[2], "0" * 64),
    ):
        heads.write_text(wrong, encoding="utf-8")
        assert checked(looks, heads) == 1


def test_the_mark_of_the_heads_needs_the_key_outside_the_database(
    files: tuple[Path, Path], tmp_path: Path, settings: object
) -> None:
    looks, heads = files
    right, wrong = tmp_path / "right.key", tmp_path / "wrong.key"
    right.write_text(settings.PERSONAL_KEY + "\n")  # type: ignore[attr-defined]
    wrong.write_text("another")
    assert verify_audit.derive(right.read_bytes().strip()) == derived_key("heads of looks")
    words = [str(looks), "--heads", str(heads), "--key"]
    assert verify_audit.main([*words, str(right)]) == 0
    assert verify_audit.main([*words, str(wrong)]) == 1


def test_the_web_process_writes_no_links() -> None:
    row = look()
    with pytest.raises(DatabaseError), transaction.atomic():
        LookLink.objects.create(look=row, chain=7, seq=1, hash=b"x")
    commit()
    assert LookLink.objects.get().seq == 1


def test_only_the_privacy_officer_exports_and_the_export_is_a_look(people: dict[str, Actor]) -> None:
    for name in ("district_leader", "administrator", "station_officer"):
        with pytest.raises(NotAllowed):
            audit.export(people[name])
    assert list(audit.export(people["privacy_officer"])) == []
    assert ReadLog.objects.get().purpose == audit.PURPOSE


def test_a_look_at_a_contact_lies_in_the_chain_of_its_community_under_a_pseudonym(
    people: dict[str, Actor], cases: list[Case]
) -> None:
    case = cases[3]
    contacts.unmask(people["station_officer"], case.pk, contacts.PURPOSES[0])
    row = ReadLog.objects.get()
    assert str(row.chain) in case.area_path.split(".")
    assert row.person == pseudonym(Person("contact", case.pk))


def test_a_pseudonym_is_nobodys_once_its_key_is_destroyed() -> None:
    someone = Person("resident", 5)
    before = look(person=someone).person
    assert pseudonyms("resident", [5, 6]) == {5: before}
    assert pseudonym(Person("resident", 6)) != before
    forget("resident", [5])
    assert not PersonKey.objects.filter(of=5).exists()
    assert pseudonym(someone) != before
    commit()
    assert verify_audit.check_looks(audit.lines(), {}, verify_audit.Faults())[7][0] == 1


def test_days_without_looks_are_published_too_so_that_silence_is_told() -> None:
    with clock.at(START):
        assert audit.publish_heads()
    day = LookDay.objects.get()
    assert (day.chains, len(day.digest)) == (0, 64)
