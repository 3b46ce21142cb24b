"""What can be wrong around people and organisations."""

from django.utils.translation import gettext_lazy as _

from palabre.errors import Invalid, NotAllowed, NotFound, PalabreError, WrongState


class TextMissing(Invalid):
    code = "people.text_missing"
    sentence = _("%(path)s: write something here.")


class TextTooLong(Invalid):
    code = "people.text_too_long"
    sentence = _("%(path)s: at most %(most)s characters.")


class UnknownCountry(Invalid):
    code = "people.unknown_country"
    sentence = _("“%(value)s” is no country. Write the two letters of ISO 3166, for example SN.")


class UnknownTimezone(Invalid):
    code = "people.unknown_timezone"
    sentence = _("“%(value)s” is no time zone. Write its name, for example Africa/Dakar.")


class UnknownLanguage(Invalid):
    code = "people.unknown_language"
    sentence = _("Palabre doesn't speak “%(value)s” yet. Choose among: %(choices)s.")


class BadEmail(Invalid):
    code = "people.bad_email"
    sentence = _("This is no e-mail address. Write it like name@example.org.")


class BadPhone(Invalid):
    code = "people.bad_phone"
    sentence = _(
        "This is no telephone number. Write it with + and the country's number first, as in +221771234567."
    )


class EmailTaken(WrongState):
    code = "people.email_taken"
    sentence = _("This e-mail address is already in use.")


class PhoneTaken(WrongState):
    code = "people.phone_taken"
    sentence = _("This telephone number is already in use.")


class ResidenceMissing(Invalid):
    code = "people.residence_missing"
    sentence = _("Say where she lives: the floor of her pay and her day depend on it.")


class HomeIncomplete(Invalid):
    code = "people.home_incomplete"
    sentence = _("Where she lives is a country and a time zone together: %(path)s is missing.")


class RoleNotHere(Invalid):
    code = "people.role_not_here"
    sentence = _("Nobody can be %(role)s in an organisation of this kind.")


class RoleHeld(WrongState):
    code = "people.role_held"
    sentence = _("She is %(role)s of this organisation already.")


class LastAdministrator(WrongState):
    code = "people.last_administrator"
    sentence = _("She is the last administrator of this organisation. Name another one first.")


class AlreadyErased(WrongState):
    code = "people.already_erased"
    sentence = _("This person was erased. What is left of her can't be changed.")


class HeldElsewhere(WrongState):
    """She takes part elsewhere too; where, and that she does, is nobody's business here."""

    code = "people.held_elsewhere"
    sentence = _("Only the administrator of the installation can do this for this person, at its terminal.")


class OperatorNeeded(NotAllowed):
    code = "people.operator_needed"
    sentence = _("Only an administrator of an operator can do this.")


class UnknownScope(Invalid):
    code = "people.unknown_scope"
    sentence = _("“%(value)s” is no right that a token can carry. Choose among: %(choices)s.")


class ScopeTooWide(NotAllowed):
    code = "people.scope_too_wide"
    sentence = _("Your own token doesn't carry “%(scope)s”, so it can't give it to another one.")


class TooManyTries(PalabreError):
    code = "people.too_many_tries"
    sentence = _("Too many tries from here. Go on in %(seconds)s seconds, or ask for a one-time link.")


class NotOnesOwn(NotAllowed):
    code = "people.not_ones_own"
    sentence = _("This is about yourself: somebody else of your organisation does it.")


class OnlyOnesOwn(NotAllowed):
    code = "people.only_ones_own"
    sentence = _("A token acts as its person, so only she makes one, on her own page.")


class OutlivesIts(Invalid):
    code = "people.token_outlives"
    sentence = _(
        "Your own token ends on %(until)s, so it can't make one that lasts longer. Name that end or an earlier one."
    )


class ExpiryPast(Invalid):
    code = "people.expiry_past"
    sentence = _("The token would have ended before it began. Choose a later date.")


class LinkOver(NotFound):
    """Used, replaced, too old, its person gone, or never there: they look alike."""

    code = "people.link_over"
    sentence = _("This link was used already, or its time is over. Ask for a new one.")


class PasswordWeak(Invalid):
    code = "people.password_weak"
    sentence = _("%(why)s")


class NotReachable(WrongState):
    code = "people.not_reachable"
    sentence = _("Give an e-mail address or a telephone number: the invitation is sent there.")


class InvitationAnswered(WrongState):
    code = "people.invitation_answered"
    sentence = _("She has come in already. On her page you can give her a new link to come in.")


class AdministratorNeeded(NotAllowed):
    code = "people.administrator_needed"
    sentence = _("Only an administrator of your organisation can do this for this person.")


class OneselfIsIn(WrongState):
    code = "people.oneself_is_in"
    sentence = _("You are in: choose a new password on the page of your own account.")


class EnoughLinks(WrongState):
    code = "people.enough_links"
    sentence = _("She was given %(most)s links within a day. Wait until tomorrow, or ask at the terminal.")


class NobodyThere(Invalid):
    code = "people.nobody_there"
    sentence = _("Nobody of this client has this address or this number.")


class FoundedAlready(WrongState):
    code = "people.founded_already"
    sentence = _("This installation has its operator and its people already.")
