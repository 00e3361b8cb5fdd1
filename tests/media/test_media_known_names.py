"""What a name claims is kept when it is a format's name, and nothing else of a name is."""

from __future__ import annotations

import pytest

from reviewer.media.formats import Format, known_name, name_of


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("jpg", "jpeg"),
        ("photo.JPG", "jpeg"),
        ("image/jpeg", "jpeg"),
        ("tgz", "gz"),
        ("heif", "heic"),
        ("x-msvideo", "avi"),
        ("3gpp", "3gp"),
        ("", ""),
        ("annamueller", ""),
        ("school7berlin", ""),
        ("anna mueller, school 7, berlin, 12 years", ""),
        ("three_gp", ""),
    ],
)
def test_only_names_of_formats_are_kept(said: str, kept: str) -> None:
    assert known_name(said) == kept


def test_every_format_is_known_by_its_own_name() -> None:
    assert all(known_name(name_of(form)) == name_of(form) for form in Format)
