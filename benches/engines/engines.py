"""What queries cost in other engines, beside weft and SQLite in one run.

    python3 benches/engines/engines.py [--large] [--folder DIR] [--program PROGRAM] [--only NAME]
                                       [--engines a,b] [--question-seconds N] [--engine-seconds N]

README.md says what is compared and how.
"""

import argparse
import csv
import json
import os
import pathlib
import statistics
import subprocess
import sys
import threading
import time
import venv

PINNED = {"duckdb": "duckdb==2.0.0", "ladybug": "real_ladybug==0.15.3", "graphqlite": "graphqlite==0.12.0"}
HERE = pathlib.Path(__file__).resolve()
SECONDS, RUNS = 2.0, 200
# How long a question, and how long an engine with all that it loads, may take.
QUESTION_SECONDS, ENGINE_SECONDS = 60, {False: 300, True: 1800}
FUNDERS = "('funder', 'investor')"

# The questions in SQL for DuckDB: arcs has each tie both ways.
DUCKDB = {
    "by name": "SELECT id FROM nodes WHERE name = $name",
    "by id": "SELECT name FROM nodes WHERE id = $id",
    "one hop, typed": "SELECT b.name FROM nodes a JOIN arcs ON arcs.a = a.key AND relation = 'partners_with' "
                      "JOIN nodes b ON b.key = arcs.b WHERE a.id = $id",
    "two hops, distinct": "SELECT count(DISTINCT y.b) FROM nodes n JOIN arcs x ON x.a = n.key "
                          "JOIN arcs y ON y.a = x.b AND y.tie <> x.tie WHERE n.id = $id",
    "three hops, distinct": "SELECT count(DISTINCT z.b) FROM nodes n JOIN arcs x ON x.a = n.key "
                            "JOIN arcs y ON y.a = x.b AND y.tie <> x.tie "
                            "JOIN arcs z ON z.a = y.b AND z.tie <> y.tie AND z.tie <> x.tie WHERE n.id = $id",
    "path between two": "WITH RECURSIVE walk (node, n) USING KEY (node) AS ("
                        "SELECT key, 0 FROM nodes WHERE id = $id UNION "
                        "SELECT arcs.b, walk.n + 1 FROM walk JOIN arcs ON arcs.a = walk.node "
                        "WHERE walk.n < 6 AND NOT EXISTS (FROM recurring.walk AS r WHERE r.node = arcs.b)) "
                        "SELECT n FROM walk WHERE node = (SELECT key FROM nodes WHERE id = $to)",
    "funding by funder": "SELECT f.id, sum(r.amount) FROM nodes f JOIN ties r ON r.source = f.key "
                         f"WHERE f.kind IN {FUNDERS} AND r.relation = 'funds' GROUP BY f.key, f.id",
    "top 20 by degree": "SELECT id, n FROM (SELECT a, count(*) AS n FROM arcs GROUP BY a) "
                        "JOIN nodes ON key = a ORDER BY n DESC, id LIMIT 20",
    "range": "SELECT id FROM nodes WHERE valid_from >= '1990' AND valid_from < '1992'",
    "prefix": "SELECT name FROM nodes WHERE starts_with(name, $prefix)",
    "triangles": "SELECT count(*) FROM ties x JOIN ties y ON y.source = x.target "
                 "JOIN ties z ON z.source = x.source AND z.target = y.target WHERE x.relation = 'partners_with' "
                 "AND y.relation = 'partners_with' AND z.relation = 'partners_with'",
    "five clauses": "WITH f AS (SELECT f.key, f.id, count(*) AS n, sum(r.amount) AS total "
                    "FROM nodes f JOIN ties r ON r.source = f.key JOIN nodes c ON c.key = r.target "
                    f"WHERE f.kind IN {FUNDERS} AND c.kind = 'company' AND r.relation = 'funds' "
                    "GROUP BY f.key, f.id HAVING count(*) >= 2) "
                    "SELECT id, n, total, count(DISTINCT arcs.b) FROM f JOIN arcs ON arcs.a = f.key "
                    "AND relation = 'partners_with' GROUP BY f.key, id, n, total ORDER BY total DESC, id LIMIT 10",
}

