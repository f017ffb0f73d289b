"""Who works here, what they sign in with, where they are signed in, and what they changed."""

from datetime import datetime
from typing import Any

from flask_security import UserMixin, WebAuthnMixin, verify_password
from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    select,
)
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.database import Model, db
from store.staff.roles import Role

ROLES = ", ".join(f"'{role}'" for role in Role)


class StaffUser(Model, UserMixin):
    """One person; the columns that Flask-Security reads bear the names that it knows."""

    __tablename__ = "staff_user"
    __table_args__ = (CheckConstraint(f"role IN ({ROLES})", name="role_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(20))
    password: Mapped[str | None] = mapped_column(String(255))
    """Hashed; None until the invitation was answered."""
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    """What sessions name; a new one ends all of them."""
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    """Encrypted with a key that only this shop can reckon."""
    totp_counter: Mapped[int | None]
    """The step of time whose code was taken last: no code is good twice."""
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(JSON()))
    """Keyed hashes of those that are left; they are shown once, when they are made."""
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(  # type: ignore[assignment] # until the first passkey
        String(64), unique=True
    )
    created_at: Mapped[datetime]
    invited_at: Mapped[datetime | None]
    """When the newest invitation went out, where one did."""
    password_changed_at: Mapped[datetime | None]

    webauthn: Mapped[list["Passkey"]] = relationship(  # type: ignore[assignment] # ours is one
        cascade="all, delete-orphan"
    )

    @property
    def roles(self) -> list[Role]:  # type: ignore[override] # a role is code here, no row
        """What a person may do follows from one role; Flask-Security asks for a list."""
        return [Role(self.role)]

    @classmethod
    def of_uniquifier(cls, uniquifier: str) -> "StaffUser | None":
        """Return whom a session names."""
        return db.session.scalar(select(cls).where(cls.fs_uniquifier == uniquifier))

    def verify_and_update_password(self, password: str) -> bool:
        """Compare only: Flask-Security would write while a guess is hashed."""
        return self.password is not None and bool(verify_password(password, self.password))

    @property
    def has_app(self) -> bool:
        """Whether an authenticator app was set up."""
        return bool(self.tf_primary_method and self.tf_totp_secret)

    @property
    def has_second_factor(self) -> bool:
        return self.has_app or bool(self.webauthn)


class Passkey(Model, WebAuthnMixin):
    """A credential of WebAuthn, with what its authenticator told when it was made."""

    __tablename__ = "staff_passkey"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("staff_user.id", ondelete="CASCADE"))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1024), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0)
    transports: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(JSON()))
    backup_state: Mapped[bool]
    device_type: Mapped[str] = mapped_column(String(64))
    extensions: Mapped[str | None] = mapped_column(String(255))
    lastuse_datetime: Mapped[datetime]
    name: Mapped[str] = mapped_column(String(64))
    usage: Mapped[str] = mapped_column(String(64))

    def get_user_mapping(self) -> dict[str, Any]:
        return {"id": self.user_id}


class StaffSession(Model):
    """One browser that is signed in; its owner sees it and may end it."""

    __tablename__ = "staff_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("staff_user.id", ondelete="CASCADE"), index=True
    )
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    browser: Mapped[str] = mapped_column(String(200))
    """What the browser calls itself, cut; for its owner to know it again."""
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    password_at: Mapped[datetime | None]
    """When the password was given here last."""
    factor_at: Mapped[datetime | None]
    """When a second factor was given here last: a code, a passkey, or a recovery code."""


class AuditEntry(Model):
    """One write of staff: who, when, what it was before and after. Rows are only ever added."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_kind_thing_id_id", "kind", "thing_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(
        ForeignKey("staff_user.id", ondelete="SET NULL"), index=True
    )
    actor_name: Mapped[str] = mapped_column(String(120))
    """As it was then: a name outlives the person's account."""
    act: Mapped[str] = mapped_column(String(60))
    """Such as "product.edited"."""
    kind: Mapped[str] = mapped_column(String(40))
    thing_id: Mapped[str] = mapped_column(String(80))
    label: Mapped[str] = mapped_column(String(255), default="")
    """What the thing was called then."""
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON())
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON())
    undoes_id: Mapped[int | None] = mapped_column(
        ForeignKey("audit_entry.id", ondelete="RESTRICT"), unique=True
    )
    """The entry that this one took back; nothing is taken back twice."""


class KeptEdit(Model):
    """What somebody typed into a form and has not saved: one row a person and thing.

    The table bears the name of products, which were kept first.
    """

    __tablename__ = "product_edit"
    __table_args__ = (UniqueConstraint("user_id", "about"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("staff_user.id", ondelete="CASCADE"))
    about: Mapped[str] = mapped_column(String(48), index=True)
    """Its kind, and a number or, while it is not made, "new-" and the key of its form."""
    title: Mapped[str] = mapped_column(String(255), default="")
    form: Mapped[list[list[str]]] = mapped_column(JSON())
    """Names and values in the order of the form."""
    at: Mapped[datetime] = mapped_column(index=True)

    @property
    def key(self) -> str:
        return self.about.rpartition("-")[2]
