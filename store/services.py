"""The doors that a request, a job or a command may use, joined once in store.app."""

from dataclasses import dataclass

from store.clock import Clock
from store.jobs.queue import Queue
from store.mail.mailer import Mailer
from store.media.private_files import FileStore
from store.media.storage import MediaStore
from store.payments.gateway import PaymentGateway
from store.settings import Settings


@dataclass(frozen=True, slots=True)
class Services:
    settings: Settings
    clock: Clock
    payments: PaymentGateway
    mailer: Mailer
    media: MediaStore
    queue: Queue
    files: FileStore
