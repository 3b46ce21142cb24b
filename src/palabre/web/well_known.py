"""What anybody may know of an installation: the public keys that it signs with."""

from django.http import HttpRequest, JsonResponse

from palabre.record.keys import key_list
from palabre.record.seals import keys
from palabre.times import system_clock


def signing_keys(_request: HttpRequest) -> JsonResponse:
    """Public keys with their dates, for `palabre verify --keys`."""
    return JsonResponse(key_list(keys(system_clock.now()).public))
