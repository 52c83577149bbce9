"""neomodel, a program that was there before weft, against `weft serve`: classes become nodes and
relationships, its own queries read and write them.

Usage: mapper.py ADDRESS. Fails with the first thing that is not as it should be.
"""

import datetime
import importlib.metadata
import sys

from neomodel import (
    ArrayProperty,
    DateProperty,
    DateTimeProperty,
    IntegerProperty,
    RelationshipFrom,
    RelationshipTo,
    StringProperty,
    StructuredNode,
    StructuredRel,
    UniqueIdProperty,
    db,
    get_config,
)
from neomodel.exceptions import DoesNotExist


class Funding(StructuredRel):
    amount = IntegerProperty()


class Company(StructuredNode):
    name = StringProperty(required=True)
    founded = DateProperty()
    tags = ArrayProperty(StringProperty())
    funders = RelationshipFrom("Funder", "FUNDS", model=Funding)


class Funder(StructuredNode):
    uid = UniqueIdProperty()
    name = StringProperty(index=True)
    since = DateTimeProperty(default_now=True)
    funds = RelationshipTo("Company", "FUNDS", model=Funding)


def check(found, expected):
    assert found == expected, f"found {found!r}, expected {expected!r}"


def nodes():
    born = datetime.date(2020, 1, 2)
    Company(name="Acme", founded=born, tags=["health", "data"]).save()
    Company(name="Beta").save()
    acme = Company.nodes.get(name="Acme")
    check((acme.founded, acme.tags), (born, ["health", "data"]))
    acme.tags = ["health"]
    acme.save()
    acme.refresh()
    check(acme.tags, ["health"])
    check(len(Company.nodes), 2)
    check([it.name for it in Company.nodes.filter(name__icontains="cm")], ["Acme"])
    check([it.name for it in Company.nodes.order_by("-name")], ["Beta", "Acme"])
    check([it.name for it in Company.nodes.filter(founded__lt=datetime.date(2021, 1, 1))], ["Acme"])
    try:
        Company.nodes.get(name="Gamma")
    except DoesNotExist:
        pass
    else:
        raise AssertionError("there is a company that nobody made")


def relationships():
    before = datetime.datetime.now(datetime.timezone.utc)
    trust = Funder(name="Trust").save()
    assert abs((trust.since - before).total_seconds()) < 60
    acme, beta = Company.nodes.get(name="Acme"), Company.nodes.get(name="Beta")
    trust.funds.connect(acme, {"amount": 5})
    trust.funds.connect(beta, {"amount": 50})
    check(trust.funds.relationship(acme).amount, 5)
    check(sorted(it.name for it in trust.funds.all()), ["Acme", "Beta"])
    check([it.name for it in trust.funds.match(amount__gt=10)], ["Beta"])
    check([it.name for it in acme.funders.all()], ["Trust"])
    rows = Funder.nodes.traverse("funds").all()
    check(sorted((funder.name, company.name, tie.amount) for funder, company, tie in rows),
          [("Trust", "Acme", 5), ("Trust", "Beta", 50)])
    trust.funds.disconnect(beta)
    check(trust.funds.is_connected(beta), False)


def statements():
    rows, columns = db.cypher_query(
        "MATCH (a:Funder)-[r:FUNDS]->(b) RETURN a, r, b", resolve_objects=True
    )
    check(columns, ["a", "r", "b"])
    [[funder, tie, company]] = rows
    check((funder.name, tie.amount, company.name), ("Trust", 5, "Acme"))
    check((db.list_indexes(), db.list_constraints()), ([], []))


def transactions():
    try:
        with db.transaction:
            Company(name="Gamma").save()
            raise RuntimeError
    except RuntimeError:
        pass
    check(Company.nodes.get_or_none(name="Gamma"), None)
    with db.transaction:
        Company(name="Gamma").save()
    Company.nodes.get(name="Gamma").delete()
    check(len(Company.nodes), 2)


def main(address):
    get_config().database_url = f"bolt://neo4j:any@{address}"
    check(db.database_version, "5.26.0")
    nodes()
    relationships()
    statements()
    transactions()
    db.close_connection()
    print(f"neomodel {importlib.metadata.version('neomodel')} reads and writes")


main(sys.argv[1])