# The same in the dialect of openCypher that Ladybug and GraphQLite read.
CYPHER = {
    "by name": "MATCH (n:Node) WHERE n.name = $name RETURN n.id",
    "by id": "MATCH (n:Node) WHERE n.id = $id RETURN n.name",
    "one hop, typed": "MATCH (a:Node)-[:partners_with]-(b:Node) WHERE a.id = $id RETURN b.name",
    "two hops, distinct": "MATCH (a:Node)-[]-(b:Node)-[]-(c:Node) WHERE a.id = $id RETURN count(DISTINCT c.key)",
    "three hops, distinct": "MATCH (a:Node)-[]-(b:Node)-[]-(c:Node)-[]-(d:Node) WHERE a.id = $id "
                            "RETURN count(DISTINCT d.key)",
    "funding by funder": "MATCH (f:Node)-[r:funds]->(:Node) WHERE f.kind IN ['funder', 'investor'] "
                         "RETURN f.id, sum(r.amount)",
    "top 20 by degree": "MATCH (n:Node)-[]-(:Node) RETURN n.id AS id, count(*) AS n_ties "
                        "ORDER BY n_ties DESC, id LIMIT 20",
    "range": "MATCH (n:Node) WHERE n.valid_from >= '1990' AND n.valid_from < '1992' RETURN n.id",
    "prefix": "MATCH (n:Node) WHERE n.name STARTS WITH $prefix RETURN n.name",
    "triangles": "MATCH (a:Node)-[:partners_with]->(b:Node)-[:partners_with]->(c:Node), "
                 "(a)-[:partners_with]->(c) RETURN count(*)",
    "five clauses": "MATCH (f:Node)-[r:funds]->(c:Node) WHERE f.kind IN ['funder', 'investor'] "
                    "AND c.kind = 'company' WITH f, count(*) AS n, sum(r.amount) AS total WHERE n >= 2 "
                    "MATCH (f)-[:partners_with]-(p:Node) WITH f, n, total, count(DISTINCT p.key) AS n_partners "
                    "RETURN f.id AS id, n, total, n_partners ORDER BY total DESC, id LIMIT 10",
}
LADYBUG = CYPHER | {
    "path between two": "MATCH p = (a:Node)-[* SHORTEST 1..6]-(b:Node) WHERE a.id = $id AND b.id = $to "
                        "RETURN length(p)",
}


def duckdb(folder):
    import duckdb as engine
    it = engine.connect()
    it.execute("SET threads = 1")
    it.execute(f"""
        CREATE TABLE nodes AS SELECT * FROM read_csv('{folder}/nodes.csv', header = false, all_varchar = true,
            nullstr = '', columns = {{'key': 'INTEGER', 'id': 'VARCHAR', 'kind': 'VARCHAR', 'name': 'VARCHAR',
            'valid_from': 'VARCHAR'}});
        CREATE TABLE ties AS SELECT * FROM read_csv('{folder}/ties.csv', header = false, nullstr = '',
            columns = {{'key': 'INTEGER', 'source': 'INTEGER', 'relation': 'VARCHAR', 'target': 'INTEGER',
            'amount': 'DOUBLE'}});
        CREATE TABLE arcs AS SELECT source AS a, target AS b, key AS tie, relation FROM ties
            UNION ALL SELECT target, source, key, relation FROM ties ORDER BY a;
        CREATE UNIQUE INDEX nodes_id ON nodes (id);
        CREATE UNIQUE INDEX nodes_key ON nodes (key);
        CREATE INDEX nodes_name ON nodes (name);
        CREATE INDEX arcs_a ON arcs (a);
        ANALYZE;
    """.replace(", all_varchar = true", ""))
    return DUCKDB, lambda text, parameters: it.execute(text, parameters).fetchall(), it.interrupt


def ladybug(folder):
    import real_ladybug as engine
    it = engine.Connection(engine.Database(":memory:"), num_threads=1)
    it.execute("CREATE NODE TABLE Node (key INT64, id STRING, kind STRING, name STRING, valid_from STRING, "
               "PRIMARY KEY (id))")
    it.execute(f"COPY Node FROM '{folder}/nodes.csv' (header = false)")
    ids, by_relation = {}, {}
    with open(folder / "nodes.csv") as file:
        for row in csv.reader(file):
            ids[row[0]] = row[1]
    with open(folder / "ties.csv") as file:
        for key, source, relation, target, amount in csv.reader(file):
            by_relation.setdefault(relation, []).append((ids[source], ids[target], key, amount))
    for relation, rows in by_relation.items():
        path = folder / f"ladybug-{relation}.csv"
        with open(path, "w") as file:
            csv.writer(file).writerows(rows)
        it.execute(f"CREATE REL TABLE {relation} (FROM Node TO Node, key INT64, amount DOUBLE)")
        it.execute(f"COPY {relation} FROM '{path}' (header = false)")
    prepared = {}

    def ask(text, parameters):
        if text not in prepared:
            prepared[text] = it.prepare(text)
        return it.execute(prepared[text], parameters).get_all()

    return LADYBUG, ask, it.interrupt


def graphqlite(folder):
    import graphqlite as engine
    it = engine.Graph(":memory:")
    with open(folder / "nodes.csv") as file:
        rows = list(csv.reader(file))
    nodes = [(row[1], {"key": int(row[0]), "kind": row[2], "name": row[3]}
              | ({"valid_from": row[4]} if row[4] else {}), "Node") for row in rows]
    ids = {row[0]: row[1] for row in rows}
    with open(folder / "ties.csv") as file:
        ties = [(ids[source], ids[target], {"amount": float(amount)} if amount else {}, relation)
                for _, source, relation, target, amount in csv.reader(file)]
    it.insert_graph_bulk(nodes, ties)
    stop = getattr(it.connection, "interrupt", None) or it.connection.sqlite_connection.interrupt
    return (CYPHER, lambda text, parameters: [tuple(row.values()) for row in it.connection.cypher(text, parameters)],
            stop)


