"""Why an item cannot be shown, inside the worker. Only the number of the code leaves it."""

from __future__ import annotations

from reviewer.media.protocol import Code


class Unshowable(Exception):
    def __init__(self, code: Code) -> None:
        super().__init__(code.name)
        self.code = code


def damaged() -> Unshowable:
    return Unshowable(Code.DAMAGED)


def too_large() -> Unshowable:
    return Unshowable(Code.TOO_LARGE)


def unsupported() -> Unshowable:
    return Unshowable(Code.UNSUPPORTED)
