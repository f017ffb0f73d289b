"""A small news site on an origin of its own, as strict as one may be: the tag under each story."""

from flask import Flask, Response, abort, render_template

from store.clock import Clock
from store.sandbox.news_site.pictures import HEIGHT, WIDTH, picture_of
from store.sandbox.news_site.stories import SECTIONS, STORIES

NAME = "The Harbour Wire"


def policy(store_url: str) -> str:
    """Return what the site allows: its own files, and of the store script, pictures and answers."""
    directives = {
        "default-src": "'none'",
        "script-src": f"'self' {store_url}",
        "style-src": "'self'",
        "img-src": f"'self' {store_url}",
        "connect-src": store_url,
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def create_news_site(store_url: str, store_name: str, news_url: str, clock: Clock) -> Flask:
    """Return the site at news_url; its stories carry the tag of the store at store_url."""
    site = Flask(__name__)
    by_slug = {story.slug: story for story in STORIES}
    headers = {
        "Content-Security-Policy": policy(store_url),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
    }

    @site.context_processor
    def frame() -> dict[str, object]:
        return {
            "name": NAME,
            "news_url": news_url,
            "store_url": store_url,
            "store_name": store_name,
            "sections": SECTIONS,
            "now": clock.now(),
            "picture_size": (WIDTH, HEIGHT),
        }

    @site.post("/partner")
    def partner() -> tuple[str, int]:
        """Stand for the machine of a partner who packs: whatever it is told, it has heard."""
        return "", 204

    @site.get("/")
    def front_page() -> str:
        return render_template("front_page.html", stories=STORIES, section="")

    @site.get("/sections/<name>")
    def section(name: str) -> str:
        stories = [story for story in STORIES if story.section.lower() == name]
        return render_template("front_page.html", stories=stories or abort(404), section=name)

    @site.get("/stories/<slug>")
    def story(slug: str) -> str:
        found = by_slug.get(slug) or abort(404)
        others = [other for other in STORIES if other is not found and other.has_picture]
        return render_template("story.html", story=found, others=others[:3])

    @site.get("/pictures/<slug>.svg")
    def picture(slug: str) -> Response:
        if slug not in by_slug:
            abort(404)
        return Response(picture_of(slug), mimetype="image/svg+xml")

    @site.get("/favicon.ico")
    def icon() -> Response:
        return Response(status=204)

    @site.after_request
    def add_policy(response: Response) -> Response:
        response.headers.update(headers)
        return response

    return site
