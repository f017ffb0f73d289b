"""Promises about how the demonstration's pictures are made: drawn once, and shown at first look."""

from pathlib import Path

import pytest

from store.media.images import original_name
from store.media.renditions import rendition_name, social_card_name
from store.media.storage import open_media
from store.sandbox.catalogue import DemoCatalogue, catalogue
from store.sandbox.demonstration.darkroom import Darkroom

pytestmark = pytest.mark.slow


def test_first_look_is_developed_and_the_largest_are_left_to_the_shop(tmp_path: Path) -> None:
    goods = DemoCatalogue((catalogue().product("sic-sticker"),), ())
    media = open_media(tmp_path.as_uri())

    with Darkroom(tmp_path.as_uri()) as darkroom:
        drawn = darkroom.draw(goods)
        darkroom.finish()

    assert list(drawn) == [picture.key for picture in goods.products[0].pictures]
    for picture in {made.content_hash for made in drawn.values()}:
        assert media.exists(original_name(picture))
        assert media.exists(social_card_name(picture))
        assert media.exists(rendition_name(picture, 1280, "webp"))
        assert media.exists(rendition_name(picture, 640, "avif"))
        assert not media.exists(rendition_name(picture, 960, "avif"))
