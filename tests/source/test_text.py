# ruff: noqa: E501  the programs of the tables stand on one line each
"""Do the bytes of a file become the right text, and the text the same bytes again?"""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kmigrate.source.text import Source, UndecodableSource, declared_encoding

BOM = codecs.BOM_UTF8


@pytest.mark.parametrize(
    "data, encoding, text",
    [
        (b"", "utf-8", ""),
        ("x = 'é'\r\n".encode(), "utf-8", "x = 'é'\r\n"),
        (BOM + "é".encode(), "utf-8", "é"),
        (BOM, "utf-8", ""),
        ("# -*- coding: latin-1 -*-\nx = 'é'\r".encode("latin-1"), "latin-1", "# -*- coding: latin-1 -*-\nx = 'é'\r"),
        ("#!/usr/bin/python\n# vim: set fileencoding=gbk :\n汉".encode("gbk"), "gbk", "#!/usr/bin/python\n# vim: set fileencoding=gbk :\n汉"),
        (b"\r# coding: ascii\rx", "ascii", "\r# coding: ascii\rx"),
        (b"x = 1\n# coding: gbk\n", "utf-8", "x = 1\n# coding: gbk\n"),
        (b"\n\n# coding: gbk\n", "utf-8", "\n\n# coding: gbk\n"),
        ("\x0c# coding: koi8-r\n# привет".encode("koi8-r"), "koi8-r", "\x0c# coding: koi8-r\n# привет"),
    ],
)  # fmt: skip
def test_reading(data: bytes, encoding: str, text: str) -> None:
    source = Source.from_bytes(data, "x.py")
    assert (source.encoding, source.text, source.bom) == (encoding, text, data.startswith(BOM))
    assert source.encode(source.text) == data


@pytest.mark.parametrize(
    "data, reason",
    [
        (b"a\n\xff", "line 2 is not utf-8 text"),
        (b"a\0b", "null bytes"),
        (b"# coding: klingon\n", "unknown encoding 'klingon'"),
        ("# coding: ascii\nx = 'é'".encode(), "is not ascii text"),
        ("x".encode("utf-16"), "not utf-8|null bytes"),
    ],
)  # fmt: skip
def test_bytes_that_are_no_text(data: bytes, reason: str) -> None:
    with pytest.raises(UndecodableSource, match=reason):
        Source.from_bytes(data)


def test_text_that_the_encoding_lacks_is_refused() -> None:
    with pytest.raises(UnicodeEncodeError):
        Source.from_bytes(b"# coding: latin-1\n").encode("漢")


@pytest.mark.parametrize(
    "text, newline",
    [("", "\n"), ("a", "\n"), ("a\r\nb\r\nc\n", "\r\n"), ("a\rb\rc\n", "\r"), ("a\nb\n", "\n"), ("a\u2028b\x0cc\r\n", "\r\n")],
)  # fmt: skip
def test_the_line_end_used_most(text: str, newline: str) -> None:
    assert Source(None, text).newline == newline


def test_positions() -> None:
    source = Source(None, "a\r\nbé\rc\n\nd")
    assert source.line_starts == (0, 3, 6, 8, 9)
    places = [
        (source.position(offset).line, source.position(offset).column) for offset in (0, 1, 2, 3, 4, 5, 6, 8, 9, 10)
    ]
    assert places == [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3), (3, 1), (4, 1), (5, 1), (5, 2)]


@given(st.text())
def test_every_text_comes_back(text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    try:
        source = Source.from_bytes(data)
    except UndecodableSource:
        return
    assert source.encode(source.text) == data


@given(st.binary(max_size=80))
def test_bytes_come_back_or_are_refused(data: bytes) -> None:
    try:
        source = Source.from_bytes(data)
    except UndecodableSource:
        return
    assert source.encode(source.text) == data


@given(st.binary(max_size=60))
def test_looking_for_a_cookie_never_raises(data: bytes) -> None:
    assert declared_encoding(data) is None or isinstance(declared_encoding(data), str)
