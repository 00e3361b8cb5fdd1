"""The time a package was signed, said by somebody else: RFC 3161 stamps, asked for over HTTP and verified.

`openssl ts -verify -in FILE.tsr -data FILE -CAfile tsa-ca.pem` checks the same.
"""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
from asn1crypto import cms, tsp
from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)
from rfc3161_client.tsp import PKIStatus

from reviewer.handoff.errors import PackageRefused, StampRefused, StampUnavailable
from reviewer.handoff.signed_data import (
    NotSignedData,
    OneSigner,
    certificates,
    check_path,
    decode,
    decode_exactly,
    encode,
)
from reviewer.handoff.signing import check_signature

MAX_STAMP_BYTES = 64 * 1024
_HEADERS = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}


@dataclass(frozen=True, slots=True)
class Stamped:
    """When (UTC, by the authority's clock), and who says so: the subject of its certificate (RFC 4514)."""

    at: datetime
    by: str


def request_stamp(url: str, data: bytes, *, timeout: float) -> bytes:
    """A stamp of `data` (not empty) by the authority at `url`: a TimeStampResp, DER. Only a digest of it is sent.

    Blocks for about `timeout` seconds at most. What is in the answer but not signed is put into the one form that
    `verify_stamp` takes; the signed bytes are as they came. Whose stamp it is is not checked here. StampUnavailable
    when nobody answers or the answer is an error; StampRefused when it is not a stamp of these bytes for this request.
    """
    request = TimestampRequestBuilder(data, HashAlgorithm.SHA256).build()
    untrusted = _post(url, request.as_bytes(), timeout)
    try:
        answer = decode_timestamp_response(untrusted)
        status = PKIStatus(answer.status)
    except ValueError as error:
        raise StampRefused("The time authority's answer is not a stamp.") from error
    if status is not PKIStatus.GRANTED:
        raise StampUnavailable("The time authority declined to give a stamp.")
    try:
        stamp = decode(answer.time_stamp_token())
        info = _check(stamp, data)
        if info["nonce"].native != request.nonce:
            raise NotSignedData("an answer to another request")
        return _response(encode(stamp))
    except (NotSignedData, ValueError, TypeError, KeyError) as error:
        raise StampRefused from error


def verify_stamp(untrusted_tsr: bytes, untrusted_data: bytes, tsa_ca_pem: bytes) -> Stamped:
    """When `untrusted_data` existed, if `untrusted_tsr` is a stamp of it as `request_stamp` gives it, by an authority
    whose certificate leads to one in `tsa_ca_pem`. PackageRefused for anything else, down to one byte."""
    if len(untrusted_tsr) > MAX_STAMP_BYTES:
        raise PackageRefused("The time stamp is too large to be one.")
    try:
        roots = certificates(tsa_ca_pem)
    except ValueError as error:
        raise PackageRefused("The time authority's certificate cannot be read.") from error
    try:
        token = tsp.TimeStampResp.load(untrusted_tsr, strict=True)["time_stamp_token"].dump()
        stamp = decode_exactly(token)
        if _response(token) != untrusted_tsr:
            raise NotSignedData("something in it is not signed")
        info = _check(stamp, untrusted_data)
        at = info["gen_time"].native
        check_path(stamp.chain, roots, at, purpose="time_stamping")
        answer = decode_timestamp_response(untrusted_tsr)
        _verify(answer, untrusted_data, [x509.load_der_x509_certificate(root.dump()) for root in roots])
        leaf = x509.load_der_x509_certificate(stamp.chain[0].dump())
    except (NotSignedData, VerificationError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise PackageRefused("The time stamp is not valid.") from error
    return Stamped(at.astimezone(UTC), leaf.subject.rfc4514_string())


def _verify(answer: TimeStampResponse, data: bytes, roots: list[x509.Certificate]) -> None:
    # The list is given, not added to: the builder's own default list is one for all builders.
    VerifierBuilder(roots=roots, intermediates=[]).build().verify_message(answer, data)


def _post(url: str, body: bytes, timeout: float) -> bytes:
    """The body of the answer, its size capped before it is read."""
    received = bytearray()
    # A byte now and then would let no single step time out: whatever it is at, it ends when the client is closed.
    # Most authorities answer over plain HTTP, their answers are signed: loading the web's authorities takes 50 ms.
    client = httpx.Client(timeout=timeout, follow_redirects=False, trust_env=False, verify=not url.startswith("http:"))
    deadline = threading.Timer(timeout, client.close)
    deadline.start()
    try:
        with client.stream("POST", url, content=body, headers=_HEADERS) as answer:
            if answer.status_code != httpx.codes.OK:
                raise StampUnavailable("The time authority answered with an error.")
            for part in answer.iter_raw():
                received += part
                if len(received) > MAX_STAMP_BYTES:
                    raise StampRefused("The time authority's answer is far too large.")
    except (httpx.HTTPError, httpx.InvalidURL, OSError, RuntimeError) as error:
        raise StampUnavailable from error
    finally:
        deadline.cancel()
        deadline.join()
        client.close()
    return bytes(received)


def _check(stamp: OneSigner, data: bytes) -> tsp.TSTInfo:
    """What the authority said, after checking that it did say it, and of these bytes."""
    if stamp.content_type != "tst_info" or stamp.content is None:
        raise NotSignedData("not a time stamp")
    check_signature(stamp, hashlib.new(stamp.digest, stamp.content).digest())
    info = tsp.TSTInfo.load(stamp.content, strict=True)
    imprint = info["message_imprint"]
    digest = hashlib.sha256(data).digest()
    if imprint["hash_algorithm"]["algorithm"].native != "sha256" or imprint["hashed_message"].native != digest:
        raise NotSignedData("a stamp of other bytes")
    return info


def _response(token: bytes) -> bytes:
    granted = tsp.PKIStatusInfo({"status": "granted"})
    made = tsp.TimeStampResp({"status": granted, "time_stamp_token": cms.ContentInfo.load(token, strict=True)})
    return bytes(made.dump())
