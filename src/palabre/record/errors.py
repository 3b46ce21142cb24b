"""What can be wrong with events, keys, signed documents and their files."""

from palabre.errors import PalabreError, WrongState
from palabre.words import gettext_lazy as _


class RecordError(PalabreError):
    """Any of the below."""


class NotCanonical(RecordError):
    code = "record.not_canonical"
    sentence = _(
        "This value has no canonical form: a number, a character or a key in it cannot be written exactly."
    )


class EventDataRefused(RecordError):
    code = "record.event_data_refused"
    sentence = _("%(path)s: an event cannot hold %(why)s.")


# Keys


class KeyExposed(RecordError):
    code = "record.key_exposed"
    sentence = _(
        "Others can read the signing key %(path)s (mode %(mode)s), so it is not used."
        " Close it with: chmod 600 %(path)s. If somebody may have copied it, make a new key."
    )


class KeyUnreadable(RecordError):
    code = "record.key_unreadable"
    sentence = _(
        "%(path)s is not a signing key that Palabre can read. Restore it from the backup of the keys."
    )


class KeyDateDisorder(RecordError):
    code = "record.key_date_disorder"
    sentence = _(
        "A signing key made now (%(now)s) would be older than the last one (%(last)s)."
        " Set the clock of this machine right and try again."
    )


class KeysElsewhere(RecordError):
    code = "record.keys_elsewhere"
    sentence = _(
        "This record was sealed under the key %(did)s, which is not in %(folder)s. A new key would not be"
        " this record's, so nothing is signed here. Copy the folder of keys from the host that signed so far, or"
        " take it from a backup."
    )


class KeyUnknown(RecordError):
    code = "record.key_unknown"
    sentence = _("%(did)s is none of this installation's keys: `palabre record keys` lists them.")


class KeyWithdrawnAlready(RecordError):
    code = "record.key_withdrawn_already"
    sentence = _("%(did)s was withdrawn already, from %(since)s on.")


class WithdrawalDateWrong(RecordError):
    code = "record.withdrawal_date_wrong"
    sentence = _("A key is withdrawn from an instant on at which it signed, and not from one to come.")


class WithdrawalReasonMissing(RecordError):
    code = "record.withdrawal_reason_missing"
    sentence = _("Say why the key is withdrawn: everybody who checks what it signed reads it.")


class DidMalformed(RecordError):
    code = "record.did_malformed"
    sentence = _("%(did)s is not a did:key with an Ed25519 public key.")


class KeyListMalformed(RecordError):
    code = "record.key_list_malformed"
    sentence = _("This is not a list of keys of Palabre: %(path)s %(why)s.")


# Signed documents


class CredentialError(RecordError):
    """A document that does not hold as a signed credential."""


class CredentialMalformed(CredentialError):
    code = "record.credential_malformed"
    sentence = _("This is not a signed document as it should be: %(path)s %(why)s.")


class ProofMissing(CredentialError):
    code = "record.proof_missing"
    sentence = _("The document carries no signature: its proof is missing.")


class ProofUnsupported(CredentialError):
    code = "record.proof_unsupported"
    sentence = _("The document is signed in a way that Palabre does not check: %(path)s is %(found)s.")


class SignatureWrong(CredentialError):
    code = "record.signature_wrong"
    sentence = _(
        "The signature does not fit the document:"
        " something in it was changed after signing, or it was signed with another key."
    )


class KeyNotIssuers(CredentialError):
    code = "record.key_not_issuers"
    sentence = _(
        "The signature is right, but it was made with the key %(key)s,"
        " which is not the key of the issuer %(issuer)s."
    )


class IssuerNotListed(CredentialError):
    code = "record.issuer_not_listed"
    sentence = _(
        "The signature is right, but the issuer %(issuer)s is not in your list of keys:"
        " nothing says that it is who it claims to be."
    )


class KeyNotInForce(CredentialError):
    code = "record.key_not_in_force"
    sentence = _(
        "The signature is right, but it is dated %(created)s"
        " and the issuer's key in your list was in force %(period)s."
    )


class KeyWithdrawn(CredentialError):
    code = "record.key_withdrawn"
    sentence = _(
        "It is dated %(created)s, and the issuer has withdrawn this key from %(since)s on: %(why)s"
        " What it signed since then proves nothing."
    )


class NotYetValid(CredentialError):
    code = "record.not_yet_valid"
    sentence = _("The signature is right, but the document is valid from %(valid_from)s only.")


class Expired(CredentialError):
    code = "record.expired"
    sentence = _("The signature is right, but the document has expired on %(valid_until)s.")


# Files


class FileRefused(RecordError):
    """A file that is not read as JSON at all."""


class FileUnreadable(FileRefused):
    code = "record.file_unreadable"
    sentence = _("%(path)s cannot be read: %(why)s.")


class FileTooBig(FileRefused):
    code = "record.file_too_big"
    sentence = _("The file has more than %(limit)s bytes, which no document of Palabre has.")


class FileTooDeep(FileRefused):
    code = "record.file_too_deep"
    sentence = _("The file nests more than %(limit)s levels deep, which no document of Palabre does.")


class FileNotText(FileRefused):
    code = "record.file_not_text"
    sentence = _("The file is not text in UTF-8, so it is no JSON. %(guess)s")


class FileNotJson(FileRefused):
    code = "record.file_not_json"
    sentence = _("The file is not JSON: line %(line)s, column %(column)s cannot be read.")


class KeyRepeated(FileRefused):
    code = "record.key_repeated"
    sentence = _("The name %(key)r stands twice in the same object, so the file can be read in two ways.")


class NumberRefused(FileRefused):
    code = "record.number_refused"
    sentence = _("The number %(number)s cannot be read exactly by every program.")


class CharacterRefused(FileRefused):
    code = "record.character_refused"
    sentence = _("%(path)s: text with NUL or half a character.")


class EvidenceMalformed(FileRefused):
    code = "record.evidence_malformed"
    sentence = _("This is not evidence as Palabre makes it: %(path)s cannot be read.")


# Verification by a button


class VerificationRunning(WrongState):
    code = "record.verification_running"
    sentence = _("A verification is under way already. Look at that one; it takes a minute at most.")
