"""A small news site: a front page, stories, and the block that leads to the store under each."""

from flask import Flask, Response, abort, render_template

from store.sandbox.news_site.stories import STORIES

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none';"
    " base-uri 'none'; frame-ancestors 'none'"
)


def create_news_site(store_url: str, store_name: str) -> Flask:
    """Return the site; its stories link to the store at this address."""
    site = Flask(__name__)
    by_slug = {story.slug: story for story in STORIES}

    @site.get("/")
    def front_page() -> str:
        return render_template("front_page.html", stories=STORIES)

    @site.get("/stories/<slug>")
    def story(slug: str) -> str:
        if slug not in by_slug:
            abort(404)
        return render_template(
            "story.html", story=by_slug[slug], store_url=store_url, store_name=store_name
        )

    @site.after_request
    def add_policy(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    return site
