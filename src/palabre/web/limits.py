"""How often a token may ask: a bucket of tokens each, filled steadily, emptied by requests.

The buckets live in the process: with N web processes a token may ask N times as often. They protect
the service from a program that runs wild, and count nothing that money depends on; sharing them would cost
every request a write. See docs/decisions/.
"""

import math
import threading
from collections import OrderedDict


class RateLimiter:
    """`rate` requests a second, and `burst` at once after a pause. `now` is a monotonic clock's seconds."""

    def __init__(self, rate: float, burst: float, *, most_keys: int = 10_000) -> None:
        self.rate, self.burst, self.most_keys = rate, burst, most_keys
        self._lock = threading.Lock()
        self._buckets: OrderedDict[bytes, tuple[float, float]] = OrderedDict()

    def wait(self, key: bytes, now: float) -> int:
        """Take one from the bucket of `key`: 0, or the whole seconds after which there is one again."""
        with self._lock:
            level, before = self._buckets.pop(key, (self.burst, now))
            level = min(self.burst, level + max(0.0, now - before) * self.rate)
            allowed = level >= 1
            self._buckets[key] = (level - 1 if allowed else level, now)
            # The one that asked longest ago has most likely a full bucket, which is what forgetting it gives.
            if len(self._buckets) > self.most_keys:
                self._buckets.popitem(last=False)
        return 0 if allowed else math.ceil((1 - level) / self.rate)

    def policy(self) -> str:
        """How much at once, and after how many seconds that much is there again (parameters of RateLimit-Policy)."""
        return f"q={math.floor(self.burst)};w={math.ceil(self.burst / self.rate)}"

    def standing(self, key: bytes, now: float) -> str:
        """How many are left, and after how many seconds all are there again (parameters of RateLimit)."""
        with self._lock:
            level, before = self._buckets.get(key, (self.burst, now))
        level = min(self.burst, level + max(0.0, now - before) * self.rate)
        return f"r={math.floor(level)};t={math.ceil((self.burst - level) / self.rate)}"
