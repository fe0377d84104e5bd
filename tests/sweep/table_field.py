"""Addresses of the field app. A device is answered 401 as JSON, never a redirect."""

from kinds import PUBLIC, Address, staff

ADDRESSES: dict[str, Address] = {
    "field:shell": PUBLIC,
    "field:manifest": PUBLIC,
    "field:service-worker": PUBLIC,
    "field:session": Address(staff, 401),
}
