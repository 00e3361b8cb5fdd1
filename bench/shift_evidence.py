"""Evidence for the bench of a shift: many 12 MP pictures and a few 1080p films, taken in as any other."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from reviewer.demo.film import film
from reviewer.demo.markers import jpeg_of
from reviewer.demo.organisation import INTAKE, PASSPHRASE, Organisation
from reviewer.demo.patterns import grain, light, shapes
from reviewer.intake.taking_in import Submission
from reviewer.media.broker import Broker
from reviewer.model.cases import Case, Referral, ReferralSource
from reviewer.model.ids import uuid7
from reviewer.vault.vault import Vault
from reviewer.workstation.clock import SystemClock
from reviewer.workstation.desk import connect
from reviewer.workstation.ingest import IntakeDesk

# Starts veiled, and no pause is offered after it.
HARM_TYPE = "other"
FILM_FPS = 24
FILM_SECONDS = 12.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """`picture` and `film` are the plaintext bytes that every item of the kind has. Pictures are more urgent."""

    picture: bytes
    film: bytes
    pictures: int
    films: int

    def take_in(self, organisation: Organisation, _say: Callable[[str], None]) -> None:
        clock = SystemClock()
        vault = Vault(organisation.workstation(INTAKE)).open(PASSPHRASE)
        broker = Broker(warm=1)
        try:
            with connect(vault) as case_system:
                broker.start()
                desk = IntakeDesk(vault, case_system, broker, clock)
                for data, kind, count, hours in (
                    (self.picture, "jpeg", self.pictures, 2),
                    (self.film, "mp4", self.films, 9),
                ):
                    case = _case(clock, hours)
                    desk.open_case(case)
                    for _ in range(count):
                        desk.take_in(Submission(io.BytesIO(data), case.id, HARM_TYPE, kind), case.number)
        finally:
            broker.close()
            vault.lock()


def evidence(pictures: int, films: int) -> Evidence:
    rng = np.random.default_rng(12)
    picture = jpeg_of(grain(shapes(light(rng, 4000, 3000, 1), rng, 1), rng))
    clip = film(rng, width=1920, height=1080, seconds=FILM_SECONDS, fps=FILM_FPS, scenes=4, marker=b"bench")
    return Evidence(picture, clip, pictures, films)


def _case(clock: SystemClock, hours: int) -> Case:
    now = clock.now()
    referral = Referral(
        source=ReferralSource.USER, received_at=now - timedelta(hours=1), due_at=now + timedelta(hours=hours)
    )
    return Case(id=uuid7(), number=f"2026-0{hours}", referral=referral, created_at=now)
