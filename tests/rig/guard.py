"""No test reaches beyond this machine: a socket that tries is refused, loudly and at once."""

import ipaddress
import sys

_guarded = False


class NetworkRefused(AssertionError):
    """A test tried to reach another machine."""


def is_loopback(host: object) -> bool:
    """Whether a host, as given to a socket, is this machine. (No name is looked up for it.)"""
    if host in (None, "", b""):
        return True
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    if text == "localhost" or text.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event in ("socket.connect", "socket.sendto", "socket.bind"):
        address = arguments[1]
        # Unix sockets have a path, netlink and the like numbers; only hosts leave the machine.
        host = address[0] if isinstance(address, tuple) and isinstance(address[0], str) else None
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    else:
        return
    if not is_loopback(host):
        raise NetworkRefused(f"Tests reach no other machine, and this one asked for {host!r}.")


def guard_network() -> None:
    """Watch every socket of this process from here on (an audit hook cannot be taken off again)."""
    global _guarded  # noqa: PLW0603 - one hook per process, however often pytest configures itself
    if not _guarded:
        sys.addaudithook(_watch)
        _guarded = True
