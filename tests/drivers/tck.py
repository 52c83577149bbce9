"""The openCypher compatibility kit through the official Python driver: every scenario is run against
`weft serve --bolt --free`, and what the driver gives is compared with what the kit says.

Usage: tck.py WEFT KIT [TEXT]. WEFT is built with `--features tck`, KIT holds `features` and `graphs`;
with TEXT only scenarios whose name holds it are run. Fails where a scenario does.

Nothing here looks at the name or the text of a scenario to decide what to do. What the driver cannot
hold of a value stands in `Text.fits`: it cuts the offset of a time to whole minutes, and asks pytz
for the offsets of named zones, which are rounded to minutes before clocks were standardised.
"""

import collections
import math
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

import neo4j
import pytz
from gherkin.parser import Parser
from gherkin.pickles.compiler import Compiler
from neo4j.exceptions import BrokenRecordError, Neo4jError
from neo4j.graph import Node, Path, Relationship
from neo4j.time import Date, DateTime, Duration, Time

# What the kit sees of a graph (README.adoc, "Observability of side effects").
SEEN = {
    "nodes": "MATCH (n) RETURN n",
    "relationships": "MATCH ()-[r]->() RETURN r",
    "properties": """
        MATCH (n) UNWIND keys(n) AS key WITH properties(n) AS properties, key, n
        RETURN n AS entity, key, properties[key] AS value
        UNION ALL
        MATCH ()-[r]->() UNWIND keys(r) AS key WITH properties(r) AS properties, key, r
        RETURN r AS entity, key, properties[key] AS value""",
    "labels": "MATCH (n) UNWIND labels(n) AS label RETURN DISTINCT label",
}
KINDS_OF_ERRORS = re.compile(r"an? (\w+) should be raised at (.+?): (\S+)$")


class Unlike(Exception):
    """Something is not as the kit says."""


class Server:
    """`weft serve` on a store of its own, and a driver that is connected to it."""

    def __init__(self, weft):
        self.folder = tempfile.TemporaryDirectory()
        command = [weft, "--db", f"{self.folder.name}/kit.db", "serve", "--free", "--bolt", "127.0.0.1:0"]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if found := re.search(r"bolt://[0-9.:]+", line):
                self.driver = neo4j.GraphDatabase.driver(found[0], notifications_min_severity="OFF")
                return
        raise SystemExit(f"{' '.join(command)} did not come up")

    def close(self):
        self.driver.close()
        self.process.send_signal(signal.SIGINT)
        status = self.process.wait(30)
        self.process.stderr.close()
        self.folder.cleanup()
        if status != 0:
            raise SystemExit(f"the server ended with {status}")


