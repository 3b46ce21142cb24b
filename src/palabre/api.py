"""The API under /api/v1: one router for each room.

To add a room: import its `router` and add a line to ROUTERS. No two routers share a path.
"""

from ninja import Router

from palabre.decisions.api import router as decisions
from palabre.exchange.api import router as exchange
from palabre.impact.api import router as impact
from palabre.messages.api import router as messages
from palabre.pay.api import router as pay
from palabre.pay.api.carrying import router as carrying
from palabre.people.api import router as people
from palabre.quality.api import router as quality
from palabre.web.openapi import PalabreAPI
from palabre.work.api.device import router as device
from palabre.work.api.looks import router as looks
from palabre.work.api.pilot import router as pilot
from palabre.work.api.projects import router as projects

ROUTERS: tuple[Router, ...] = (
    people,
    messages,
    decisions,
    pay,
    carrying,
    projects,
    pilot,
    device,
    looks,
    quality,
    exchange,
    impact,
)

api = PalabreAPI()
for each in ROUTERS:
    api.add_router("", each)
