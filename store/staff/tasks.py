"""What workers do for staff: mail a link to whoever forgot, and forget what is old enough.

Who works here is imported when a job needs it: most workers never do, and it is large.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from store.database import writing
from store.jobs.queue import Handler
from store.jobs.sweeps import Sweep
from store.services import Services
from store.staff.forgotten import MailNewPassword
from store.staff.limits import forget_tries
from store.staff.parking import forget_parked_forms


def handlers(services: Services) -> dict[str, Handler]:
    def mail_new_password(payload: Mapping[str, Any]) -> None:
        from store.staff.forgotten import help_in

        with writing():
            help_in(MailNewPassword(**payload), services)

    return {MailNewPassword.kind: mail_new_password}


def sweeps(services: Services) -> tuple[Sweep, ...]:
    return (
        Sweep(
            "staff.parked_forms", timedelta(minutes=5), lambda: forget_parked_forms(services.clock)
        ),
        Sweep("staff.tries", timedelta(hours=6), lambda: forget_tries(services.clock)),
    )
