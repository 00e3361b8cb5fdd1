"""Exposure: taken in by the day, shown in quarter hours, and everything about it told to whose it is."""

from __future__ import annotations

from fastapi import APIRouter

from reviewer.casesystem.exposure import own, relief, share, team, waiting
from reviewer.casesystem.service import Service


def routes(service: Service) -> APIRouter:
    router = APIRouter()
    for part in (team, own, waiting, relief, share):
        router.include_router(part.routes(service))
    return router
