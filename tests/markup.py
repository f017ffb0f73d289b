"""Words that would run in a browser if a page took them for markup: one corpus for all tests."""

CANARY = "canary.example"
"""Whoever asks this host for anything was made to by words."""
RAN = "zq9ran"
"""What each of them would call."""
ELEMENT = "zq-nine"
"""An element and, without its dash, a handler that only words can have brought into a page."""

SHORT = (
    f"<script>{RAN}()</script>",
    f"<svg onload={RAN}()>",
    f"'\"><img src=x onerror={RAN}()>",
    f"{{{{{RAN}()}}}}${{7*7}}<{ELEMENT}>",
)
"""For what is called in few signs."""
LONG = (
    f"</title></textarea></style></script><script>{RAN}()</script>",
    f'" autofocus onfocus={RAN}() onmouseover={RAN}() x="',
    f"' style='animation-name:x' onanimationstart={RAN}() x='",
    f"<iframe srcdoc='<script>parent.{RAN}()</script>'></iframe>",
    f"<a href='java&#10;script:{RAN}()'>x</a> [x](javascript:{RAN}()) [y](data:text/html,<b>x)",
    f"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;<img src onerror={RAN}()>'>",
    f"<svg><style><a title='</style><img src=x onerror={RAN}()>'></svg>",
    f"<noscript><p title='</noscript><img src=x onerror={RAN}()>'>",
    f"<form><math><mtext></form><form><mglyph><style></math><img src onerror={RAN}()>",
    f"<style>@import 'https://{CANARY}/s';*{{background:url(https://{CANARY}/b)}}</style>",
    f"<link rel=stylesheet href=https://{CANARY}/l><base href=https://{CANARY}/>",
    f"<img src=https://{CANARY}/i><video poster=https://{CANARY}/p><object data=https://{CANARY}/o>",
    f"<meta http-equiv=refresh content='0;url=https://{CANARY}/m'>",
    f'</script><script type=module>{RAN}()</script>","@type":"Offer"}}<!--<script>',
    f"\u2028\u2029{RAN}()//\\u003cscript\\u003e{RAN}()\\u003c/script\\u003e",
    f'![x](x" onerror="{RAN}()) <javascript:{RAN}()>\n\n[a]: javascript:{RAN}()\n\n[a]',
    f"<details open ontoggle={RAN}()><select autofocus onfocus={RAN}()><marquee onstart={RAN}()>",
    "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}{{7*7}}",
    f"]]><script>{RAN}()</script><![CDATA[ --><script>{RAN}()</script><!--",
    f"`</code></pre><script>{RAN}()</script>`\n\n    </code><img src=x onerror={RAN}()>",
    f"<embed src=javascript:{RAN}()><isindex action=javascript:{RAN}() type=image>",
    f"<{ELEMENT} on{RAN}=1>\u202e{RAN}()\u202c",
)
EVERY = (*SHORT, *LONG)


def words_for(length: int | None, turn: int) -> str:
    """Return markup for a column that takes so many signs: all there is, or as much as fits."""
    if length is None or length >= 4_000:
        return f"zq{turn} " + "\n\n".join(EVERY)
    if length < MARKED + len(SHORT[1]):
        return SHORT[1][:length]
    # What is called in few signs has a number, so that no two are alike.
    made, room = f"zq{turn}", length
    for place in range(len(EVERY)):
        more = EVERY[(turn + place) % len(EVERY)]
        if len(made) + len(more) < room:
            made += more
    return made


MARKED = 8
