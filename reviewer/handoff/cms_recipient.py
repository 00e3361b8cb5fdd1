"""One recipient of a CMS envelope: the content key wrapped to a certificate, by RSA-OAEP or by ECDH (RFC 5652, 5753).

RSA: OAEP with SHA-256 (RFC 8017). EC: an ephemeral key on the certificate's curve, dhSinglePass-stdDH-sha256kdf-scheme,
AES-256 key wrap (RFC 3394). The content key is always 32 bytes.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from asn1crypto import core
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.kdf.x963kdf import X963KDF
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from reviewer.handoff.errors import PackageRefused, RecipientUnusable

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

_SEQUENCE, _SET, _INTEGER, _OCTETS, _BITS = 0x30, 0x31, 0x02, 0x04, 0x03
_CONTEXT_0, _CONTEXT_1, _CONTEXT_2 = 0xA0, 0xA1, 0xA2
_KEY_SIZE, _WRAP_MORE = 32, 8


def tlv(tag: int, content: bytes, *, more: int = 0) -> bytes:
    """DER: `tag`, the length of `content` and of `more` bytes that follow elsewhere, then `content`."""
    length = len(content) + more
    if length < 0x80:
        return bytes([tag, length]) + content
    digits = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(digits)]) + digits + content


def oid(dotted: str) -> bytes:
    return bytes(core.ObjectIdentifier(dotted).dump())


_SHA_256 = tlv(_SEQUENCE, oid("2.16.840.1.101.3.4.2.1") + b"\x05\x00")
_MGF_1 = tlv(_SEQUENCE, oid("1.2.840.113549.1.1.8") + _SHA_256)
_OAEP = tlv(
    _SEQUENCE,
    oid("1.2.840.113549.1.1.7") + tlv(_SEQUENCE, tlv(_CONTEXT_0, _SHA_256) + tlv(_CONTEXT_1, _MGF_1)),
)
_AES_256_WRAP = tlv(_SEQUENCE, oid("2.16.840.1.101.3.4.1.45"))
_ECDH = tlv(_SEQUENCE, oid("1.3.132.1.11.1") + _AES_256_WRAP)
_EC_PUBLIC_KEY = tlv(_SEQUENCE, oid("1.2.840.10045.2.1"))
# ECC-CMS-SharedInfo: what the wrapping key is for, and its length in bits.
_SHARED_INFO = tlv(_SEQUENCE, _AES_256_WRAP + tlv(_CONTEXT_2, tlv(_OCTETS, (8 * _KEY_SIZE).to_bytes(4, "big"))))


@dataclass(frozen=True, slots=True)
class Wrapped:
    """The wrapped content key, and for EC the ephemeral public key (an uncompressed point); empty for RSA."""

    key: bytes
    ephemeral: bytes = b""


class CmsRecipient:
    """`certificate` has an RSA or EC key; RecipientUnusable otherwise."""

    def __init__(self, certificate: x509.Certificate) -> None:
        public = certificate.public_key()
        if not isinstance(public, (rsa.RSAPublicKey, ec.EllipticCurvePublicKey)):
            raise RecipientUnusable("The key in the agency's certificate is of a kind that cannot be sealed to.")
        self._public = public
        loaded = asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
        self._name = tlv(_SEQUENCE, bytes(loaded.issuer.dump()) + bytes(core.Integer(loaded.serial_number).dump()))

    def wrap(self, content_key: bytes | bytearray) -> Wrapped:
        if isinstance(self._public, rsa.RSAPublicKey):
            return Wrapped(self._public.encrypt(bytes(content_key), _oaep()))
        ephemeral = ec.generate_private_key(self._public.curve)
        shared = ephemeral.exchange(ec.ECDH(), self._public)
        return Wrapped(aes_key_wrap(_wrapping_key(shared), bytes(content_key)), _point(ephemeral.public_key()))

    def unwrap(self, wrapped: Wrapped, key: PrivateKey) -> bytes:
        """The content key. PackageRefused when it was not wrapped to this key."""
        try:
            if isinstance(key, rsa.RSAPrivateKey):
                content_key = key.decrypt(wrapped.key, _oaep())
            else:
                ephemeral = ec.EllipticCurvePublicKey.from_encoded_point(key.curve, wrapped.ephemeral)
                content_key = aes_key_unwrap(_wrapping_key(key.exchange(ec.ECDH(), ephemeral)), wrapped.key)
        except (ValueError, InvalidUnwrap) as error:
            raise PackageRefused("The package is not sealed to this key.") from error
        if len(content_key) != _KEY_SIZE:
            raise PackageRefused("The package's key is not of the size it must be.")
        return content_key

    def sample(self) -> Wrapped:
        """Random bytes of the sizes that `wrap` gives."""
        if isinstance(self._public, rsa.RSAPublicKey):
            return Wrapped(os.urandom((self._public.key_size + 7) // 8))
        return Wrapped(os.urandom(_KEY_SIZE + _WRAP_MORE), os.urandom(len(_point(self._public))))

    def infos(self, wrapped: Wrapped) -> bytes:
        """RecipientInfos, DER, with this one recipient."""
        if isinstance(self._public, rsa.RSAPublicKey):
            info = tlv(_SEQUENCE, tlv(_INTEGER, b"\0") + self._name + _OAEP + tlv(_OCTETS, wrapped.key))
        else:
            originator = tlv(_CONTEXT_1, _EC_PUBLIC_KEY + tlv(_BITS, b"\0" + wrapped.ephemeral))
            keys = tlv(_SEQUENCE, tlv(_SEQUENCE, self._name + tlv(_OCTETS, wrapped.key)))
            info = tlv(_CONTEXT_1, tlv(_INTEGER, b"\3") + tlv(_CONTEXT_0, originator) + _ECDH + keys)
        return tlv(_SET, info)


def _oaep() -> padding.OAEP:
    return padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)


def _wrapping_key(shared: bytes) -> bytes:
    return X963KDF(hashes.SHA256(), _KEY_SIZE, _SHARED_INFO).derive(shared)


def _point(public: ec.EllipticCurvePublicKey) -> bytes:
    return public.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
