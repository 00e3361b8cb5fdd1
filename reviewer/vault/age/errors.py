"""What can go wrong with an age file or key: one subclass per failure class of the age test vectors, and two of ours.

AgeError               A000
├── HeaderError        A001  the header breaks the grammar, or a stanza meant for us is malformed
├── HmacError          A002  the header was altered after it was written
├── NoMatchError       A003  none of the identities opens this file
├── PayloadError       A004  the payload is altered, cut or continued
├── ArmorError         A005  the ASCII armor is not the strict form
├── RecipientsError    A006  these recipients may not share a file
└── KeyTextError       A007  a text is not an identity, recipient or passphrase
"""

from __future__ import annotations

from reviewer.model.errors import VaultError


class AgeError(VaultError):
    code = "A000"
    happened = "The container could not be used."
    kept = "The container was not changed."
    to_do = "Fetch the container again; if it happens again, tell your administrator the code."


class HeaderError(AgeError):
    code = "A001"
    happened = "The container's header is damaged or not age version 1."


class HmacError(AgeError):
    code = "A002"
    happened = "The container's header was altered after it was written."


class NoMatchError(AgeError):
    code = "A003"
    happened = "None of the keys here opens this container."
    to_do = "Ask for access to the case, or check the passphrase."


class PayloadError(AgeError):
    code = "A004"
    happened = "The container's contents are damaged, cut short or altered."
    kept = "Nothing that failed its check was given out, and the container was not changed."


class ArmorError(AgeError):
    code = "A005"
    happened = "The container's text armor is damaged."


class RecipientsError(AgeError):
    code = "A006"
    happened = "These recipients cannot be used for one container."
    kept = "Nothing was written."
    to_do = "Use recipients of one kind only, and a passphrase only by itself."


class KeyTextError(AgeError):
    code = "A007"
    happened = "The text is not a key that can be used here."
    kept = "Nothing was changed."
    to_do = "Copy the whole key again, without changes."