class World:
    """What a scenario has made so far."""

    def __init__(self, session, graphs):
        self.session, self.graphs = session, graphs
        self.parameters = {}
        self.before = self.columns = self.rows = self.counters = self.error = None
        self.has_procedures = False

    def step(self, step):
        text = step["text"].rstrip(": ")
        argument = step.get("argument", {})
        doc = argument.get("docString", {}).get("content")
        rows = argument.get("dataTable", {}).get("rows", [])
        table = [[cell["value"] for cell in row["cells"]] for row in rows]
        if text in ("an empty graph", "any graph"):
            pass
        elif found := re.fullmatch(r"the (\S+) graph", text):
            for query in filter(str.strip, self.graphs[found[1]].split(";")):
                self.session.run(query).consume()
        elif text.startswith("there exists a procedure "):
            self.add_procedure(text.removeprefix("there exists a procedure "), table)
        elif text == "having executed":
            self.session.run(doc).consume()
        elif text == "parameters are":
            self.parameters = {name: Reader(value).whole() for name, value in table}
        elif text == "executing query":
            self.before = self.see()
            self.query(doc)
        elif text == "executing control query":
            self.query(doc)
        elif text == "the result should be empty":
            self.must_have_run()
            must(not self.rows, f"{len(self.rows)} rows where none was expected")
        elif text.startswith("the result should be"):
            self.check_rows(table, "in order" in text, "ignoring element order" in text)
        elif text == "no side effects":
            self.check_side_effects({})
        elif text == "the side effects should be":
            self.check_side_effects({name: int(n) for name, n in table})
        elif found := KINDS_OF_ERRORS.fullmatch(text):
            self.check_error(*found.groups())
        else:
            raise Unlike("there is no such step")

    def query(self, text):
        self.columns = self.rows = self.counters = self.error = None
        try:
            result = self.session.run(text, self.parameters)
            self.columns = list(result.keys())
            self.rows = [list(record.values()) for record in result]
            self.counters = result.consume().counters
        except Neo4jError as error:
            self.error = error

    def add_procedure(self, text, table):
        names = [it for part in re.findall(r"\(([^)]*)\)", text) for it in part.split(",")]
        columns = [it.split("::")[0].strip() for it in names if it.strip()]
        rows = [[Reader(it).whole() for it in row] for row in table[1:]] if columns else []
        if columns and table:
            columns = table[0]
        self.has_procedures = True
        self.session.run(
            "CALL weft.tck.procedure($signature, $columns, $rows)",
            signature=text, columns=columns, rows=rows,
        ).consume()

    def see(self):
        seen = {}
        for name, query in SEEN.items():
            rows = self.session.run(query).values()
            seen[name] = collections.Counter(repr([identity(it) for it in row]) for row in rows)
        return seen

    def must_have_run(self):
        must(self.error is None, f"{self.error}")

    def check_rows(self, table, ordered, unordered_lists):
        self.must_have_run()
        must(self.columns == table[0], f"columns {self.columns}, expected {table[0]}")
        expected = [[Reader(it).whole() for it in row] for row in table[1:]]

        def same(row, found):
            return all(fits(a, b, unordered_lists) for a, b in zip(row, found, strict=True))

        if ordered:
            good = len(expected) == len(self.rows) and all(map(same, expected, self.rows))
        else:
            good = same_bag(expected, self.rows, same)
        must(good, f"rows {self.rows}\nexpected {table[1:]}")

    def check_side_effects(self, expected):
        after, found = self.see(), {}
        for name in SEEN:
            found[f"+{name}"] = (after[name] - self.before[name]).total()
            found[f"-{name}"] = (self.before[name] - after[name]).total()
        found = {name: n for name, n in found.items() if n}
        must(found == expected, f"side effects {found}, expected {expected}")
        if self.counters is not None:
            self.check_counters(found)

    def check_counters(self, seen):
        """The driver's counters say what was done, the kit what can be seen of it afterwards."""
        counters = self.counters
        for name in ("nodes", "relationships"):
            came, went = (getattr(counters, f"{name}_{it}") for it in ("created", "deleted"))
            good = came - went == seen.get(f"+{name}", 0) - seen.get(f"-{name}", 0)
            must(good and came >= seen.get(f"+{name}", 0), f"{counters}, but seen {seen}")
        for name, did in (
            ("properties", counters.properties_set + counters.nodes_deleted + counters.relationships_deleted),
            ("labels", counters.labels_added + counters.labels_removed + counters.nodes_deleted),
        ):
            must(did or not (seen.get(f"+{name}") or seen.get(f"-{name}")), f"{counters}, but seen {seen}")
        must(counters.contains_updates or not seen, f"no updates, but seen {seen}")

    def check_error(self, kind, phase, detail):
        must(self.error is not None, f"no error, but {self.rows}")
        found = self.error.metadata
        good = found.get("kind") == kind and detail in ("*", found.get("detail"))
        must(good and phase in ("any time", found.get("phase")), f"{self.error}")
        # Whoever cannot see the keys reads the same at the head of the message.
        head = f"{found['kind']} at {found['phase']}: {found['detail']}: "
        must(self.error.message.startswith(head), f"{self.error}")


def must(holds, why):
    if not holds:
        raise Unlike(why)


def identity(value):
    """What tells a value from others before and after: nodes and relationships by their id."""
    return value.element_id if isinstance(value, (Node, Relationship)) else value


