"""Run as a program: takes something away from this process for good, then becomes the command that follows.

`confined.py no-writing COMMAND…`    nothing can be created, written, removed or renamed, but /dev/null written
`confined.py no-landlock COMMAND…`   a kernel without Landlock
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys

LIBC = ctypes.CDLL(None, use_errno=True)
ZERO = ctypes.c_ulong(0)
CREATE, ADD_RULE, RESTRICT = 444, 445, 446
EVERY_WRITE = 0b1_1111_1111_0010  # write_file, remove_dir, remove_file, make_* (include/uapi/linux/landlock.h)
WRITE_FILE = 0b10


def no_writing() -> None:
    attributes = struct.pack("=Q", EVERY_WRITE)
    ruleset = LIBC.syscall(CREATE, attributes, ctypes.c_size_t(8), ctypes.c_uint(0))
    null = os.open("/dev/null", os.O_PATH)
    rule = struct.pack("=Qi", WRITE_FILE, null)
    assert LIBC.syscall(ADD_RULE, ctypes.c_int(ruleset), ctypes.c_int(1), rule, ctypes.c_uint(0)) == 0
    assert LIBC.syscall(RESTRICT, ctypes.c_int(ruleset), ctypes.c_uint(0)) == 0
    os.close(null)
    os.close(ruleset)


def no_landlock() -> None:
    lines = [(0x20, 0, 0, 0), (0x35, 0, 2, CREATE), (0x25, 1, 0, RESTRICT), (0x06, 0, 0, 0x00050000 | 38)]
    code = b"".join(struct.pack("=HBBI", *line) for line in [*lines, (0x06, 0, 0, 0x7FFF0000)])

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]

    assert LIBC.prctl(22, ctypes.c_ulong(2), ctypes.byref(Program(len(code) // 8, code)), ZERO, ZERO) == 0


if __name__ == "__main__":
    assert LIBC.prctl(38, ctypes.c_ulong(1), ZERO, ZERO, ZERO) == 0
    {"no-writing": no_writing, "no-landlock": no_landlock}[sys.argv[1]]()
    os.execv(sys.argv[2], sys.argv[2:])
