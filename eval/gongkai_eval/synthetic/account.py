"""An invented account that balances to the cent. Amounts are whole 分 (hundredths of a 元); nothing is rounded here."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

GENERAL, FUND, STATE = "general", "fund", "state"
YUAN = 100


@dataclass(frozen=True, slots=True)
class Item:
    """One 项: fiscal money spent (``basic`` + ``project``), other money spent (``own``), what was carried over of the
    fiscal money, the initial budget and last year's spending of fiscal money."""

    code: str
    name: str
    fund: str = GENERAL
    basic: int = 0
    project: int = 0
    own: int = 0
    carry_in: int = 0
    carry_out: int = 0
    budget: int = 0
    prior: int = 0
    economic: str = "30227"

    @property
    def fiscal(self) -> int:
        return self.basic + self.project

    @property
    def granted(self) -> int:
        """The fiscal income of the year."""
        return self.fiscal + self.carry_out - self.carry_in


@dataclass(frozen=True, slots=True)
class Triple:
    """Budget, actual and last year's actual."""

    budget: int
    actual: int
    prior: int


@dataclass(frozen=True, slots=True)
class Public:
    """“三公”经费 with its counts."""

    abroad: Triple
    purchase: Triple
    operation: Triple
    reception: Triple
    groups: int
    travellers: int
    bought: int
    owned: int
    batches: int
    guests: int

    @property
    def vehicles(self) -> Triple:
        return _added(self.purchase, self.operation)

    @property
    def total(self) -> Triple:
        return _added(self.abroad, self.vehicles, self.reception)


@dataclass(frozen=True, slots=True)
class Procurement:
    """Contracts by kind, and the part of each that went to small and medium enterprises; ``micro`` is a part of that."""

    goods: int
    works: int
    services: int
    goods_small: int
    works_small: int
    services_small: int
    micro: int

    @property
    def total(self) -> int:
        return self.goods + self.works + self.services

    @property
    def small(self) -> int:
        return self.goods_small + self.works_small + self.services_small


@dataclass(frozen=True, slots=True)
class Account:
    """A year of a body. ``source`` names where its other money comes from: ``service`` (事业收入) or ``other`` (其他收入)."""

    entity: str
    place: str
    institution: bool
    year: int
    items: tuple[Item, ...]
    economics: dict[str, int]
    public: Public
    procurement: Procurement
    cars: tuple[int, ...]
    equipment: int
    source: str
    own_in: int
    own_out: int
    own_prior: int
    operating_prior: int
    staff: int
    offices: tuple[str, ...] = field(default=())

    def of(self, fund: str) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.fund == fund)

    def sum(self, what: Callable[[Item], int], prefix: str = "", fund: str = "") -> int:
        """``what`` over the items whose code begins with ``prefix``, of one fund or of all."""
        chosen = (item for item in self.items if item.code.startswith(prefix) and fund in ("", item.fund))
        return sum(map(what, chosen))

    @property
    def own_income(self) -> int:
        return self.sum(lambda item: item.own) + self.own_out - self.own_in

    @property
    def income(self) -> int:
        return self.sum(lambda item: item.granted) + self.own_income

    @property
    def spent(self) -> int:
        return self.sum(lambda item: item.fiscal + item.own)

    @property
    def carry_in(self) -> int:
        return self.sum(lambda item: item.carry_in) + self.own_in

    @property
    def carry_out(self) -> int:
        return self.sum(lambda item: item.carry_out) + self.own_out

    @property
    def total(self) -> int:
        return self.income + self.carry_in

    @property
    def personnel(self) -> int:
        return sum(amount for code, amount in self.economics.items() if code[:3] in ("301", "303"))

    @property
    def running(self) -> int:
        """公用经费."""
        return sum(self.economics.values()) - self.personnel


@cache
def classifications() -> dict[str, Any]:
    return read("classifications.toml")


@cache
def words() -> dict[str, Any]:
    return read("words.toml")


def function_name(code: str, year: int) -> str:
    """The name of a 类, 款 or 项 in the list of ``year``."""
    lists = classifications()
    if year < 2020 and code in lists["functions_2019"]:
        return str(lists["functions_2019"][code])
    return str(lists["classes"].get(code) or lists["functions"][code])


def draw(random: Random, year: int) -> Account:
    """An account of its own for each state of ``random``."""
    body = random.choice(words()["body"])
    place = (
        random.choice(words()["places"]) + random.choice(words()["waters"]) + random.choice(words()["levels"])
    )
    institution = bool(body.get("institution"))
    staff = random.randint(12, 120)
    economics = dict(_economics(random, staff))
    cars = tuple(_cars(random))
    public = _public(random, economics, sum(cars))
    items = _items(random, body, economics, year, institution)
    own = sum(item.own for item in items)
    return Account(
        entity=place + body["name"],
        place=place,
        institution=institution,
        year=year,
        items=items,
        economics=economics,
        public=public,
        procurement=_procurement(random, sum(item.project for item in items)),
        cars=cars,
        equipment=random.choice((0, 0, 1, 3)),
        source="service" if institution and random.random() < 0.5 else "other",
        own_in=_share(random, own, 0.1, 0.6) if random.random() < 0.4 else 0,
        own_out=_money(random, 1, 20) if own and random.random() < 0.4 else 0,
        own_prior=_near(random, own) if own else 0,
        operating_prior=_near(random, sum(a for c, a in economics.items() if c[:3] not in ("301", "303"))),
        staff=staff,
        offices=tuple(random.sample(words()["offices"], random.randint(4, 8))),
    )


