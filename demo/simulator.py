"""Simulated customers of the demo: they open some of its mails, click, unsubscribe, and buy again.

They act like real ones: by the public addresses in the mails that arrived at the local sink, and by orders in the
shop's files. Nothing is written into Kindred's tables, so every figure on the journey's page is a real count.
"""

import csv
import http.client
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import urlsplit

from django.utils import timezone

from core.hashing import bucket
from demo.generate.names import PRODUCTS

AT_MOST = 5_000
"""Mails that are acted upon: in larger demos most people only read on their phones' lock screens."""
OPEN_PERCENT, CLICK_PERCENT, UNSUBSCRIBE_PERCENT = 46, 17, 1
"""Of those who were written to; whoever clicks has opened."""
BUY_AFTER_CLICK_PERCENT, BUY_OTHERWISE_PERCENT = 35, 1
AGENT = "Mozilla/5.0 (Kindred demo; simulated customer)"
_ADDRESS = re.compile(r"https?://[^\s\"'<>]+/t/(?P<kind>[ocu])/[^\s\"'<>]+")


@dataclass
class Did:
    """How many people did what."""

    opened: int = 0
    clicked: int = 0
    unsubscribed: int = 0
    bought: int = 0


@dataclass(frozen=True)
class Mail:
    """`links` holds one address of each kind: o(pen), c(lick), u(nsubscribe), as far as the mail has them."""

    address: str
    links: dict[str, str]


def play(mails: Path, demo: Path) -> Did:
    """Acts on the mails in the sink's folder and writes orders into the demo's folder. The same people do the same."""
    did, buyers = Did(), []
    for mail in _mails(mails):
        clicks = _chance("click", mail.address, CLICK_PERCENT)
        if clicks or _chance("open", mail.address, OPEN_PERCENT):
            did.opened += _get(mail.links.get("o"))
        if clicks:
            did.clicked += _get(mail.links.get("c"))
        if _chance("unsubscribe", mail.address, UNSUBSCRIBE_PERCENT):
            did.unsubscribed += _get(mail.links.get("u"), post=True)
        if _chance("buy", mail.address, BUY_AFTER_CLICK_PERCENT if clicks else BUY_OTHERWISE_PERCENT):
            buyers.append(mail.address)
    did.bought = _order(buyers, demo)
    return did


def _chance(what: str, address: str, percent: int) -> bool:
    return bucket(f"demo.{what}", address, 100) < percent


def _mails(folder: Path) -> Iterator[Mail]:
    """The first mail to each address, in the order of arrival."""
    seen: set[str] = set()
    for path in sorted(folder.glob("*/*.eml"))[:AT_MOST]:
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        address = str(message["To"] or "").strip().lower()
        body = message.get_body(("html",))
        if body is None or address in seen:
            continue
        seen.add(address)
        links = {match["kind"]: match[0].replace("&amp;", "&") for match in _ADDRESS.finditer(body.get_content())}
        yield Mail(address, links)


def _get(url: str | None, post: bool = False) -> bool:
    """Visits an address of our own site without following where it leads; False where it refuses."""
    if url is None:
        return False
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=30)
    try:
        body = "List-Unsubscribe=One-Click" if post else None
        headers = {"User-Agent": AGENT} | ({"Content-Type": "application/x-www-form-urlencoded"} if post else {})
        connection.request("POST" if post else "GET", f"{parts.path}?{parts.query}".rstrip("?"), body, headers)
        return connection.getresponse().status < 400
    finally:
        connection.close()


def _order(addresses: Iterable[str], demo: Path) -> int:
    """Writes one order each into the shop's newest files; how many of the buyers the shop knows by this address."""
    wanted = set(addresses)
    with (demo / "shop/customers.csv").open(encoding="utf-8", newline="") as file:
        known = {
            r["email"].lower(): r["customer_id"] for r in csv.DictReader(file) if (r["email"] or "").lower() in wanted
        }
    at = timezone.now().strftime("%Y-%m-%d %H:%M:%SZ")
    orders, lines = [], []
    for number, (address, customer) in enumerate(sorted(known.items()), start=1):
        name, category, cents = PRODUCTS[bucket("demo.product", address, len(PRODUCTS))]
        paid = f"{cents * 80 // 100 / 100:.2f}"  # with the coupon
        orders.append((f"A{number}", customer, at, paid, "paid"))
        lines.append((f"A{number}-1", f"A{number}", at, name, category, 1, paid))
    _write(
        demo / "shop/orders_after_campaign.csv", ("order_id", "customer_id", "ordered_at", "total", "status"), orders
    )
    header = ("line_id", "order_id", "ordered_at", "product", "category", "quantity", "price")
    _write(demo / "shop/order_lines_after_campaign.csv", header, lines)
    return len(orders)


def _write(path: Path, header: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
