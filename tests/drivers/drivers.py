"""The official Python driver of Neo4j against `weft serve`, on a store without a schema.

Usage: drivers.py ADDRESS VERSION. VERSION is that of Bolt which the two should agree on. Empties the
store. Fails with the first thing that is not as it should be.

Runs with any driver from 4.4 on: what an older one has no words for is left out.
"""

import asyncio
import logging
import sys

import neo4j
from neo4j import GraphDatabase
from neo4j.spatial import WGS84Point
from neo4j.time import Date, DateTime, Duration, Time


def check(found, expected):
    assert found == expected, f"found {found!r}, expected {expected!r}"


def values(session, text, **parameters):
    return session.run(text, **parameters).values()


def write(session, work):
    """In a transaction that is tried again, by the name that the driver has for it."""
    return (session.execute_write if hasattr(session, "execute_write") else session.write_transaction)(work)


def id_of(entity):
    """The id that is text, or the number of before it."""
    return entity.element_id if hasattr(entity, "element_id") else entity.id


def records_and_types(driver):
    with driver.session() as session:
        result = session.run(
            "CREATE (a:Person:Author {name: $name, born: date('1990-01-02'), at: point({x: 1, y: 2})})"
            "-[r:KNOWS {since: datetime('2020-01-01T10:00[Europe/London]')}]->(b:Person {name: 'B'}) "
            "RETURN a, r, b",
            name="Ada",
        )
        record = result.single()
        check(sorted(record["a"].labels), ["Author", "Person"])
        check(record["a"]["born"], Date(1990, 1, 2))
        check(record["r"].type, "KNOWS")
        check(id_of(record["r"].start_node), id_of(record["a"]))
        function = "elementId" if hasattr(record["a"], "element_id") else "id"
        check(values(session, f"MATCH (n:Author) RETURN {function}(n)"), [[id_of(record["a"])]])
        counters = result.consume().counters
        check((counters.nodes_created, counters.relationships_created), (2, 1))
        path = session.run("MATCH p = (:Author)-[*]->() RETURN p").single()["p"]
        check(([it["name"] for it in path.nodes], len(path.relationships)), (["Ada", "B"], 1))
        check([id_of(path.start_node), id_of(path.relationships[0])], [id_of(record["a"]), id_of(record["r"])])
        for value in [
            None, True, 1 << 62, 2.5, "ü", [1, [None]], {"a": {"b": 1}},
            Date(2024, 2, 29), Time(12, 30), DateTime(2024, 1, 1, 12), Duration(1, 2, 3, 4),
            WGS84Point((-1.5, 53.8)),
        ]:
            check(values(session, "RETURN $value", value=value), [[value]])
        # Summer and winter, a zone and an offset, a moment that the clock there shows twice.
        for text in [
            "2020-07-01T10:00[Europe/London]", "2020-01-01T10:00:00.000000007[Europe/London]",
            "1969-07-20T20:17:40-05:30", "2024-10-27T01:30:00+01:00[Europe/London]",
        ]:
            found = session.run("RETURN datetime($written) AS it", written=text).single()["it"]
            same = "RETURN $it = datetime($written), $it.epochSeconds = datetime($written).epochSeconds"
            check(values(session, same, written=text, it=found), [[True, True]])
            check(found.iso_format()[:16], text[:16])
        days = values(session, "RETURN duration.inDays(date($a), date($b)).days", a="2024-02-28", b="2024-03-01")
        check(days, [[2]])


def transactions(driver):
    with driver.session() as one, driver.session() as two:
        first, second = one.begin_transaction(), two.begin_transaction()
        make = "CREATE (n:T {k: $k}) RETURN elementId(n)"
        ids = [first.run(make, k=1).single()[0], second.run(make, k=2).single()[0]]
        check(second.run("MATCH (n:T) RETURN count(n)").single()[0], 1)
        second.commit()
        first.commit()
        found = values(one, "MATCH (n:T) RETURN elementId(n) ORDER BY n.k")
        check([it[0] for it in found], ids)
        first = one.begin_transaction()
        first.run("MATCH (n) DETACH DELETE n").consume()
        first.rollback()
        check(values(one, "MATCH (n:T) RETURN count(n)"), [[2]])
        first, second = one.begin_transaction(), two.begin_transaction()
        for transaction in (first, second):
            transaction.run("MATCH (n:T {k: 1}) SET n.v = 1").consume()
        first.commit()
        try:
            second.commit()
        except neo4j.exceptions.TransientError:
            pass
        else:
            raise AssertionError("both changed the same node, and both committed")
        write(one, lambda it: it.run("MATCH (n:T {k: 1}) SET n.v = 2").consume())


