"""A way out of a writing scope whose work is to leave nothing behind."""


class UndoneError(Exception):
    """Ends a scope, so that all of it is rolled back."""
