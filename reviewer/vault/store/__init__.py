"""The encrypted store: the only package with SQL in it, and the only one that imports sqlcipher3."""

from reviewer.vault.store.cell_views_table import CellView
from reviewer.vault.store.custody_table import CustodyHead, CustodyRow
from reviewer.vault.store.exposure_table import ExposureSum, StoredEpisode
from reviewer.vault.store.facade import Store
from reviewer.vault.store.failures import AlreadyRecorded, RecordRefused
from reviewer.vault.store.outbox import OutboxCounts, ParkedEvent

__all__ = [
    "AlreadyRecorded",
    "CellView",
    "CustodyHead",
    "CustodyRow",
    "ExposureSum",
    "OutboxCounts",
    "ParkedEvent",
    "RecordRefused",
    "Store",
    "StoredEpisode",
]
