"""What the product never keeps has no model, no column, no choice and no text of a form."""

import inspect
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import models

from wangge.domain.access import apps as access_apps
from wangge.domain.access.processing import ACTIVITIES, record
from wangge.domain.register.models import CareKind, DetailKind, Resident
from wangge.domain.register.services.details import NEEDS
from wangge.faces.desk.forms import register as forms
from wangge.platform.personal import declared, undeclared

SOURCES = Path(inspect.getfile(apps.get_app_config("register").__class__)).parent
CHINESE = [
    "宗教", "信仰", "民族", "政治", "党员", "信访", "上访", "犯罪", "前科", "刑满", "矫正", "吸毒", "精神", "计生", "计划生育",
    "举报人", "线人", "评分", "积分", "信用分", "重点人员", "管控", "定位", "轨迹", "人脸", "指纹",
]  # fmt: skip
ENGLISH = [
    "religion", "faith", "ethnic", "politic", "party_member", "petition", "criminal", "parole", "drug", "psychiatr",
    "family_planning", "informant", "score", "rating", "controlled", "position", "latitude", "face_", "fingerprint",
]  # fmt: skip


def test_no_source_of_the_register_names_what_is_never_kept() -> None:
    files = [
        file
        for file in SOURCES.rglob("*")
        if file.suffix in (".py", ".toml") and "migrations" not in file.parts
    ]
    assert len(files) > 15
    for file in [*files, Path(forms.__file__)]:
        text = file.read_text("utf-8")
        assert [word for word in CHINESE if word in text] == [], file


def test_no_column_of_the_register_is_about_what_is_never_kept() -> None:
    columns = [
        f"{model._meta.label}.{field.name}".lower()
        for model in apps.get_app_config("register").get_models()
        for field in model._meta.get_fields()
    ]
    assert len(columns) > 100
    assert [column for column in columns for word in ENGLISH if word in column] == []


def test_a_resident_has_these_columns_and_no_other() -> None:
    assert {field.name for field in Resident._meta.concrete_fields} == {
        "id", "key", "area", "version", "household", "name", "phone", "phone_mark", "birth_year", "relation",
        "residence", "since", "until", "merged_into",
    }  # fmt: skip


def test_no_free_text_hangs_on_a_resident_but_what_they_ask_for_themselves() -> None:
    texts = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("register").get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.TextField) or (getattr(field, "max_chars", None) or 0) >= 100
    }
    assert texts == {"CareNeed.asks", "Correction.proposed"}


def test_an_id_number_or_a_sex_is_kept_for_a_named_service_with_an_end() -> None:
    assert set(DetailKind) == {need.kind for need in NEEDS.values()}
    assert all(1 <= need.days <= 90 for need in NEEDS.values())
    assert len(CareKind) == 7


def test_every_table_with_a_person_stands_in_the_record_of_processing() -> None:
    assert {label for label, _column, _said in declared()} == set(ACTIVITIES)
    fields = [field for one in record() for field in one.fields]
    assert len(fields) == len(declared())
    for _column, said in fields:
        assert said.purpose
        assert said.basis
        assert said.data_class
        assert 0 < said.retention_days <= 730


def test_a_column_about_a_person_without_a_declaration_stops_the_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert undeclared() == []
    monkeypatch.setattr(Resident, "IMPERSONAL", Resident.IMPERSONAL - {"phone_mark"})
    assert undeclared() == ["register.Resident.phone_mark"]
    with pytest.raises(ImproperlyConfigured, match=r"Resident\.phone_mark"):
        access_apps.apps.get_app_config("access").ready()
