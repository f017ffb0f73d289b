"""What a session says and keeps: its blank shape, and the words and switches of its page."""

from store.sandbox.stripe.errors import Record
from store.sandbox.stripe.parameters import Parameters

DELAYED_METHOD = "au_becs_debit"
CUSTOM_TEXTS = ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")


def read_texts(parameters: Parameters, session: Record) -> None:
    session["client_reference_id"] = parameters.text("client_reference_id", longest=200)
    session["customer_email"] = parameters.email("customer_email")
    session["metadata"] = parameters.metadata()
    session["locale"] = parameters.text("locale")
    submit_types = ("auto", "book", "donate", "pay", "subscribe")
    session["submit_type"] = parameters.choice("submit_type", submit_types)
    session["billing_address_collection"] = parameters.choice(
        "billing_address_collection", ("auto", "required")
    )
    creations = ("always", "if_required")
    session["customer_creation"] = (
        parameters.choice("customer_creation", creations) or "if_required"
    )
    for switch in ("adaptive_pricing", "automatic_tax", "phone_number_collection"):
        _read_switch(parameters, session, switch)
    if session["automatic_tax"]["enabled"]:
        # Until there is an address nobody knows the tax.
        session["automatic_tax"] |= {
            "liability": {"type": "self"},
            "provider": "stripe",
            "status": "requires_location_inputs",
        }
    _read_custom_text(parameters, session)
    # Options of single methods change nothing here, so they are taken without a look.
    parameters.pass_over("payment_method_options")


def _read_switch(parameters: Parameters, session: Record, name: str) -> None:
    branch = parameters.branch(name)
    if branch is not None:
        session[name]["enabled"] = bool(branch.boolean("enabled"))


def _read_custom_text(parameters: Parameters, session: Record) -> None:
    texts = parameters.branch("custom_text") or Parameters({})
    for position in CUSTOM_TEXTS:
        branch = texts.branch(position)
        if branch is not None:
            message = branch.wanted_text("message", longest=1200)
            session["custom_text"][position] = {"message": message}


def blank_session(session_id: str, opened_at: int) -> Record:
    return _fixed_fields(session_id, opened_at) | dict.fromkeys(
        (
            "after_expiration", "allow_promotion_codes", "amount_subtotal", "amount_total",
            "billing_address_collection", "cancel_url", "client_reference_id", "client_secret",
            "collected_information", "consent", "consent_collection", "currency",
            "currency_conversion", "customer", "customer_details", "customer_email",
            "discounts", "expires_at", "integration_identifier", "invoice",
            "locale", "metadata", "origin_context", "payment_intent",
            "payment_link", "payment_method_configuration_details",
            "permissions", "recovered_from", "saved_payment_method_options", "setup_intent",
            "shipping_address_collection", "shipping_cost", "submit_type", "subscription",
            "success_url", "total_details", "url", "wallet_options",
        )
    )  # fmt: skip


def _fixed_fields(session_id: str, opened_at: int) -> Record:
    return {
        "id": session_id,
        "object": "checkout.session",
        "adaptive_pricing": {"enabled": False},
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "created": opened_at,
        "custom_fields": [],
        "custom_text": dict.fromkeys(CUSTOM_TEXTS),
        "customer_creation": "if_required",
        "invoice_creation": None,
        "livemode": False,
        "mode": "payment",
        "payment_method_collection": "if_required",
        "payment_method_options": {},
        "payment_method_types": ["card"],
        "payment_status": "unpaid",
        "phone_number_collection": {"enabled": False},
        "shipping_options": [],
        "status": "open",
        "ui_mode": "hosted_page",
    }