class Text(str):
    """A string of the kit, which stands for a temporal value too."""

    DATE = r"([+-]?\d{4,9})-(\d\d)-(\d\d)"
    CLOCK = r"(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?"
    OFFSET = r"(Z|[+-]\d\d:\d\d(?::\d\d)?)"

    def fits(self, value):
        if isinstance(value, Duration):
            return self.duration() == (value.months, value.days, value.seconds * 10**9 + value.nanoseconds)
        if isinstance(value, DateTime):
            found = re.fullmatch(rf"{self.DATE}T{self.CLOCK}(?:{self.OFFSET}(?:\[(.+)\])?)?", self)
            if not found:
                return False
            expected = DateTime(*map(int, found.groups()[:3]), *clock(found.groups()[3:7]))
            offset, zone = found[8], found[9]
            if offset is None or value.tzinfo is None:
                return offset is None and value.tzinfo is None and expected == value
            # The moment is exact, the offset is what the driver makes of it.
            at = value.as_timezone(pytz.UTC).replace(tzinfo=None)
            found_zone = None if value.tzinfo is pytz.UTC else getattr(value.tzinfo, "zone", None)
            same_zone = found_zone == zone
            same_offset = zone or minutes(value.utc_offset()) == seconds(offset) // 60
            return same_zone and same_offset and at + Duration(seconds=seconds(offset)) == expected
        if isinstance(value, Date):
            found = re.fullmatch(self.DATE, self)
            return bool(found) and Date(*map(int, found.groups())) == value
        if isinstance(value, Time):
            found = re.fullmatch(rf"{self.CLOCK}{self.OFFSET}?", self)
            if not found or Time(*clock(found.groups()[:4])).ticks != value.ticks:
                return False
            if found[5] is None or value.tzinfo is None:
                return found[5] is None and value.tzinfo is None
            return minutes(value.utc_offset()) == seconds(found[5]) // 60
        return isinstance(value, str) and str(self) == value

    def duration(self):
        whole = r"(?:(-?\d+)%s)?"
        date = "".join(whole % unit for unit in "YMWD")
        found = re.fullmatch(rf"P{date}(?:T{whole % 'H'}{whole % 'M'}(?:(-?)(\d+)(?:\.(\d+))?S)?)?", self)
        if not found:
            return None
        years, months, weeks, days, hours, mins = (int(it or 0) for it in found.groups()[:6])
        nanoseconds = int(found[8] or 0) * 10**9 + int((found[9] or "").ljust(9, "0"))
        total = (hours * 60 + mins) * 60 * 10**9 + (-nanoseconds if found[7] else nanoseconds)
        return years * 12 + months, weeks * 7 + days, total


def clock(parts):
    hour, minute, second, fraction = parts
    return int(hour), int(minute), int(second or 0), int((fraction or "").ljust(9, "0"))


def seconds(offset):
    if offset == "Z":
        return 0
    parts = [int(it) for it in offset[1:].split(":")] + [0]
    total = parts[0] * 3600 + parts[1] * 60 + parts[2]
    return -total if offset[0] == "-" else total


def minutes(offset):
    return offset.total_seconds() // 60


# Values that the driver has as well are what Python calls them; these are patterns of others.
NodePattern = collections.namedtuple("NodePattern", "labels properties")
RelationshipPattern = collections.namedtuple("RelationshipPattern", "type properties")
PathPattern = collections.namedtuple("PathPattern", "nodes relationships")


def fits(expected, value, unordered):
    """Whether a value is what the kit says; lists in any order where `unordered`."""

    def same_map(pattern, found):
        return pattern.keys() == found.keys() and all(fits(pattern[it], found[it], unordered) for it in pattern)

    if isinstance(expected, NodePattern):
        good = isinstance(value, Node) and set(expected.labels) == set(value.labels)
        return good and same_map(expected.properties, dict(value))
    if isinstance(expected, RelationshipPattern):
        good = isinstance(value, Relationship) and expected.type == value.type
        return good and same_map(expected.properties, dict(value))
    if isinstance(expected, PathPattern):
        if not isinstance(value, Path) or len(expected.relationships) != len(value.relationships):
            return False
        steps = zip(expected.relationships, value.relationships, value.nodes, value.nodes[1:])
        return all(fits(a, b, unordered) for a, b in zip(expected.nodes, value.nodes, strict=True)) and all(
            fits(pattern, found, unordered)
            and (found.start_node, found.end_node) == ((left, right) if to_the_right else (right, left))
            for (pattern, to_the_right), found, left, right in steps
        )
    if isinstance(expected, list):
        if not isinstance(value, list) or len(expected) != len(value):
            return False
        if unordered:
            return same_bag(expected, value, lambda a, b: fits(a, b, True))
        return all(fits(a, b, False) for a, b in zip(expected, value))
    if isinstance(expected, dict):
        return isinstance(value, dict) and same_map(expected, value)
    if isinstance(expected, Text):
        return expected.fits(value)
    if isinstance(expected, float) and math.isnan(expected):
        return isinstance(value, float) and math.isnan(value)
    return type(expected) is type(value) and expected == value


def same_bag(expected, found, same):
    left = list(found)
    for one in expected:
        at = next((n for n, other in enumerate(left) if same(one, other)), None)
        if at is None:
            return False
        del left[at]
    return not left


