"""A web process without its page memory: every request renders its page, as the first reader's."""

from bench.rendering import rendering_only
from bench.targets.web_process import app as shop

app = rendering_only(shop)
