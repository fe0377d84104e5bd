"""Receipt codes: hard to guess, easy to read out, and no typing mistake finds another's case."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wangge.engines.codes import CodeError, hash_receipt_code, new_receipt_code, normalise_receipt_code
from wangge.engines.codes.receipt import ALPHABET

KEY = b"0123456789abcdef"
codes = st.integers(0, 2**32).map(lambda seed: new_receipt_code(Random(seed)))


def test_a_code_has_three_short_groups_without_look_alikes() -> None:
    code = new_receipt_code(Random(7))
    assert [len(group) for group in code.split("-")] == [4, 4, 2]
    assert set(code) <= set(ALPHABET) | {"-"}
    assert not set("ILOU") & set(ALPHABET)
    assert code == new_receipt_code(Random(7))


def test_codes_from_the_system_do_not_repeat_and_use_every_symbol_everywhere() -> None:
    made = [new_receipt_code() for _ in range(2000)]
    assert len(set(made)) == 2000
    for place in (0, 1, 2, 3, 5, 6, 7, 8, 10, 11):
        assert {code[place] for code in made} == set(ALPHABET)


@given(codes)
def test_every_single_wrong_symbol_is_caught(code: str) -> None:
    for place in (0, 1, 2, 3, 5, 6, 7, 8, 10, 11):
        for symbol in set(ALPHABET) - {code[place]}:
            with pytest.raises(CodeError, match="wrong"):
                normalise_receipt_code(code[:place] + symbol + code[place + 1 :])


@given(codes)
def test_every_swap_of_two_different_symbols_is_caught(code: str) -> None:
    plain = code.replace("-", "")
    for i in range(10):
        for j in range(i + 1, 10):
            if plain[i] != plain[j]:
                swapped = list(plain)
                swapped[i], swapped[j] = swapped[j], swapped[i]
                with pytest.raises(CodeError, match="swapped"):
                    normalise_receipt_code("".join(swapped))


@given(codes, st.sampled_from(["{}", " {} ", "　{}\n"]), st.sampled_from(["-", "", " ", "—", "－", " - "]))
def test_case_spaces_dashes_and_look_alikes_are_forgiven(code: str, frame: str, dash: str) -> None:
    typed = frame.format(code.replace("-", dash).replace("0", "o").replace("1", "l").lower())
    assert normalise_receipt_code(typed) == code
    assert normalise_receipt_code(typed.replace("l", "I")) == code
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in code)
    assert normalise_receipt_code(wide) == code


@pytest.mark.parametrize("typed", ["", "K7M2", "K7M2-9QXF-3T-3T", "K7M2-9QXF-3!", "你好" * 5, "A" * 10_000])
def test_what_cannot_be_a_code_is_refused(typed: str) -> None:
    with pytest.raises(CodeError, match="receipt code"):
        normalise_receipt_code(typed)


@given(codes, codes)
def test_the_hash_depends_on_code_and_key_and_not_on_the_way_of_typing(one: str, other: str) -> None:
    assert hash_receipt_code(one.lower(), KEY) == hash_receipt_code(one, KEY)
    assert hash_receipt_code(one, KEY) != hash_receipt_code(one, KEY[::-1])
    assert (hash_receipt_code(one, KEY) == hash_receipt_code(other, KEY)) == (one == other)
    assert len(hash_receipt_code(one, KEY)) == 64


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 16"):
        hash_receipt_code(new_receipt_code(), b"short")
