"""Size charts: measures in one table that many products show."""

from collections.abc import Sequence

from sqlalchemy import select

from store.catalog.models import SizeChart
from store.clock import Clock
from store.database import bump_public_version, db
from store.errors import ConflictError, InvalidError, NotFoundError

LONGEST_NAME, LONGEST_BODY = 120, 20_000


class ChartNameTakenError(ConflictError):
    """Another chart has this name."""


class ChartRefusedError(InvalidError):
    """A chart has a name and a table."""


class NoSuchChartError(NotFoundError):
    """No size chart has this number."""


def size_charts() -> Sequence[SizeChart]:
    return db.session.scalars(select(SizeChart).order_by(SizeChart.name)).all()


def size_chart_of(chart_id: int) -> SizeChart:
    chart = db.session.get(SizeChart, chart_id)
    if chart is None:
        raise NoSuchChartError(f"no size chart {chart_id}")
    return chart


def save_chart(chart: SizeChart, name: str, body: str, clock: Clock) -> SizeChart:
    """Write a chart, new or known; flushes only.

    Raises ChartRefusedError and ChartNameTakenError.
    """
    words = " ".join(name.split())
    if not words or len(words) > LONGEST_NAME or not body.strip() or len(body) > LONGEST_BODY:
        raise ChartRefusedError("a chart has a name and a table")
    owner = db.session.scalar(select(SizeChart.id).where(SizeChart.name == words))
    if owner is not None and owner != chart.id:
        raise ChartNameTakenError(words)
    chart.name, chart.body, chart.updated_at = words, body, clock.now()
    db.session.add(chart)
    db.session.flush()
    bump_public_version()
    return chart


def delete_chart(chart: SizeChart) -> None:
    """Delete a chart; products that showed it show none. Flushes only."""
    db.session.delete(chart)
    db.session.flush()
    bump_public_version()
