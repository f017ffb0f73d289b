"""Promises about pictures that come in: judged by decoding, cleaned, kept once; or refused."""

import io
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from store.media.decoding import MAX_BYTES, decode
from store.media.images import (
    LONGEST_SIDE_PX,
    PictureRefusedError,
    StoredPicture,
    original_name,
    store_picture,
)
from tests.media.pictures import (
    SIDES,
    a_media,
    a_picture,
    as_file,
    png_that_claims,
    png_with_a_huge_text,
    reopened,
)

GPS = 0x8825
ORIENTATION = 0x0112


def kept(content: bytes, folder: Path) -> tuple[StoredPicture, Image.Image]:
    media = a_media(folder)
    stored = store_picture(content, media)
    return stored, reopened(media.get(original_name(stored.content_hash)))


def is_red(colour: object) -> bool:
    assert isinstance(colour, tuple)
    red, green, blue = colour[:3]
    return bool(red > 150 and green < 90 and blue < 90)


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_formats_that_we_take_come_out_as_webp(tmp_path: Path, format_: str) -> None:
    stored, picture = kept(as_file(a_picture(), format_), tmp_path)

    assert (stored.width, stored.height) == SIDES == picture.size
    assert picture.format == "WEBP"
    assert is_red(picture.convert("RGB").getpixel((20, 20)))


def test_place_and_camera_are_gone(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F] = "A telling camera"
    exif.get_ifd(GPS)[2] = (33.0, 52.0, 10.0)
    xmp = b"<x:xmpmeta>home address</x:xmpmeta>"
    sent = as_file(a_picture(), "JPEG", exif=exif, comment=b"a private note", xmp=xmp)
    assert b"telling camera" in sent

    media = a_media(tmp_path)
    written = media.get(original_name(store_picture(sent, media).content_hash))

    assert written is not None
    for secret in (b"telling", b"private", b"home address", b"EXIF", b"XMP ", b"ICCP"):
        assert secret not in written
    assert not reopened(written).getexif()


def test_picture_is_turned_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    lying = a_picture().transpose(Image.Transpose.ROTATE_90)

    stored, picture = kept(as_file(lying, "JPEG", exif=exif), tmp_path)

    assert (stored.width, stored.height) == SIDES
    assert is_red(picture.getpixel((20, 20)))


def test_colours_of_another_space_are_brought_to_the_screens(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"????").replace(b"bXYZ", b"rXYZ").replace(b"????", b"bXYZ")
    blue = Image.new("RGB", (40, 40), (0, 0, 255))

    _, picture = kept(as_file(blue, "PNG", icc_profile=swapped), tmp_path)

    assert is_red(picture.getpixel((20, 20))), "in that space, blue is what screens call red"
    assert "icc_profile" not in picture.info


@pytest.mark.parametrize(
    ("mode", "format_"),
    [("CMYK", "JPEG"), ("L", "JPEG"), ("1", "PNG"), ("P", "PNG"), ("LA", "PNG"), ("P", "GIF")],
)
def test_every_mode_becomes_colours_of_eight_bits(tmp_path: Path, mode: str, format_: str) -> None:
    _, picture = kept(as_file(a_picture(mode), format_), tmp_path)

    assert picture.mode in {"RGB", "RGBA"}
    assert picture.size == SIDES


def test_four_inks_become_three_lights(tmp_path: Path) -> None:
    _, picture = kept(as_file(a_picture("CMYK"), "JPEG"), tmp_path)

    assert is_red(picture.getpixel((20, 20)))


def test_sixteen_bits_keep_their_greys(tmp_path: Path) -> None:
    grey = Image.new("I;16", (40, 40), 0x8080)

    _, picture = kept(as_file(grey), tmp_path)

    assert picture.getpixel((5, 5)) == (128, 128, 128)


def test_see_through_colour_of_a_palette_stays_see_through(tmp_path: Path) -> None:
    palette = a_picture().quantize(8)
    colour = palette.getpixel((20, 20))

    _, picture = kept(as_file(palette, "PNG", transparency=colour), tmp_path)

    assert picture.mode == "RGBA"
    corner, middle = picture.getpixel((20, 20)), picture.getpixel((300, 375))
    assert isinstance(corner, tuple)
    assert isinstance(middle, tuple)
    assert (corner[3], middle[3]) == (0, 255)


def test_first_picture_of_a_moving_one_is_kept(tmp_path: Path) -> None:
    first, second = a_picture(), Image.new("RGB", SIDES, (0, 90, 0))
    moving = as_file(first, "GIF", save_all=True, append_images=[second])

    _, picture = kept(moving, tmp_path)

    assert getattr(picture, "n_frames", 1) == 1
    assert is_red(picture.convert("RGB").getpixel((20, 20)))


def test_same_file_twice_is_one_picture(tmp_path: Path) -> None:
    media, content = a_media(tmp_path), as_file(a_picture())

    assert store_picture(content, media) == store_picture(content, media)
    assert len(list((tmp_path / "media").rglob("*.webp"))) == 1


def test_what_was_kept_is_kept_as_itself(tmp_path: Path) -> None:
    media = a_media(tmp_path)
    stored = store_picture(as_file(a_picture()), media)
    written = media.get(original_name(stored.content_hash))
    assert written is not None

    again = store_picture(as_file(reopened(written)), media)

    assert again == stored


def test_large_picture_is_reduced(tmp_path: Path) -> None:
    stored, _ = kept(as_file(a_picture(size=(6400, 320)), "JPEG"), tmp_path)

    assert (stored.width, stored.height) == (LONGEST_SIDE_PX, 120)


