"""Addresses of the field app. A device is answered 401 as JSON, never a redirect."""

from kinds import Address, staff

ADDRESSES: dict[str, Address] = {
    "field:session": Address(staff, 401),
}
