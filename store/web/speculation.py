"""Lets browsers fetch what a reader points at before she presses: rules named by a header.

Only public pages of the catalogue are named, which are the same for everybody, change nothing when
they are asked for and set no cookie: https://html.spec.whatwg.org/multipage/speculative-loading.html
"""

import json

from flask import Blueprint, Flask, Response, request

from store.web.headers import Exposure, exposure_of
from store.web.page_policy import cached_for, policy_of

PATH = "/speculation-rules.json"
KIND = "application/speculationrules+json"
RULES = {
    "prefetch": [
        {
            "where": {"href_matches": ["/", "/products", "/collections/*", "/pages/*"]},
            "eagerness": "moderate",
        }
    ],
    # A product is what most pages lead to: it is drawn while the finger still comes down.
    "prerender": [{"where": {"href_matches": "/products/*"}, "eagerness": "moderate"}],
}


def install_speculation(app: Flask) -> None:
    """Serve the rules, and name them on every page that readers come from."""
    blueprint = Blueprint("speculation", __name__)

    @blueprint.get(PATH)
    @cached_for(86_400)
    def speculation_rules() -> Response:
        return Response(json.dumps(RULES, separators=(",", ":")), content_type=KIND)

    app.register_blueprint(blueprint)

    @app.after_request
    def name_rules(response: Response) -> Response:
        view = app.view_functions.get(request.endpoint or "")
        is_page = policy_of(view) is not None and response.mimetype == "text/html"
        if is_page and exposure_of(request.path) is Exposure.OWN:
            response.headers["Speculation-Rules"] = f'"{PATH}"'
        return response
