"""Built assets, answered by WhiteNoise before Flask is reached, for ever."""

from pathlib import Path
from wsgiref.headers import Headers
from wsgiref.types import WSGIApplication

from whitenoise import WhiteNoise

from store.web.assets import PREFIX
from store.web.headers import Policy


def static_files(inner: WSGIApplication, build: Path, policy: Policy) -> WSGIApplication:
    """Return a layer that serves every build, so that pages kept elsewhere find theirs."""
    if not build.is_dir():
        return inner

    def state_policy(headers: Headers, _path: str, url: str) -> None:
        for name, value in policy.of(url).items():
            headers[name] = value

    layer: WSGIApplication = WhiteNoise(
        inner,
        root=str(build),
        prefix=PREFIX,
        # Every path below begins with the hash of what lies there.
        immutable_file_test=lambda _path, _url: True,
        allow_all_origins=False,
        add_headers_function=state_policy,
    )
    return layer
