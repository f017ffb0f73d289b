"""What sold, by what led to it; each table as a page and as a file."""

import csv
import io
from collections.abc import Callable, Sequence
from decimal import Decimal

from babel import Locale
from babel.numbers import format_currency
from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import LazyString, format_date, ngettext
from flask_babel import lazy_gettext as _l

from store.errors import NotFoundError
from store.money import decimals
from store.settings import Settings
from store.staff import discounts_given, goods_sold, reports, tables, waiting
from store.staff.card_ledger import card_days
from store.staff.charts import Chart, bar_chart
from store.staff.permissions import may
from store.staff.reports import DaySales, Span
from store.staff.roles import Permission
from store.staff.tables import Table
from store.web.doors import services
from store.web.filters import money
from store.widget.reports import article_report

blueprint = Blueprint("reports", __name__, url_prefix="/reports")

SPANS = (7, 30, 90, 365)
USUAL = 30
MOST_SHOWN = 100
"""Rows of a page, which is read; a file is taken away whole."""
BY_DAY = frozenset({"days", "gift-cards"})
"""Whose last rows are those of now."""
Maker = Callable[[Span, Settings, int | None], Table]


def _days(span: Span, settings: Settings, _limit: int | None) -> Table:
    return Table(tables.DAYS, reports.sales_by_day(span, settings))


def _products(span: Span, settings: Settings, limit: int | None) -> Table:
    return Table(tables.GOODS, goods_sold.sales_by_product(span, settings, limit))


def _variants(span: Span, settings: Settings, limit: int | None) -> Table:
    return Table(tables.VARIANTS, goods_sold.sales_by_variant(span, settings, limit))


def _collections(span: Span, settings: Settings, limit: int | None) -> Table:
    return Table(tables.GOODS, goods_sold.sales_by_collection(span, settings, limit))


def _stories(span: Span, settings: Settings, limit: int | None) -> Table:
    rows = article_report(span.since, span.until, settings)
    return Table(tables.STORIES, rows[:limit], link=lambda row: str(row.url))


def _discounts(span: Span, settings: Settings, limit: int | None) -> Table:
    rows = discounts_given.given_in(span, settings, limit)
    return Table(
        tables.DISCOUNTS, rows, link=lambda row: url_for("discounts.edit", discount_id=row.key)
    )


def _cart_links(span: Span, _settings: Settings, limit: int | None) -> Table:
    return Table(tables.CART_LINKS, waiting.cart_links(span.since, span.until)[:limit])


def _gift_cards(span: Span, settings: Settings, _limit: int | None) -> Table:
    return Table(tables.CARDS, card_days(span, settings))


def _cover(_span: Span, settings: Settings, limit: int | None) -> Table:
    rows = reports.cover(services().clock.now(), settings, limit)
    return Table(
        tables.COVER, rows, link=lambda row: url_for("stock.shelf", variant_id=row.variant_id)
    )


REPORTS: dict[str, tuple[LazyString, Maker]] = {
    "days": (_l("By day"), _days),
    "products": (_l("Products"), _products),
    "variants": (_l("Variants"), _variants),
    "collections": (_l("Collections"), _collections),
    "discounts": (_l("Discounts"), _discounts),
    "gift-cards": (_l("Gift cards"), _gift_cards),
    "stories": (_l("Stories that sell"), _stories),
    "stock": (_l("Stock and cover"), _cover),
    "carts": (_l("Carts by mail"), _cart_links),
}


@blueprint.get("/")
@blueprint.get("/<name>")
@may(Permission.SEE_REPORTS)
def report(name: str = "days") -> str:
    table, days, settings = _table(name, MOST_SHOWN + 1), _asked_days(), services().settings
    span = Span.of_days(days, services().clock.now(), settings)
    chart = day_chart(table.rows, settings) if name == "days" else None
    return render_template(
        "staff/reports/report.html",
        name=name,
        reports={key: title for key, (title, _) in REPORTS.items()},
        days=days,
        spans=SPANS,
        span=span,
        table=table.last(MOST_SHOWN) if name in BY_DAY else table.first(MOST_SHOWN),
        is_by_day=name in BY_DAY,
        has_more=len(table.rows) > MOST_SHOWN,
        chart=chart,
        tick_words=tick_words(chart, settings) if chart else (),
    )


@blueprint.get("/<name>.csv")
@may(Permission.SEE_REPORTS)
def download(name: str) -> Response:
    written = io.StringIO()
    # Spreadsheets know the encoding by the mark at the start.
    written.write("\ufeff")
    csv.writer(written).writerows(_table(name, None).csv_rows())
    response = Response(written.getvalue(), mimetype="text/csv")
    file = f"{name}-{_asked_days()}-days.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response


def _table(name: str, limit: int | None) -> Table:
    if name not in REPORTS:
        raise NotFoundError(f"no report {name!r}")
    settings = services().settings
    span = Span.of_days(_asked_days(), services().clock.now(), settings)
    return REPORTS[name][1](span, settings, limit)


def _asked_days() -> int:
    asked = request.args.get("days", "")
    return int(asked) if asked in {str(days) for days in SPANS} else USUAL


def day_chart(days: Sequence[DaySales], settings: Settings) -> Chart:
    """Return the bars of some days, with what each says."""
    locale = Locale("en", settings.country)
    names = [format_date(day.day, "d MMM") for day in days]
    words = [
        f"{name}: {money(day.net, locale)}, {_orders(day.orders)}"
        for name, day in zip(names, days, strict=True)
    ]
    return bar_chart([day.net.minor for day in days], names, words)


def _orders(number: int) -> str:
    words: str = ngettext("%(num)s order", "%(num)s orders", number)
    return words


def tick_words(chart: Chart, settings: Settings) -> tuple[str, ...]:
    """Return what stands beside the lines of a chart of money: whole amounts, no cents."""
    locale = Locale("en", settings.country)
    return tuple(
        format_currency(
            Decimal(tick.value).scaleb(-decimals(settings.currency)),
            settings.currency,
            "\u00a4#,##0",
            locale=locale,
            currency_digits=False,
        )
        for tick in chart.ticks
    )
