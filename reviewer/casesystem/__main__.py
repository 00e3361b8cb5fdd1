"""`python -m reviewer.casesystem`: the embedded case system as a process of its own."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import threading
from pathlib import Path

from reviewer.casesystem.policy_file import policy_of, terms_of
from reviewer.casesystem.serve import make_server
from reviewer.model.errors import ReviewerError


def main() -> int:
    """0 ended as asked, 1 could not start (one line on stderr), 2 usage."""
    parser = argparse.ArgumentParser(prog="python -m reviewer.casesystem")
    parser.add_argument("--database", required=True, help="SQLAlchemy URL, e.g. sqlite:////srv/case.db")
    parser.add_argument("--blobs", required=True, type=Path, help="folder for the ciphertext")
    parser.add_argument(
        "--policy", type=Path, help="the organisation's policy (TOML): second readings, limits, weights"
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--ready-fd", type=int, default=1, help="where the port is written, as a line, once it answers")
    parser.add_argument("--until-stdin-closes", action="store_true", help="end when the parent does")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.ERROR, format="%(asctime)s %(name)s %(message)s")
    try:
        policy = policy_of(asked.policy) if asked.policy is not None else None
        server = make_server(
            asked.database,
            asked.blobs,
            asked.host,
            asked.port,
            lambda port: _announce(asked.ready_fd, port),
            terms=terms_of(policy) if policy is not None else None,
            second_review=policy.second_review if policy is not None else None,
        )
    except (ReviewerError, OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if asked.until_stdin_closes:

        def watch() -> None:
            while os.read(0, 4096):
                pass
            server.should_exit = True

        threading.Thread(target=watch, name="parent-watch", daemon=True).start()
    server.run_until_stopped()
    return 0


def _announce(ready_fd: int, port: int) -> None:
    os.write(ready_fd, f"{port}\n".encode())
    if ready_fd > 2:
        os.close(ready_fd)


if __name__ == "__main__":
    sys.exit(main())