SCRIPT = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
FORGED = {
    "nothing": b"",
    "svg with a script": SCRIPT,
    "svg after a declaration": b"<?xml version='1.0'?>" + SCRIPT,
    "html": b"<!doctype html><script>alert(1)</script>",
    "pdf": b"%PDF-1.7\n1 0 obj",
    "zip": b"PK\x03\x04" + bytes(200),
    "php called jpeg": b"\xff\xd8\xff\xe0<?php system($_GET['c']); ?>",
    "html after a gif's first bytes": b"GIF89a<script>alert(1)</script>",
    "html after a png's first bytes": b"\x89PNG\r\n\x1a\n<script>alert(1)</script>",
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "tiff": as_file(a_picture(), "TIFF"),
    "bmp": as_file(a_picture(), "BMP"),
    "ico": as_file(a_picture(size=(32, 32)), "ICO"),
    "jpeg 2000": as_file(a_picture(), "JPEG2000"),
    "gimp": b"gimp xcf v011\x00" + bytes(64),
    "photoshop": b"8BPS\x00\x01" + bytes(64),
    "portable pixmap": b"P6 2 2 255\n" + bytes(12),
    "targa": bytes([0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 2, 0, 24, 0]) + bytes(12),
    "direct draw": b"DDS |\x00\x00\x00" + bytes(124),
    "film": b"\x00\x00\x00\x18ftypmp42" + bytes(64),
    "heic": b"\x00\x00\x00\x18ftypheic" + bytes(64),
    "avif without a picture": b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1miaf",
    "sound": b"ID3\x04\x00" + bytes(64),
    "windows program": b"MZ\x90\x00" + bytes(64),
    "linux program": b"\x7fELF\x02\x01\x01" + bytes(64),
    "java": b"\xca\xfe\xba\xbe" + bytes(64),
    "python": b"\x80\x04cos\nsystem\n(S'id'\ntR.",
    "webp without a picture": b"RIFF\x0c\x00\x00\x00WEBPVP8 ",
    "truncated jpeg": as_file(a_picture(), "JPEG")[:2000],
    "truncated png": as_file(a_picture())[:-300],
    "truncated webp": as_file(a_picture(), "WEBP", quality=95)[:-200],
    "truncated avif": as_file(a_picture(), "AVIF")[:-200],
}


@pytest.mark.parametrize("content", FORGED.values(), ids=FORGED.keys())
def test_what_is_no_whole_picture_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(PictureRefusedError):
        store_picture(content, a_media(tmp_path))


@pytest.mark.parametrize("format_", ["GIF", "PNG", "JPEG"])
def test_script_behind_a_picture_is_not_kept(tmp_path: Path, format_: str) -> None:
    both = as_file(a_picture(), format_) + b"<script>alert(1)</script>"
    media = a_media(tmp_path)

    written = media.get(original_name(store_picture(both, media).content_hash))

    assert written is not None
    assert b"script" not in written


def test_file_over_the_limit_is_refused_unread(tmp_path: Path) -> None:
    with pytest.raises(PictureRefusedError, match="25 MB"):
        store_picture(bytes(MAX_BYTES + 1), a_media(tmp_path))


@pytest.mark.parametrize(
    "size", [(50_000, 50_000), (7_100, 7_100), (9_900, 9_900), (1, 60_000_000)]
)
def test_too_many_pixels_are_refused_unread(tmp_path: Path, size: tuple[int, int]) -> None:
    with pytest.raises(PictureRefusedError):
        store_picture(png_that_claims(*size), a_media(tmp_path))


def test_text_that_swells_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PictureRefusedError):
        store_picture(png_with_a_huge_text(), a_media(tmp_path))


BOMBS = """
import resource, sys
from store.media.decoding import PictureRefusedError, decode
from tests.media.pictures import png_that_claims
webp = b"RIFF" + (30).to_bytes(4, "little") + b"WEBPVP8X" + (10).to_bytes(4, "little")
webp += b"\\x10\\x00\\x00\\x00" + (16382).to_bytes(3, "little") * 2 + b"VP8 \\x00\\x00\\x00\\x00"
bombs = [png_that_claims(50_000, 50_000), png_that_claims(20_000, 2_600), webp]
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for bomb in bombs:
    try:
        decode(bomb, longest_side_px=2400)
    except PictureRefusedError:
        continue
    sys.exit("taken")
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_bombs_take_no_memory() -> None:
    told = subprocess.run(
        [sys.executable, "-c", BOMBS], capture_output=True, text=True, check=True
    ).stdout

    assert int(told) < 100, "megabytes"


@given(st.binary(max_size=400))
def test_random_bytes_are_refused_and_break_nothing(content: bytes) -> None:
    with pytest.raises(PictureRefusedError):
        decode(content, longest_side_px=64)


SEEDS = [as_file(a_picture(size=(40, 50)), kind) for kind in ("JPEG", "PNG", "WEBP", "AVIF", "GIF")]


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_damaged_pictures_are_decoded_or_refused(data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from(SEEDS)))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))

    try:
        picture, _ = decode(bytes(content), longest_side_px=64)
    except PictureRefusedError:
        return
    assert picture.mode in {"RGB", "RGBA"}


def test_profile_that_is_noise_is_ignored(tmp_path: Path) -> None:
    noise = struct.pack(">I", 128) + bytes(124)

    _, picture = kept(as_file(a_picture(), "PNG", icc_profile=noise), tmp_path)

    assert is_red(picture.getpixel((20, 20)))


def test_jpeg_of_a_phone_with_two_pictures_keeps_the_first(tmp_path: Path) -> None:
    target = io.BytesIO()
    a_picture().save(target, "MPO", save_all=True, append_images=[a_picture("L")])

    stored, _ = kept(target.getvalue(), tmp_path)

    assert (stored.width, stored.height) == SIDES
