"""Promises about what is said of a row that the database refuses: which rule, and no value."""

import traceback

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from store.database import writing
from tests.builders import a_product
from tests.shop import Shop

READER = "kim-of-marrickville"


def said_of(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))


@pytest.mark.usefixtures("app")
def test_a_value_that_is_there_already_is_not_repeated(shop: Shop) -> None:
    with pytest.raises(IntegrityError) as refused, writing():
        a_product(shop.clock, handle=READER)
        a_product(shop.clock, handle=READER)

    assert READER not in said_of(refused.value)
    assert "product" in str(refused.value)


def test_a_row_that_breaks_a_rule_is_not_repeated(app: Flask, shop: Shop) -> None:
    with pytest.raises(IntegrityError) as refused, writing() as session:
        product = a_product(shop.clock, title=READER)
        product.variants[0].weight_grams = -1
        product.variants[0].sku = READER
        session.flush()

    assert READER not in said_of(refused.value)
    assert "weight_not_negative" in str(refused.value)
