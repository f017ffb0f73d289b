"""How templates are run: macros made once, and words looked up once in each language."""

from collections.abc import Callable, Hashable, Mapping, MutableMapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from types import CodeType, FunctionType, MethodType
from typing import Any

from babel import Locale
from flask.sansio.app import App
from flask.templating import Environment as FlaskEnvironment
from flask_babel import get_translations
from jinja2 import Environment, FileSystemBytecodeCache, Template, pass_eval_context
from jinja2.bccache import Bucket
from jinja2.environment import TemplateModule
from jinja2.nodes import EvalContext
from jinja2.runtime import Context, Macro, new_context
from markupsafe import Markup, escape

from store.web.language import MESSAGES_HELD, language_now, pattern_in

VALUES_HELD = 1000
FUNCTIONS = (FunctionType, MethodType)


class SharedEnvironment(FlaskEnvironment):
    """Finds the templates that a page imports by their names alone, where files do not change."""

    def __init__(self, app: App, **options: Any) -> None:
        super().__init__(app, **options)
        self._known: dict[str, Template] = {}

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - Jinja's name
    ) -> Template:
        if globals or not isinstance(name, str):
            return super().get_template(name, parent, globals)
        known = self._known.get(name)
        if known is None:
            known = super().get_template(name, parent)
            if not self.auto_reload:
                self._known[name] = known
        return known


class SharedTemplate(Template):
    """A template of the shop: all of them see the globals of their environment, and no others.

    So what it takes to find globals of its own, at every import of every macro, is left out.
    """

    @classmethod
    def from_code(
        cls,
        environment: Environment,
        code: CodeType,
        globals: MutableMapping[str, Any],  # noqa: A002 - Jinja's name
        uptodate: Callable[[], bool] | None = None,
    ) -> Template:
        """Make a template of what was compiled; what it prints is escaped by _printed."""
        template = super().from_code(environment, code, globals, uptodate)
        template.root_render_func.__globals__["escape"] = _printed
        return template

    def new_context(
        self,
        vars: dict[str, Any] | None = None,  # noqa: A002 - Jinja's name
        shared: bool = False,  # noqa: FBT001, FBT002 - Jinja's signature
        locals: Mapping[str, Any] | None = None,  # noqa: A002 - Jinja's name
    ) -> Context:
        known = self.environment.globals
        return new_context(self.environment, self.name, self.blocks, vars, shared, known, locals)

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


def _printed(value: Any) -> str:
    """Return what escape would; markup is returned as it is, and not as a copy of it."""
    return value if type(value) is Markup else escape(value)


class SharedContext(Context):
    """Calls what templates call most without looking for a wish to know the context.

    Macros and our words want to know how to escape; other plain functions say so if they want it.
    """

    def call(self, called: Callable[..., Any], /, *args: Any, **named: Any) -> Any:
        kind = type(called)
        wants_escaping = kind is Macro or called is _gettext
        # As Jinja's decorators mark a function; what is no function may be marked elsewhere.
        if not wants_escaping and (kind not in FUNCTIONS or hasattr(called, "jinja_pass_arg")):
            return super().call(called, *args, **named)
        # The compiler names what a loop and a block know, for those who want the context.
        named.pop("_block_vars", None)
        named.pop("_loop_vars", None)
        return called(self.eval_ctx, *args, **named) if wants_escaping else called(*args, **named)


class CompiledTemplates(FileSystemBytecodeCache):
    """Templates as they were compiled by the first process, by their source: the next reads them.

    A folder that cannot be used costs the time to compile them anew, and nothing else.
    """

    def load_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            Path(self.directory).mkdir(parents=True, exist_ok=True)
            super().dump_bytecode(bucket)


class Printed:
    """Markup of values that never change and that many pages show, such as product cards."""

    def __init__(self) -> None:
        self._held: dict[Hashable, tuple[object, Markup]] = {}

    def once(self, value: object, *how: Hashable, caller: Callable[[], Markup]) -> Markup:
        """Return what the call block printed for this very value before, or print it now.

        The block may read nothing but the value, and what `how` names.
        """
        # Its identity is enough, and cheaper than its parts: what is held cannot be replaced.
        key = (id(value), language_now(), *how)
        held = self._held.get(key)
        if held is not None:
            return held[1]
        markup = caller()
        if len(self._held) >= VALUES_HELD:
            self._held = {}
        self._held[key] = (value, markup)
        return markup


def install_templating(environment: Environment, compiled: Path) -> None:
    """Set up an environment before it loads its first template; a folder keeps them compiled."""
    environment.template_class = SharedTemplate
    environment.context_class = SharedContext
    environment.bytecode_cache = CompiledTemplates(str(compiled))
    # There are only so many templates; to keep count of who was used last costs at each import.
    environment.cache = {}
    environment.globals["printed_once"] = Printed().once
    environment.globals.update(_=_gettext, gettext=_gettext, ngettext=_ngettext)


@pass_eval_context
def _gettext(context: EvalContext, message: str, /, **variables: object) -> str:
    language, is_markup = language_now(), bool(context.autoescape)
    if not variables:
        return _words(language, message, is_markup=is_markup)
    return _pattern(language, message, is_markup=is_markup) % variables


@pass_eval_context
def _ngettext(
    context: EvalContext, singular: str, plural: str, number: int, /, **variables: object
) -> str:
    found: str = get_translations().ungettext(singular, plural, number)
    text = Markup(found) if context.autoescape else found  # nosec B704 # noqa: S704 - words of ours
    return text % ({"num": number} | variables)


@lru_cache(maxsize=MESSAGES_HELD)
def _words(language: Locale | None, message: str, *, is_markup: bool) -> str:
    # Without variables it is a pattern all the same, so that a per cent sign is written in one way.
    return _pattern(language, message, is_markup=is_markup) % {}


@lru_cache(maxsize=MESSAGES_HELD)
def _pattern(language: Locale | None, message: str, *, is_markup: bool) -> str:
    found = pattern_in(language, message)
    return Markup(found) if is_markup else found  # nosec B704 # noqa: S704 - words of ours
