"""Signs a PDF inside itself: PAdES baseline B (ETSI EN 319 142-1). `pdfsig FILE` checks it."""

from __future__ import annotations

import hashlib
import io
from datetime import datetime

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import PdfSignedData

from reviewer.handoff.signing import SigningKey, signed_data

_FIELD = "Signature"
# Hex digits of room: whatever the certificates, the file is as long.
_ROOM = 32 * 1024


def sign_pdf(pdf: bytes, key: SigningKey, at: datetime) -> bytes:
    """`pdf` (one of our own making) with an invisible signature over all of it; `at` is UTC.

    The same for the same inputs. CertificateUnusable; ValueError when it is not a PDF.
    """
    key.check(at)
    moment = at.replace(microsecond=0)
    seed = hashlib.sha256(pdf + key.sha256.encode() + moment.isoformat().encode()).digest()
    try:
        writer = _SameEachTime(io.BytesIO(pdf), seed)
    except PdfError as error:
        raise ValueError("not a PDF") from error
    embedding = PdfCMSEmbedder(SigFieldSpec(_FIELD)).write_cms(_FIELD, writer)
    next(embedding)
    placeholder = PdfSignedData(
        generic.pdf_name("/Sig"), SigSeedSubFilter.PADES, timestamp=moment, bytes_reserved=_ROOM
    )
    embedding.send(SigObjSetup(placeholder))
    prepared, output = embedding.send(SigIOSetup("sha256"))
    # No signing time in here: PAdES has it in the PDF's own dictionary.
    embedding.send(signed_data(prepared.document_digest, key))
    return bytes(output.getvalue())


class _SameEachTime(IncrementalPdfFileWriter):
    """Without the random id and the time of now that the library writes; a test sees to it that nothing else is."""

    def __init__(self, pdf: io.BytesIO, seed: bytes) -> None:
        super().__init__(pdf)
        made = generic.ByteStringObject(seed[:16])
        first = self._document_id[0] if "/ID" in self.prev.trailer else made
        self._document_id = generic.ArrayObject([first, made])

    def _update_meta(self) -> None:
        pass
