"""What an e-mail address is, and when two of them are the same. Pure."""

import idna

# A plain ASCII mailbox: what every mail server takes.
ADDRESS_PATTERN = r"^[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@([a-z0-9_-]+\.)+[a-z0-9-]{2,}$"
MAX_ADDRESS = 254  # RFC 5321


def ascii_address(address: str) -> str:
    """The address with its domain in ASCII, by IDNA 2008: the older IDNA makes another domain of one with “ß”.

    Raises UnicodeError for what is no domain.
    """
    if address.isascii():
        return address
    local, _at, domain = address.rpartition("@")
    return f"{local}@{idna.encode(domain, uts46=True).decode()}"


def spelt(address: str) -> str:
    """The one spelling of an address, as mail servers know it: lower case, the domain in ASCII, no spaces around it.

    What is no address is left as it is.
    """
    address = address.strip()
    if address.isascii():
        return address.lower()
    try:
        found = ascii_address(address)
    except UnicodeError:
        return address
    return found.lower() if found.isascii() else address