class Reader:
    """Reads the notation in which the kit writes values."""

    WORDS = {"null": None, "true": True, "false": False, "NaN": math.nan, "Inf": math.inf, "-Inf": -math.inf}

    def __init__(self, text):
        self.text, self.at = text, 0

    def whole(self):
        value = self.value()
        self.take(r"\s*")
        must(self.at == len(self.text), f"cannot read {self.text!r} to its end")
        return value

    def take(self, pattern):
        found = re.compile(rf"\s*({pattern})").match(self.text, self.at)
        if found:
            self.at = found.end()
        return found and found[1]

    def must_take(self, pattern):
        found = self.take(pattern)
        must(found is not None, f"cannot read {self.text!r} at {self.at}")
        return found

    def value(self):
        if self.take(r"\("):
            labels = []
            while self.take(":"):
                labels.append(self.name())
            properties = self.map() if self.take(r"\{") else {}
            self.must_take(r"\)")
            return NodePattern(labels, properties)
        if self.take(r"\[(?=\s*:)"):
            return self.relationship()
        if self.take(r"\["):
            return self.items(r"\]", self.value)
        if self.take(r"\{"):
            return self.map()
        if self.take("<"):
            return self.path()
        text = self.take(r"'(?:[^'\\]|\\.)*'")
        if text is not None:
            return Text(re.sub(r"\\(['\\])", r"\1", text[1:-1]))
        word = self.must_take(r"[^\s,\]})>]+")
        if word in self.WORDS:
            return self.WORDS[word]
        return int(word) if re.fullmatch(r"-?\d+", word) else float(word)

    def items(self, end, item):
        res = []
        if self.take(end):
            return res
        while True:
            res.append(item())
            if self.take(end):
                return res
            self.must_take(",")

    def map(self):
        def entry():
            key = self.name()
            self.must_take(":")
            return key, self.value()

        return dict(self.items(r"\}", entry))

    def name(self):
        return self.must_take(r"`[^`]*`|\w+").strip("`")

    def relationship(self):
        self.must_take(":")
        kind = self.name()
        properties = self.map() if self.take(r"\{") else {}
        self.must_take(r"\]")
        return RelationshipPattern(kind, properties)

    def path(self):
        nodes, relationships = [self.value()], []
        while not self.take(">"):
            to_the_left = self.must_take("<-|-") == "<-"
            self.must_take(r"\[")
            relationships.append((self.relationship(), not to_the_left))
            self.must_take("-" if to_the_left else "->")
            nodes.append(self.value())
        return PathPattern(nodes, relationships)


def scenarios(folder):
    """Each scenario's folder, name and steps, outlines written out; those tagged `@ignore` left out."""
    for file in sorted(folder.rglob("*.feature")):
        document = Parser().parse(file.read_text())
        document["uri"] = str(file)
        numbers = collections.Counter()
        for pickle in Compiler().compile(document):
            if any(tag["name"] == "@ignore" for tag in pickle["tags"]):
                continue
            name = f"{file.relative_to(folder).with_suffix('')}: {pickle['name']}"
            numbers[name] += 1
            yield str(file.parent.relative_to(folder)), f"{name} #{numbers[name]}", pickle["steps"]


def run(server, steps, graphs):
    """Why a scenario fails, if it does, and whether it has made procedures."""
    with server.driver.session() as session:
        session.run("MATCH (n) DETACH DELETE n").consume()
        world = World(session, graphs)
        for step in steps:
            try:
                world.step(step)
            except (Unlike, Neo4jError, BrokenRecordError) as why:
                return f"{step['text']}\n{why!r}" if isinstance(why, BrokenRecordError) else f"{step['text']}\n{why}", world.has_procedures
        if world.error is not None and world.before is not None:
            try:
                world.check_side_effects({})
            except Unlike as why:
                return f"after the error: {why}", world.has_procedures
        return None, world.has_procedures


def main(weft, kit, wanted=""):
    begun = time.monotonic()
    kit = pathlib.Path(kit)
    graphs = {it.stem: it.read_text() for it in kit.glob("graphs/*/*.cypher")}
    n_passed, n_all = collections.Counter(), collections.Counter()
    server = Server(weft)
    for folder, name, steps in scenarios(kit / "features"):
        if wanted not in name:
            continue
        why, has_procedures = run(server, steps, graphs)
        n_all[folder] += 1
        n_passed[folder] += why is None
        if why is not None:
            print(f"{name}\n  " + why.replace("\n", "\n  ") + "\n")
        if has_procedures:
            # They stay for the life of the server.
            server.close()
            server = Server(weft)
    server.close()
    for folder, n in sorted(n_all.items()):
        print(f"{n_passed[folder]:5} of {n:5}  {folder}")
    print(f"{n_passed.total():5} of {n_all.total():5}  in all, through the driver {neo4j.__version__}, in {time.monotonic() - begun:.0f} s")
    if not wanted and n_all.total() < 2000:
        raise SystemExit("scenarios of the kit are missing")
    if n_passed != n_all:
        raise SystemExit(1)


main(*sys.argv[1:])
