"""The mailbox of the demonstration: the mails that the store keeps as files, to be read."""

from store.sandbox.mailbox.app import create_mailbox

__all__ = ["create_mailbox"]
