"""Promises about the keys under which shared caches drop pages."""

from store.web.shown import begin_page, finish_page, shows_products, shows_text_page


def test_page_of_very_many_products_names_their_kind_instead() -> None:
    begin_page()
    shows_products(range(100_000))
    shows_text_page("shipping")
    keys = finish_page()

    assert {"product-1", "products", "pages"} <= set(keys)
    assert len(" ".join(keys)) < 1_500


def test_key_is_one_word_whatever_a_page_is_called() -> None:
    begin_page()
    shows_text_page("über uns, a\r\nb")

    assert finish_page() == ("shop", "page-%C3%BCber%20uns%2C%20a%0D%0Ab")


def test_nothing_of_one_page_stands_on_the_next() -> None:
    begin_page()
    shows_products([1])
    finish_page()
    shows_products([2])
    begin_page()

    assert finish_page() == ("shop",)
