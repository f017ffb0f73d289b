"""The kinds of things whose edits can be taken back: how each is put back, and who may."""

from collections.abc import Callable, Mapping

from store.staff import (
    branding,
    campaigns,
    collection_values,
    collections,
    counting,
    discounts,
    gift_cards,
    mail_wordings,
    postage,
    product_files,
    product_prices,
    product_values,
    saying_to_readers,
    search_words,
    story_rules,
    taxation,
    waiting,
)
from store.staff.audit import Undoable, Undoing
from store.staff.roles import Permission

KINDS: Mapping[str, tuple[Undoable, Permission]] = {
    counting.KIND: (counting.StockUndo(), Permission.EDIT_STOCK),
    discounts.KIND: (discounts.DiscountUndo(), Permission.EDIT_DISCOUNTS),
    gift_cards.KIND: (gift_cards.GiftCardUndo(), Permission.EDIT_GIFT_CARDS),
    saying_to_readers.NOTICE: (saying_to_readers.NoticeUndo(), Permission.EDIT_CONTENT),
    saying_to_readers.PAGE: (saying_to_readers.PageUndo(), Permission.EDIT_CONTENT),
    postage.KIND: (postage.RatesUndo(), Permission.EDIT_SETTINGS),
    taxation.KIND: (taxation.TaxUndo(), Permission.EDIT_SETTINGS),
    waiting.KIND: (waiting.AheadUndo(), Permission.EDIT_PRODUCTS),
    branding.KIND: (branding.BrandUndo(), Permission.EDIT_SETTINGS),
    mail_wordings.KIND: (mail_wordings.WordingUndo(), Permission.EDIT_SETTINGS),
    story_rules.KIND: (story_rules.RuleUndo(), Permission.EDIT_CONTENT),
    story_rules.SWITCH_KIND: (story_rules.SwitchUndo(), Permission.EDIT_CONTENT),
    campaigns.KIND: (campaigns.CampaignUndo(), Permission.WRITE_CAMPAIGNS),
    search_words.KIND: (search_words.SearchWordsUndo(), Permission.EDIT_CONTENT),
    collection_values.KIND: (collections.CollectionUndo(), Permission.EDIT_PRODUCTS),
    product_files.KIND: (product_files.FileUndo(), Permission.EDIT_PRODUCTS),
    product_prices.KIND: (product_prices.PricesUndo(), Permission.EDIT_PRODUCTS),
    product_values.KIND: (product_values.ProductUndo(), Permission.EDIT_PRODUCTS),
}


def undoing_for(may: Callable[[Permission], bool]) -> Undoing:
    """Return what somebody who may do these things can take back."""
    return Undoing({kind: undoable for kind, (undoable, asked) in KINDS.items() if may(asked)})


UNDOING = Undoing({kind: undoable for kind, (undoable, _) in KINDS.items()})
PERMISSIONS: Mapping[str, Permission] = {kind: asked for kind, (_, asked) in KINDS.items()}
