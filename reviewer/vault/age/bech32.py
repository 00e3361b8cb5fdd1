"""Bech32 as in BIP 173, without its length limit: the form of age's recipients and identities."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import xor

from reviewer.vault.age.errors import KeyTextError

_CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_VALUES = {letter: value for value, letter in enumerate(_CHARSET)}
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
# For each value of the five bits that are shifted out, all generators of its set bits together.
_MIXED = tuple(
    reduce(xor, (generator for place, generator in enumerate(_GENERATOR) if top >> place & 1), 0) for top in range(32)
)
_CHECKSUM_LENGTH = 6
# The longest text in use, a hybrid recipient, has 1,959 characters.
_MAX_LENGTH = 8192


def encode(prefix: str, data: bytes) -> str:
    """The Bech32 text of `data`. The case of `prefix` (all lower or all upper) is the case of the whole text."""
    lower = prefix.lower()
    values = _regroup(data, 8, 5, pad=True)
    checksum = _polymod([*_expand(lower), *values, *([0] * _CHECKSUM_LENGTH)]) ^ 1
    values += [checksum >> 5 * (5 - place) & 31 for place in range(_CHECKSUM_LENGTH)]
    text = lower + "1" + "".join(_CHARSET[value] for value in values)
    return text if prefix == lower else text.upper()


def decode(untrusted_text: str) -> tuple[str, bytes]:
    """Prefix (in the text's own case) and data; KeyTextError for everything BIP 173 forbids. Never quotes the text."""
    if len(untrusted_text) > _MAX_LENGTH or not untrusted_text.isascii() or not untrusted_text.isprintable():
        raise KeyTextError
    lower = untrusted_text.lower()
    if untrusted_text not in (lower, untrusted_text.upper()):
        raise KeyTextError("The key mixes capital and small letters.")
    prefix, separator, letters = lower.rpartition("1")
    if not separator or not prefix or len(letters) < _CHECKSUM_LENGTH or " " in prefix:
        raise KeyTextError
    try:
        values = [_VALUES[letter] for letter in letters]
    except KeyError:
        # `from None`: the KeyError would carry a letter of the key.
        raise KeyTextError from None
    if _polymod([*_expand(prefix), *values]) != 1:
        raise KeyTextError("The key has a typing error: its checksum does not fit.")
    return untrusted_text[: len(prefix)], bytes(_regroup(values[:-_CHECKSUM_LENGTH], 5, 8, pad=False))


def _polymod(values: Iterable[int]) -> int:
    checksum = 1
    for value in values:
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value ^ _MIXED[checksum >> 25]
    return checksum


def _expand(prefix: str) -> list[int]:
    return [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]


def _regroup(values: Iterable[int], from_bits: int, to_bits: int, *, pad: bool) -> list[int]:
    accumulator, bits, groups = 0, 0, []
    for value in values:
        accumulator = (accumulator << from_bits | value) & 0xFFFF
        bits += from_bits
        while bits >= to_bits:
            bits -= to_bits
            groups.append(accumulator >> bits & (1 << to_bits) - 1)
    rest = accumulator << (to_bits - bits) & (1 << to_bits) - 1
    if pad:
        return [*groups, rest] if bits else groups
    if bits >= from_bits or rest:
        raise KeyTextError
    return groups
