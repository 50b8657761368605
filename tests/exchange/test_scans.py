"""Files on their way in: known by their content, and rid of what tells where and when a photo was taken."""

from __future__ import annotations

import io
import struct
import zlib
from contextlib import suppress

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from familydesk.core.errors import Refused
from familydesk.exchange import scans
from familydesk.exchange.scans import taken_in
from familydesk.records.attachment import MediaType

PLACE = b"Tole bi 59, Almaty"
RED, BLUE = (200, 30, 30), (30, 30, 200)
GPS, LATITUDE, CAMERA, ORIENTATION = 0x8825, 2, 0x010F, 0x0112


def photo(orientation: int = 1, progressive: bool = False) -> bytes:
    """A photo as a telephone takes it: red on the left, with a place, a camera, a comment and a tail after its end."""
    picture = Image.new("RGB", (64, 48), RED)
    picture.paste(BLUE, (32, 0, 64, 48))
    about = Image.Exif()
    about[CAMERA] = PLACE.decode()
    about[ORIENTATION] = orientation
    about.get_ifd(GPS)[LATITUDE] = (43.0, 15.0, 22.0)
    file = io.BytesIO()
    picture.save(file, "JPEG", exif=about, comment=PLACE, quality=95, progressive=progressive)
    return file.getvalue() + PLACE


def drawing() -> bytes:
    told = PngInfo()
    told.add_text("Comment", PLACE.decode())
    told.add_itxt("Place", PLACE.decode(), zip=True)
    file = io.BytesIO()
    Image.new("RGB", (20, 10), RED).save(file, "PNG", pnginfo=told)
    return file.getvalue() + PLACE


def document(pages: int = 2, inside: bytes = b"", password: str = "") -> bytes:
    made = pikepdf.new()
    for _page in range(pages):
        made.add_blank_page()
    if inside:
        made.Root.Photo = pikepdf.Stream(made, inside)
    file = io.BytesIO()
    lock = pikepdf.Encryption(user=password, owner=password) if password else False
    made.save(file, encryption=lock, compress_streams=False)
    return file.getvalue()


def shown(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


@pytest.mark.parametrize("progressive", [False, True])
def test_a_photo_comes_in_without_place_camera_or_comment_and_looks_the_same(progressive):
    before = photo(progressive=progressive)
    scan = taken_in(before)
    after = shown(scan.content)
    assert PLACE in before
    assert PLACE not in scan.content
    assert dict(after.getexif()) == {}
    assert after.tobytes() == shown(before).tobytes()
    assert (scan.media_type, scan.pages) == (MediaType.JPEG, 1)


@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_photo_stands_as_it_was_held(orientation):
    about = shown(taken_in(photo(orientation)).content).getexif()
    assert dict(about) == {ORIENTATION: orientation}
    assert dict(about.get_ifd(GPS)) == {}


def test_a_picture_comes_in_without_its_texts():
    scan = taken_in(drawing())
    assert PLACE not in scan.content
    assert b"iTXt" not in scan.content
    assert shown(scan.content).tobytes() == shown(drawing()).tobytes()
    assert scan.media_type is MediaType.PNG


def test_a_photo_inside_a_document_loses_its_place_and_the_document_still_opens():
    before = document(3, inside=photo())
    scan = taken_in(before)
    assert (scan.media_type, scan.pages) == (MediaType.PDF, 3)
    assert len(scan.content) == len(before)
    with pikepdf.open(io.BytesIO(scan.content)) as opened:
        held = opened.Root.Photo.read_raw_bytes()
    exif = held[held.index(b"Exif\0\0") + 6 :][:60]
    assert exif == bytes(60)
    assert shown(held).tobytes() == shown(photo()).tobytes()


def test_what_a_file_is_called_does_not_matter():
    with pytest.raises(Refused) as refused:
        taken_in(b"MZ\x90\x00" + photo())
    assert str(refused.value) == scans.UNKNOWN


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", scans.EMPTY),
        (b"<html>", scans.UNKNOWN),
        (b"%PDF-1.7\nnot really", scans.BROKEN),
        (photo()[:300], scans.BROKEN),
        (drawing()[:60], scans.BROKEN),
        (document(password="0123456789"), scans.LOCKED),
    ],
    ids=["empty", "html", "broken pdf", "half a photo", "half a picture", "locked pdf"],
)
def test_a_file_that_cannot_be_kept_is_refused_with_what_to_do(content, sentence):
    with pytest.raises(Refused) as refused:
        taken_in(content)
    assert str(refused.value) == sentence


def test_a_bomb_is_refused_before_anything_is_decoded():
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))  # noqa: E731
    bomb = scans.png.BEGINNING + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(99))) + chunk(b"IEND", b"")
    with pytest.raises(Refused) as refused:
        taken_in(bomb)
    assert str(refused.value) == scans.TOO_WIDE
    two_heads = bomb.replace(b"\x00\x00\xea\x60" * 2, b"\x00\x00\x00\x10" * 2)
    with pytest.raises(Refused) as refused:
        taken_in(two_heads)
    assert str(refused.value) == scans.BROKEN, "the head's checksum no longer fits"


def test_a_second_frame_that_would_be_decoded_larger_is_refused():
    honest = photo()
    frame = honest.index(b"\xff\xc0")
    length = struct.unpack_from(">H", honest, frame + 2)[0]
    second = bytearray(honest[frame : frame + 2 + length])
    second[5:9] = b"\xff\xff\xff\xff"
    with pytest.raises(Refused) as refused:
        taken_in(honest[:frame] + bytes(second) + honest[frame:])
    assert str(refused.value) == scans.BROKEN


def test_a_picture_in_thousands_of_scans_is_refused():
    whole = photo(progressive=True)[: -len(PLACE)]
    last = whole.rindex(b"\xff\xda")
    with pytest.raises(Refused) as refused:
        taken_in(whole[:last] + whole[last:-2] * 200 + whole[-2:])
    assert str(refused.value) == scans.BROKEN


def test_a_document_with_a_picture_that_nobody_could_decode_is_refused():
    file = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(file, "PDF")
    assert len(file.getvalue()) < 10_000
    with pytest.raises(Refused) as refused:
        taken_in(file.getvalue())
    assert str(refused.value) == scans.TOO_WIDE


def test_a_document_of_too_many_pages_is_refused():
    with pytest.raises(Refused) as refused:
        taken_in(document(scans.MOST_PAGES + 1))
    assert str(refused.value) == scans.TOO_LONG


def test_a_file_larger_than_the_limit_is_refused():
    with pytest.raises(Refused) as refused:
        taken_in(b"\xff\xd8\xff" + bytes(scans.LARGEST))
    assert str(refused.value) == scans.TOO_LARGE


WHOLE = (photo(6), drawing(), document(1, inside=photo()))


@given(st.sampled_from(WHOLE), st.data())
def test_damage_anywhere_is_refused_or_read_and_never_a_defect(whole, data):
    at = data.draw(st.integers(0, len(whole) - 1))
    cut = data.draw(st.integers(at, len(whole)))
    with suppress(Refused):
        assert taken_in(whole[:at] + data.draw(st.binary(max_size=4)) + whole[cut:]).pages >= 1