ENGINES = {"duckdb": duckdb, "ladybug": ladybug, "graphqlite": graphqlite}


def text(value):
    return f"{value:.3f}" if isinstance(value, float) else "" if value is None else str(value)


def timed(ask, stop, limit, question, parameters):
    """The rows, and the median time of the processor in microseconds."""
    is_stopped = threading.Event()

    def stop_it():
        is_stopped.set()
        stop()

    watch = threading.Timer(limit, stop_it)
    watch.start()
    start = time.process_time_ns()
    try:
        rows = ask(question, parameters)
    except Exception as error:
        raise TimeoutError(f"stopped after {limit} s") if is_stopped.is_set() else error
    finally:
        watch.cancel()
    first = (time.process_time_ns() - start) / 1000
    if first > SECONDS * 1e6:
        return rows, first
    times, begin = [], time.monotonic()
    while len(times) < 3 or (len(times) < RUNS and time.monotonic() - begin < SECONDS):
        start = time.process_time_ns()
        ask(question, parameters)
        times.append((time.process_time_ns() - start) / 1000)
    return rows, statistics.median(times)


def one_engine(name, folder, only, limit):
    """Asks one engine all it can answer, a line for each question."""
    questions, ask, stop = ENGINES[name](folder)
    for line in (folder / "answers.jsonl").read_text().splitlines():
        told = json.loads(line)
        question = questions.get(told["name"])
        if question is None or (only and only not in told["name"]):
            continue
        parameters = {key: it for key, it in told["parameters"].items() if f"${key}" in question}
        try:
            rows, micros = timed(ask, stop, limit, question, parameters)
            answer = sorted([text(it) for it in row] for row in rows)
            print(json.dumps([told["name"], micros, answer == told["answer"]]), flush=True)
        except Exception as error:  # Whatever an engine cannot do is told in the table.
            print(json.dumps([told["name"], None, str(error)[:90]]), flush=True)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("/tmp/weft-engines"))
    arguments.add_argument("--program", help="the built benchmark; without it cargo builds it")
    arguments.add_argument("--only", default="")
    arguments.add_argument("--engines", default=",".join(ENGINES))
    arguments.add_argument("--large", action="store_true", help="1,000,000 nodes and 5,000,000 ties")
    arguments.add_argument("--question-seconds", type=int, default=QUESTION_SECONDS)
    arguments.add_argument("--engine-seconds", type=int)
    arguments.add_argument("--as-engine", help=argparse.SUPPRESS)
    given = arguments.parse_args()
    folder = given.folder / ("large" if given.large else "medium")
    if given.as_engine:
        return one_engine(given.as_engine, folder, given.only, given.question_seconds)
    longest = given.engine_seconds or ENGINE_SECONDS[given.large]
    folder.mkdir(parents=True, exist_ok=True)
    python = given.folder / "venv" / "bin" / "python"
    if not python.exists():
        venv.create(given.folder / "venv", with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *PINNED.values()], check=True)
    command = [given.program] if given.program else ["cargo", "bench", "--bench", "queries", "--"]
    subprocess.run([*command, *([given.only] if given.only else [])], check=True, stdout=sys.stderr,
                   env=os.environ | {"WEFT_BENCH_OUT": str(folder), "WEFT_BENCH_SIZE": folder.name,
                                     "WEFT_BENCH_SECONDS": str(given.question_seconds)})
    table = {}
    for line in (folder / "answers.jsonl").read_text().splitlines():
        told = json.loads(line)
        table[told["name"]] = {"weft": told["weft"], "sqlite3": told["sqlite3"] or "(stopped)"}
    for name in given.engines.split(","):
        told = folder / f"{name}.jsonl"
        with open(told, "w") as file:
            try:
                command = [python, HERE, "--folder", given.folder, "--only", given.only, "--as-engine", name,
                           "--question-seconds", str(given.question_seconds)]
                subprocess.run(command + ["--large"] * given.large, stdout=file, timeout=longest)
            except subprocess.TimeoutExpired:
                print(f"{name}: stopped after {longest} seconds", file=sys.stderr)
        for line in told.read_text().splitlines():
            question, micros, is_same = json.loads(line)
            table[question][name] = micros if is_same is True else f"({is_same or 'another answer'})"
    columns = ["weft", "sqlite3", *given.engines.split(",")]
    print("| question | " + " | ".join(columns) + " | best other / weft |")
    print("|---" * (len(columns) + 2) + "|")
    for question, times in table.items():
        others = [it for name, it in times.items() if name != "weft" and isinstance(it, float)]
        cells = [f"{it:,.1f} µs" if isinstance(it, float) else (it or "-")
                 for it in (times.get(name) for name in columns)]
        ratio = f"{min(others) / times['weft']:.1f}" if others else "-"
        print(f"| {question} | " + " | ".join(cells) + f" | {ratio} |")


if __name__ == "__main__":
    main()