def _economics(random: Random, staff: int) -> Iterator[tuple[str, int]]:
    """基本支出 by economic item."""
    wages = staff * random.randint(42_000, 68_000) * YUAN + random.randrange(0, 100_000)
    yield "30101", wages
    for code, low, high in (
        ("30102", 0.3, 0.7), ("30103", 0.2, 0.5), ("30108", 0.2, 0.3), ("30109", 0.08, 0.15), ("30110", 0.1, 0.16),
        ("30112", 0.01, 0.03), ("30113", 0.18, 0.3), ("30302", 0.05, 0.2),
    ):  # fmt: skip
        yield code, _share(random, wages, low, high)
    for code in ("30107", "30199", "30304", "30307", "30309"):
        if random.random() < 0.4:
            yield code, _share(random, wages, 0.01, 0.08)
    for code in ("30201", "30202", "30207", "30211", "30228", "30231", "30239", "30299", "30217"):
        yield code, _share(random, wages, 0.01, 0.08)
    for code in ("30205", "30206", "30209", "30213", "30215", "30216", "30226", "30227", "30229", "31002"):
        if random.random() < 0.6:
            yield code, _share(random, wages, 0.01, 0.06)


def _items(
    random: Random, body: dict[str, Any], economics: dict[str, int], year: int, institution: bool
) -> tuple[Item, ...]:
    """The 项: running, pensions, medical care and housing by what the economic items say, projects, other funds."""
    tied = {"2080505": "30108", "2080506": "30109", "2101102" if institution else "2101101": "30110"}
    tied |= {"2210201": "30113", "2080502" if institution else "2080501": "30302"}
    found = [_item(random, code, year, basic=economics[key]) for code, key in tied.items()]
    running = sum(economics.values()) - sum(item.basic for item in found)
    own = _money(random, 3, 80) if random.random() < 0.5 else 0
    found.append(_item(random, body["admin"], year, basic=running, own=own))
    codes = random.sample(body["projects"], random.randint(2, len(body["projects"])))
    found += [_item(random, code, year, project=_money(random, 5, 600), carry=True) for code in codes]
    if random.random() < 0.35:
        codes = random.choice((["2120803", "2120804"], ["2296002", "2296003"], ["2120803"]))
        found += [
            _item(random, code, year, fund=FUND, project=_money(random, 10, 400), carry=True)
            for code in codes
        ]
    if random.random() < 0.1:
        found.append(_item(random, "2230105", year, fund=STATE, project=_money(random, 2, 40)))
    return tuple(sorted(found, key=lambda item: item.code))


def _item(random: Random, code: str, year: int, carry: bool = False, **amounts: Any) -> Item:
    spent = amounts.get("basic", 0) + amounts.get("project", 0)
    brought = left = 0
    if carry and random.random() < 0.3:
        brought, left = _share(random, spent, 0.05, 0.3), random.choice((0, _share(random, spent, 0.05, 0.3)))
    same = random.random() < 0.2
    return Item(
        code,
        function_name(code, year),
        carry_in=brought,
        carry_out=left,
        budget=spent if same else _near(random, spent) // 10_000 * 10_000,
        prior=_near(random, spent),
        economic=random.choice(("30227", "30213", "31003", "31007", "30299")),
        **amounts,
    )


def _public(random: Random, economics: dict[str, int], owned: int) -> Public:
    bought = int(owned > 1 and random.random() < 0.25)
    abroad = random.random() < 0.15
    price = _money(random, 12, 18) if bought else 0
    cost = _money(random, 1, 9) if abroad else 0
    batches = random.randint(3, 40)
    return Public(
        abroad=Triple(_above(random, cost), cost, _near(random, cost)),
        purchase=Triple(_above(random, price), price, _near(random, price)),
        operation=_under_budget(random, economics["30231"]),
        reception=_under_budget(random, economics["30217"]),
        groups=1 if abroad else 0,
        travellers=random.randint(1, 4) if abroad else 0,
        bought=bought,
        owned=owned,
        batches=batches,
        guests=batches * random.randint(3, 9),
    )


def _procurement(random: Random, room: int) -> Procurement:
    total = _share(random, room, 0.1, 0.5)
    goods, works = _share(random, total, 0.2, 0.5), random.choice((0, _share(random, total, 0.1, 0.3)))
    services = total - goods - works
    first, second, third = (_share(random, kind, 0.4, 0.95) for kind in (goods, works, services))
    micro = _share(random, first + second + third, 0.2, 0.9)
    return Procurement(goods, works, services, first, second, third, micro)


def _cars(random: Random) -> Iterator[int]:
    for number, _ in enumerate(words()["cars"]):
        yield random.choice((0, 1, 2)) if number in (3, 4) else random.randint(1, 3) if number == 7 else 0


def _added(*parts: Triple) -> Triple:
    return Triple(
        sum(each.budget for each in parts),
        sum(each.actual for each in parts),
        sum(each.prior for each in parts),
    )


def _under_budget(random: Random, actual: int) -> Triple:
    return Triple(_above(random, actual), actual, _near(random, actual))


def _above(random: Random, amount: int) -> int:
    """A round budget that is not spent up."""
    return round(amount * random.uniform(1.05, 1.6)) // 100_000 * 100_000 + 100_000 if amount else 0


def _near(random: Random, amount: int) -> int:
    """Something else of the same size: last year's amount, a budget."""
    return round(amount * random.choice((random.uniform(0.7, 0.95), random.uniform(1.05, 1.4))))


def _share(random: Random, amount: int, low: float, high: float) -> int:
    return round(amount * random.uniform(low, high))


def _money(random: Random, low: int, high: int) -> int:
    """Between ``low`` and ``high`` 万元, now and then with odd cents."""
    amount = random.randint(low * 10_000, high * 10_000) * YUAN
    return amount + (random.randrange(YUAN) if random.random() < 0.5 else 0)


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / name).read_text(encoding="utf-8"))
