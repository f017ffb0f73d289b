"""Who works here, for owners: invite, give a role, let go, and look at what somebody changed."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.database import writing
from store.mail.outgoing import UnmailableError
from store.staff import changes
from store.staff.audit import Actor, history
from store.staff.door_models import Purpose
from store.staff.forms.people import ROLE_WORDS, InvitationForm, RoleForm
from store.staff.inviting import AlreadyHereError, invite, invite_again, is_invitation_over
from store.staff.key_set import part_of
from store.staff.limits import note_try
from store.staff.messages import Notice, mail_notice
from store.staff.models import StaffUser
from store.staff.people import (
    KnownAddressError,
    LastOwnerError,
    changes_by,
    colleagues,
    give_role,
    last_seen,
    let_go,
    person_of,
    take_back_on,
    thing_of,
)
from store.staff.permissions import may, signed_in, wants_fresh_factor
from store.staff.roles import Permission, Role
from store.staff.saying import say
from store.staff.second_factors import remove_all
from store.staff.undoing import UNDOING
from store.staff.value_words import ROLE_NAMES
from store.staff.views.tries import tried
from store.web.doors import services

blueprint = Blueprint("people", __name__, url_prefix="/people")


@blueprint.get("/")
@may(Permission.MANAGE_STAFF)
def index() -> str:
    people = [(user, _state(user)) for user in colleagues()]
    return render_template(
        "staff/people/people.html",
        people=people,
        without_factor=sum(_lacks_factor(user) for user, _words in people),
        is_asked_at_door=services().settings.staff_second_factor == "door",
        seen=last_seen(),
        role_names=ROLE_NAMES,
    )


@blueprint.get("/new")
@may(Permission.MANAGE_STAFF)
@wants_fresh_factor
def new() -> str:
    return _invitation_page(InvitationForm(role=Role.FULFILMENT.value))


@blueprint.post("/")
@may(Permission.MANAGE_STAFF)
@wants_fresh_factor
def create() -> ResponseReturnValue:
    form, actor, doors = InvitationForm(request.form), Actor.of(signed_in()), services()
    if not form.validate():
        return _invitation_page(form), 422
    email = form.email.data or ""
    note_try(tried(Purpose.INVITATION, email), doors.clock)
    try:
        with writing():
            invite(form.name.data or "", email, form.to_role(), actor, doors)
    except KnownAddressError:
        form.email.errors = [_("Somebody with this address works here already.")]
        return _invitation_page(form), 422
    except UnmailableError:
        form.email.errors = [_("That is no e-mail address. It looks like name@example.org.")]
        return _invitation_page(form), 422
    say(_("The invitation to %(email)s is on its way. It is good for seven days.", email=email))
    return redirect(url_for("people.index"), 303)


@blueprint.get("/<int:person_id>")
@may(Permission.MANAGE_STAFF)
def person(person_id: int) -> str:
    return _person_page(person_id)


@blueprint.post("/<int:person_id>/role")
@may(Permission.MANAGE_STAFF)
@wants_fresh_factor
def change_role(person_id: int) -> ResponseReturnValue:
    form, actor = RoleForm(request.form), Actor.of(signed_in())
    if not form.validate():
        return _person_page(person_id, _("Choose one of the roles.")), 422
    try:
        with writing():
            give_role(person_of(person_id), form.to_role(), actor=actor, clock=services().clock)
    except LastOwnerError:
        return _last_owner(person_id)
    return _saved(person_id, _("Saved. It holds from the next page on."))


@blueprint.post("/<int:person_id>/let-go")
@may(Permission.MANAGE_STAFF)
@wants_fresh_factor
def end(person_id: int) -> ResponseReturnValue:
    actor = Actor.of(signed_in())
    try:
        with writing():
            let_go(person_of(person_id), actor=actor, clock=services().clock)
    except LastOwnerError:
        return _last_owner(person_id)
    return _saved(person_id, _("Let go: every browser of theirs is signed out."))


@blueprint.post("/<int:person_id>/take-back")
@may(Permission.MANAGE_STAFF)
@wants_fresh_factor
def take_back(person_id: int) -> ResponseReturnValue:
    actor = Actor.of(signed_in())
    with writing():
        take_back_on(person_of(person_id), actor=actor, clock=services().clock)
    return _saved(person_id, _("Taken back on, with the role and the password of before."))


@blueprint.post("/<int:person_id>/invitation")
@may(Permission.MANAGE_STAFF)
@wants_fresh_factor
def resend(person_id: int) -> ResponseReturnValue:
    actor, doors = Actor.of(signed_in()), services()
    note_try(tried(Purpose.INVITATION, person_of(person_id).email), doors.clock)
    try:
        with writing():
            invite_again(person_of(person_id), actor, doors)
    except AlreadyHereError:
        words = _("There is nobody to invite: this person came in, or was let go.")
        return _person_page(person_id, words), 409
    return _saved(person_id, _("A new invitation is on its way; the last one is void."))


@blueprint.post("/<int:person_id>/second-factors/remove")
@may(Permission.MANAGE_STAFF)
@wants_fresh_factor
def remove_factors(person_id: int) -> ResponseReturnValue:
    actor, doors = Actor.of(signed_in()), services()
    with writing():
        user = person_of(person_id)
        remove_all(user, actor=actor, clock=doors.clock)
        mail_notice(user, Notice.FACTORS_REMOVED, doors)
    return _saved(
        person_id, _("Removed: the password alone is asked for, until they set up a new one.")
    )


def _saved(person_id: int, words: str) -> ResponseReturnValue:
    say(words)
    return redirect(url_for("people.person", person_id=person_id), 303)


def _last_owner(person_id: int) -> ResponseReturnValue:
    words = _(
        "This is the only owner. Make somebody else an owner first, or nobody could let anybody in."
    )
    return _person_page(person_id, words), 409


def _invitation_page(form: InvitationForm) -> str:
    return render_template("staff/people/new.html", form=form, role_words=_roles())


def _person_page(person_id: int, error: str = "") -> str:
    user = person_of(person_id)
    part = part_of(*changes_by(person_id), request.args.get("at", ""))
    return render_template(
        "staff/people/person.html",
        user=user,
        state=_state(user),
        seen=last_seen().get(user.id),
        role_words=_roles(),
        role_name=ROLE_NAMES[Role(user.role)],
        error=error,
        part=part,
        own=changes.shown(history(thing_of(user)), UNDOING, may_undo=False),
        made=changes.shown(part.rows, UNDOING, may_undo=False),
    )


def _state(user: StaffUser) -> tuple[str, str]:
    """Return where somebody stands: as a word, and its kind."""
    if not user.active:
        return _("Let go"), ""
    if user.password is None:
        is_over = is_invitation_over(user, services().clock)
        return (_("Invitation expired"), "bad") if is_over else (_("Invited"), "open")
    if _lacks_factor(user):
        return _("No second factor"), "warn"
    return _("Active"), "good"


def _lacks_factor(user: StaffUser) -> bool:
    """Whether somebody who came in has nothing beside the password yet."""
    return user.active and user.password is not None and not user.has_second_factor


def _roles() -> list[tuple[str, str, str]]:
    return [(role.value, str(ROLE_NAMES[role]), str(ROLE_WORDS[role])) for role in Role]
