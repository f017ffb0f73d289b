"""Whether what goes on by itself goes on: workers, jobs, mail, campaigns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from store.checkout.vitals import JOBS_TOO_LATE
from store.jobs.outbox import longest_due
from store.newsletter.campaigns.models import CampaignState, PauseCause
from store.staff.status.findings import Finding, Seen, Verdict, Way, long_words
from store.staff.status.job_words import job_words

LATE = timedelta(minutes=2)
MANY_MAILS, MANY_REFUSED = 50, 20
MOST_JOBS = 5


@dataclass(frozen=True, slots=True)
class DueJob:
    what: str
    due_for: str
    attempts: int
    is_running: bool


def due_jobs(now: datetime) -> Sequence[DueJob]:
    """Return what has been due for longest."""
    return [
        DueJob(
            job_words(row.kind),
            long_words(now - row.due_at),
            row.attempts,
            row.claimed_until is not None and row.claimed_until > now,
        )
        for row in longest_due(now, MOST_JOBS)
    ]


def work(seen: Seen) -> Iterator[Finding]:
    yield _workers(seen.workers)
    yield _waiting(seen.since("oldest_job_seconds"))
    yield _given_up(seen.found["failed_jobs"])


def mail(seen: Seen) -> Iterator[Finding]:
    yield _outgoing(seen)
    yield _refused(seen.found["mails_refused"])
    yield _campaigns(seen.campaigns)


def _workers(living: int) -> Finding:
    about = _("Workers")
    if living:
        words = ngettext("%(num)s shows life.", "%(num)s show life.", living)
        return Finding(about, Verdict.GOOD, words)
    return Finding(
        about,
        Verdict.BAD,
        _("None shows life: no mail goes out, and what is held for a payment is not let go."),
        _("Ask whoever runs the machine to start “store worker”."),
    )


def _waiting(age: timedelta | None) -> Finding:
    about = _("Jobs that wait")
    if age is None:
        return Finding(about, Verdict.GOOD, _("None: everything that is due is done."))
    words = _("The oldest has been due for %(long)s.", long=long_words(age))
    if age < LATE:
        return Finding(about, Verdict.GOOD, words)
    advice = _("Workers are too few, or one thing keeps failing; below stands which.")
    return Finding(about, Verdict.BAD if age >= JOBS_TOO_LATE else Verdict.WARN, words, advice)


def _given_up(count: int) -> Finding:
    about = _("Jobs that gave up")
    if not count:
        return Finding(about, Verdict.GOOD, _("None."))
    words = ngettext(
        "%(num)s was tried twelve times in vain.", "%(num)s were tried twelve times in vain.", count
    )
    way = Way("/staff/faults/#jobs", _("Decide about them"))
    return Finding(about, Verdict.BAD, words, _("Try each again or put it aside."), way)


def _outgoing(seen: Seen) -> Finding:
    about, count = _("Mails on their way"), seen.found["mails_waiting"]
    if seen.mail_server:
        return Finding(
            about,
            Verdict.BAD,
            _("The mail server takes nothing: “%(said)s”", said=seen.mail_server),
            _("Nothing is lost; it all goes out once the server takes mail. Ask whoever runs it."),
        )
    words = ngettext("%(num)s waits to go out.", "%(num)s wait to go out.", count)
    if count <= MANY_MAILS:
        return Finding(about, Verdict.GOOD, words if count else _("None waits."))
    advice = _("Look again in some minutes. If it grows, “store doctor” says what holds it up.")
    return Finding(about, Verdict.WARN, words, advice)


def _refused(count: int) -> Finding:
    about = _("Mails that were refused")
    if not count:
        return Finding(about, Verdict.GOOD, _("None."))
    words = ngettext(
        "%(num)s came back for good, and its reader was told nothing.",
        "%(num)s came back for good, and their readers were told nothing.",
        count,
    )
    way = Way("/staff/faults/#mails", _("See to whom"))
    verdict = Verdict.BAD if count > MANY_REFUSED else Verdict.WARN
    advice = _("Correct the address on the order, then send it again, or put it aside.")
    return Finding(about, verdict, words, advice, way)


def _campaigns(counts: dict[tuple[str, str], int]) -> Finding:
    about, way = _("Campaigns"), Way("/staff/newsletter/", _("Newsletter"))
    stopped = sum(
        count
        for (state, cause), count in counts.items()
        if state == CampaignState.PAUSED and cause in {PauseCause.BOUNCES, PauseCause.COMPLAINTS}
    )
    if stopped:
        words = ngettext(
            "%(num)s stopped itself, because too much came back.",
            "%(num)s stopped themselves, because too much came back.",
            stopped,
        )
        advice = _("See what mailboxes answered before it goes on, or cancel it.")
        return Finding(about, Verdict.BAD, words, advice, way)
    sending = sum(n for (state, _cause), n in counts.items() if state == CampaignState.SENDING)
    if not sending:
        return Finding(about, Verdict.GOOD, _("None is being sent, and none stopped itself."))
    words = ngettext("%(num)s is being sent.", "%(num)s are being sent.", sending)
    return Finding(about, Verdict.GOOD, words)
