"""Addresses of the field app. A device is answered 401 as JSON, never a redirect."""

from kinds import PUBLIC, Address, staff

ADDRESSES: dict[str, Address] = {
    "field:shell": PUBLIC,
    "field:manifest": PUBLIC,
    "field:service-worker": PUBLIC,
    # A phone sends by POST and PUT alone; a GET tells how much of a file of one's own is here.
    "field:sync": Address(staff, 401, opened=(405,)),
    "field:file": Address(staff, 401, lambda scene: [(None, {"sha256": "0" * 64})], opened=(404,)),
    "field:session": Address(staff, 401),
}