def faults(driver, version):
    with driver.session() as session:
        try:
            session.run("RETRUN 1").consume()
        except neo4j.exceptions.CypherSyntaxError as error:
            check(error.code, "Neo.ClientError.Statement.SyntaxError")
            assert "did you mean `RETURN`" in error.message, error.message
            check((error.metadata["kind"], error.metadata["phase"]), ("SyntaxError", "compile time"))
            if version >= (5, 7):
                check(error.gql_status, "42001")
                # The status adds a few words, and does not say the whole again.
                check(str(error).count("did you mean `RETURN`"), 1)
        else:
            raise AssertionError("a fault was let through")
        check(values(session, "RETURN 1"), [[1]])
        told = session.run("MATCH (n:Nowhere) RETURN n").consume()
        codes = [it["code"] for it in told.notifications]
        check(codes, ["Neo.ClientNotification.Statement.UnknownLabelWarning"])
        if version >= (5, 6):
            check([it.gql_status for it in told.gql_status_objects], ["02000", "01N50"])
        n_rows = sum(1 for _ in session.run("UNWIND range(1, 20000) AS n RETURN n"))
        check(n_rows, 20000)


def routing(address):
    """Through a routing driver, with and without the name of a database, and never for somebody else."""
    with GraphDatabase.driver(f"neo4j://{address}", max_transaction_retry_time=5) as driver:
        driver.verify_connectivity()
        for database in (None, "neo4j"):
            with driver.session(database=database) as session:
                n = write(session, lambda tx: tx.run("CREATE (n:Routed) RETURN count(n)").single()[0])
                check(n, 1)
        with driver.session(database="neo4j", default_access_mode=neo4j.READ_ACCESS) as session:
            result = session.run("MATCH (n:Routed) RETURN count(n)")
            check((result.single()[0], result.consume().query_type), (2, "r"))
        if hasattr(neo4j, "RoutingControl") and hasattr(neo4j.RoutingControl, "READ"):
            records, summary, _ = driver.execute_query(
                "MATCH (n:Routed) RETURN count(n)", database_="neo4j", routing_=neo4j.RoutingControl.READ
            )
            check((records[0][0], summary.query_type), (2, "r"))
        with driver.session(impersonated_user="bob") as session:
            try:
                session.run("RETURN 1").consume()
            except neo4j.exceptions.ClientError as error:
                check(error.code, "Neo.ClientError.Security.Forbidden")
            else:
                raise AssertionError("somebody acted for another user")


async def side_by_side(address):
    """The driver's asynchronous side: many sessions at once."""
    async with neo4j.AsyncGraphDatabase.driver(f"bolt://{address}") as driver:

        async def one(n):
            async with driver.session(fetch_size=3) as session:
                result = await session.run("UNWIND range(1, $n) AS x RETURN x", n=n)
                return sum([record[0] async for record in result])

        check(await asyncio.gather(*map(one, range(20))), [n * (n + 1) // 2 for n in range(20)])


def main(address, version):
    # What is noticed here is meant to be, and need not stand in the log.
    logging.getLogger("neo4j.notifications").setLevel(logging.ERROR)
    with GraphDatabase.driver(f"bolt://{address}") as driver:
        driver.verify_connectivity()
        with driver.session() as session:
            summary = session.run("MATCH (n) DETACH DELETE n").consume()
        check(".".join(map(str, summary.server.protocol_version)), version)
        records_and_types(driver)
        transactions(driver)
        faults(driver, tuple(summary.server.protocol_version))
    routing(address)
    if hasattr(neo4j, "AsyncGraphDatabase"):
        asyncio.run(side_by_side(address))
    print(f"the Python driver {neo4j.__version__} reads and writes by Bolt {version}")


main(*sys.argv[1:])
