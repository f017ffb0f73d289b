"""A wrong guess at the door takes as much work whether or not anybody has the address."""

import time
from collections.abc import Iterator
from statistics import median

import pytest
from flask_security import hash_password

from store.app import STAFF
from store.database import writing
from store.staff.people import person_of
from tests.shop import Shop
from tests.staff.doing import first_step
from tests.staffing import PASSWORD, a_browser, a_colleague

AS_SOLD = {"argon2__memory_cost": 19_456, "argon2__time_cost": 2}
AS_TESTED = {"argon2__memory_cost": 8, "argon2__time_cost": 1}


@pytest.fixture
def known(shop: Shop) -> Iterator[str]:
    """Somebody whose password was hashed as in life."""
    who = a_colleague(shop)
    staff = shop.app.extensions[STAFF].app
    context = staff.extensions["security"].pwd_context
    context.update(**AS_SOLD)
    with staff.app_context():
        hashed = str(hash_password(PASSWORD))
    with shop.app.app_context(), writing():
        person_of(who.id).password = hashed
    yield who.email
    context.update(**AS_TESTED)


def work_of_a_guess(shop: Shop, email: str) -> float:
    """Return the time of the processor alone; others may use the machine as well."""
    browser, spent = a_browser(shop), []
    for _ in range(5):
        began = time.process_time()
        assert first_step(browser, email, "a wrong guess").status_code == 422
        spent.append(time.process_time() - began)
    return median(spent)


@pytest.mark.slow
def test_a_guess_at_nobody_is_hashed_as_well(shop: Shop, known: str) -> None:
    work_of_a_guess(shop, "somebody@example.org")

    at_somebody = work_of_a_guess(shop, known)
    at_nobody = work_of_a_guess(shop, "nobody@example.org")

    assert at_somebody / 2 < at_nobody < at_somebody * 2
