"""Reads what somebody chose for what is gone: choice-<id>, instead-<id>."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from store.digits import whole_number
from store.orders.shortage.choosing import Choice, Chosen

LONGEST = 20


@dataclass(frozen=True, slots=True)
class ChoiceForm:
    """What was chosen and typed, and what spoke against it; the empty name is the whole form."""

    chosen: tuple[Chosen, ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, posted: "MultiDict[str, str]", known: Collection[int]) -> "ChoiceForm":
        """Read what was posted; lines without a choice stay as they are."""
        typed = {name: value[:LONGEST] for name, value in posted.items()}
        chosen, wrong = list[Chosen](), dict[str, str]()
        # Also those that are not known any more: whoever chose for them is told, not passed over.
        named = {
            whole_number(name.removeprefix("choice-"))
            for name in typed
            if name.startswith("choice-")
        }
        for one in sorted({*known, *(number for number in named if number)}):
            given = typed.get(f"choice-{one}", "")
            if not given:
                continue
            if given not in set(Choice):
                wrong[f"choice-{one}"] = str(_("Choose one of these."))
                continue
            choice = Choice(given)
            variant_id = whole_number(typed.get(f"instead-{one}", ""))
            if choice is Choice.SWAP and not variant_id:
                wrong[f"instead-{one}"] = str(_("Say what you would like instead."))
                continue
            is_swap = choice is Choice.SWAP
            chosen.append(Chosen(one, choice, variant_id if is_swap else None))
        if not chosen and not wrong:
            wrong[""] = str(_("Choose what happens first."))
        return cls(tuple(chosen), typed, wrong)
