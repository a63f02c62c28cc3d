"""Where deliveries come in: each is taken on once, in a moment, and durably."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from summarizer.slackbot.jobs import Accepted, Ask, Job, Lane, Place
from summarizer.slackbot.store import Store


@dataclass(frozen=True, slots=True)
class Reception:
    """Takes requests on.

    Args:
        store: Where they are kept.
        capacity: Comparisons that may be open at once, those under way included.
        announce: Told that there is a job in a lane.
        clock: Seconds since 1970.
    """

    store: Store
    capacity: int
    announce: Callable[[Lane], None]
    clock: Callable[[], float] = time.time

    def take(self, keys: Sequence[str], ask: Ask, place: Place) -> Accepted:
        """Take a request on, unless it was taken on before.

        When this returns it is on the disk, so that Slack may be told that it has arrived.

        Args:
            keys: All by which it may be known, the surest first: Slack delivers an event again
                under the same id, and may tell of one message in two events.
            ask: What is wanted.
            place: Where the answer goes.
        """
        # The key decides the id, and the id is in what is posted.
        name = hashlib.sha256(f"{place.team}:{keys[0]}".encode()).hexdigest()[:20]
        job = Job(id=name, ask=ask, place=place, at=self.clock())
        accepted = self.store.accept([f"{place.team}:{key}" for key in keys], job, self.capacity)
        if accepted is not Accepted.SEEN:
            self.announce(Lane.QUICK if accepted is Accepted.BUSY else job.lane)
        return accepted
