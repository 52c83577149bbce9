#!/usr/bin/env python3
"""Holds weft's measures against those of other tools, on the same files, answers compared.

    python3 benches/peers/peers.py [--only MEASURE,...] [--rounds N] [--folder FOLDER]

See README.md beside this file.
"""

import argparse
import json
import os
import struct
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
PINNED = ["igraph==1.0.0", "networkit==11.3", "rustworkx==0.18.1", "networkx==3.6.1", "numpy==2.4.6"]
GRAPHS = ["ecosystem-10k", "ecosystem-100k", "rmat-16"]
LEVEL = 1.3
TIMEOUT_S = 600
# In one turn a measure is repeated so often, or until so much time has gone (main.rs has the same), so
# that what takes microseconds is warm.
N_REPEATS = 20
REPEATED_S = 1.0

# Measure, graphs, goal, peers. The peers are those that have the measure; networkx only where it
# ends within minutes.
MEASURES = [
    ("degree", ["ecosystem-100k"], "20", "graph-tool igraph networkit petgraph networkx"),
    ("path", ["ecosystem-100k"], "8", "networkit igraph petgraph networkx"),
    ("bfs", ["ecosystem-100k", "rmat-16"], "8", "graph-tool igraph networkit petgraph networkx"),
    ("weighted", ["ecosystem-100k"], "level", "neo4j igraph networkit graph-tool petgraph networkx"),
    ("reach-2", ["ecosystem-100k"], "", "igraph"),
    ("reach-3", ["ecosystem-100k"], "", "igraph"),
    ("reach-all", ["ecosystem-100k"], "60", "igraph"),
    ("harmonic-256", ["ecosystem-100k"], "60", "igraph"),
    ("harmonic", ["ecosystem-10k"], "40", "networkit igraph graph-tool"),
    ("betweenness-256", ["ecosystem-100k"], "3.5", "igraph graph-tool"),
    ("betweenness", ["ecosystem-10k"], "2.5", "igraph networkit graph-tool rustworkx rustworkx-core"),
    ("constraint", ["ecosystem-100k"], "8", "igraph"),
    ("cuts", ["ecosystem-100k"], "2.5", "rustworkx-core:articulation igraph networkit:articulation petgraph networkx"),
    ("k-core", ["ecosystem-100k", "rmat-16"], "2", "networkit igraph graph-tool rustworkx-core networkx"),
    ("triangles", ["ecosystem-100k", "rmat-16"], "level; 2 of igraph", "neo4j:triangles-total igraph:clustering networkit:clustering graph-tool:clustering networkx"),
    ("page-rank", ["ecosystem-100k", "rmat-16"], "1.3 of neo4j, 3 of others", "neo4j igraph networkit graph-tool rustworkx networkx"),
    ("eigenvector", ["ecosystem-100k"], "3", "networkit igraph graph-tool"),
    ("leiden", ["ecosystem-100k"], "1.5, no lower modularity", "networkit igraph"),
    ("louvain", ["ecosystem-100k"], "1.5, no lower modularity", "networkit igraph"),
    ("candidates-jaccard", ["ecosystem-10k"], "20", "igraph networkit networkx"),
    ("candidates-adamic-adar", ["ecosystem-10k"], "", "networkit networkx"),
    ("candidates-allocation", ["ecosystem-10k"], "", "networkit networkx"),
    ("components", ["ecosystem-100k", "rmat-16"], "level", "petgraph igraph networkit graph-tool rustworkx-core networkx"),
]
RUST = ["petgraph", "rustworkx-core", "neo4j"]


# --- the peers ---------------------------------------------------------------------------------


def read(file):
    numbers = Path(file).read_text().split()
    n, m = int(numbers[0]), int(numbers[1])
    ends = list(map(int, numbers[2:]))
    return n, list(zip(ends[0::2], ends[1::2]))


def sources(n):
    return [it * n // 256 for it in range(256)]


def costs(m):
    """What each link costs, in the order of the file: whole numbers from 1 to 100."""
    return [float(1 + (it * 2654435761 >> 16) % 100) for it in range(m)]


def candidates(n, links):
    """All pairs two links apart, smaller number first."""
    near = [set() for _ in range(n)]
    for a, b in links:
        near[a].add(b)
        near[b].add(a)
    return [(a, b) for a in range(n) for b in sorted(set().union(*(near[it] for it in near[a])) - near[a]) if a < b]


def sums(n, found, scores):
    """The sum of the scores of the pairs of each node."""
    answer = [0.0] * n
    for (a, b), score in zip(found, scores):
        answer[a] += score
        answer[b] += score
    return answer


def pairs(n):
    return [(it * 7919 % n, (it * 104729 + 17) % n) for it in range(1000)]


def plain(answer):
    return [-1.0 if it == float("inf") else float(it) for it in answer]


def igraph_measure(measure, n, links):
    import igraph

    g = igraph.Graph(n, links)
    g.es["cost"] = costs(len(links))
    zero = lambda it: [0.0 if x != x else float(x) for x in it]

    def jaccard():
        far = enumerate(g.neighborhood(order=2, mindist=2))
        found = [(a, b) for a, row in far for b in row if a < b]
        return found, g.similarity_jaccard(pairs=found, loops=False)

    def reach(k):
        return lambda: g.neighborhood_size(vertices=sources(n), order=k), lambda it: [x - 1.0 for x in it]

    def cuts(found):
        answer = [0.0] * n
        for node in found[0]:
            answer[node] = 1.0
        return answer + [float(len(found[1]))]

    harmonic = lambda it: [x * (n - 1) for x in it]
    return {
        "degree": (lambda: g.degree(), plain),
        "path": (
            lambda: [g.get_shortest_path(a, b) for a, b in pairs(n)[:100]],
            lambda it: [float(len(x) - 1) for x in it],
        ),
        "bfs": (lambda: g.distances(source=[0])[0], plain),
        "weighted": (lambda: g.distances(source=[0], weights="cost")[0], list),
        "reach-2": reach(2),
        "reach-3": reach(3),
        "reach-all": reach(n),
        "harmonic-256": (lambda: g.harmonic_centrality(vertices=sources(n)), harmonic),
        "harmonic": (lambda: g.harmonic_centrality(), harmonic),
        "betweenness-256": (
            lambda: g.betweenness(sources=sources(n), targets=None),
            lambda it: [x * 2 for x in it],
        ),
        "betweenness": (lambda: g.betweenness(), list),
        "constraint": (lambda: g.constraint(), list),
        "cuts": (lambda: (g.articulation_points(), g.bridges()), cuts),
        "k-core": (lambda: g.coreness(), plain),
        "clustering": (lambda: g.transitivity_local_undirected(mode="zero"), zero),
        "page-rank": (lambda: g.pagerank(damping=0.85), list),
        "eigenvector": (lambda: g.eigenvector_centrality(scale=True), list),
        "leiden": (
            lambda: g.community_leiden("modularity", n_iterations=-1),
            lambda it: [it.modularity],
        ),
        "louvain": (lambda: g.community_multilevel(), lambda it: [it.modularity]),
        "candidates-jaccard": (jaccard, lambda it: sums(n, *it)),
        "components": (lambda: g.connected_components(), lambda it: [float(len(it))]),
    }[measure]


def networkit_measure(measure, n, links):
    import networkit

    networkit.setNumberOfThreads(1)
    g = networkit.Graph(n, weighted=measure == "weighted")
    for (a, b), cost in zip(links, costs(len(links))):
        g.addEdge(a, b, cost if measure == "weighted" else 1.0)
    g.indexEdges()

    def run(algorithm):
        algorithm.run()
        return algorithm

    far = lambda it: [-1.0 if x > n else float(x) for x in it]

    def path():
        return [run(networkit.distance.BidirectionalBFS(g, a, b)).getPath() for a, b in pairs(n)]

    def length(pair, between):
        """Links of a path that is told without its ends."""
        a, b = pair
        return 0.0 if a == b else len(between) + 1.0 if between or g.hasEdge(a, b) else -1.0

    def articulation(found):
        seen, answer = [False] * n, [0.0] * n
        for component in found.getComponents():
            for node in component:
                answer[node] = float(seen[node])
                seen[node] = True
        return answer

    def partition(algorithm):
        quality = networkit.community.Modularity().getQuality
        return lambda: run(algorithm()), lambda it: [quality(it.getPartition(), g)]

    def scores(algorithm):
        return lambda: run(algorithm()), lambda it: it.scores()

    def eigenvector(found):
        scores = found.scores()
        most = max(scores)
        return [it / most for it in scores]

    def candidate(index):
        def score():
            return index(g).runOn(networkit.linkprediction.MissingLinksFinder(g).findAtDistance(2))

        return score, lambda it: sums(n, [x[0] for x in it], [x[1] for x in it])

    central, prediction = networkit.centrality, networkit.linkprediction
    return {
        "eigenvector": (lambda: run(central.EigenvectorCentrality(g, 1e-14)), eigenvector),
        "leiden": partition(lambda: networkit.community.ParallelLeiden(g, 10, True)),
        "louvain": partition(lambda: networkit.community.PLM(g, False)),
        "degree": scores(lambda: central.DegreeCentrality(g)),
        "path": (path, lambda it: list(map(length, pairs(n), it))),
        "bfs": (lambda: run(networkit.distance.BFS(g, 0, storePaths=False)), lambda it: far(it.getDistances())),
        "weighted": (
            lambda: run(networkit.distance.Dijkstra(g, 0, storePaths=False)),
            lambda it: [float("inf") if x > 1e300 else x for x in it.getDistances()],
        ),
        "harmonic": scores(lambda: central.HarmonicCloseness(g, normalized=False)),
        "betweenness": (lambda: run(central.Betweenness(g)), lambda it: [x / 2 for x in it.scores()]),
        "articulation": (lambda: run(networkit.components.BiconnectedComponents(g)), articulation),
        "k-core": scores(lambda: central.CoreDecomposition(g)),
        "clustering": scores(lambda: central.LocalClusteringCoefficient(g, False)),
        "page-rank": scores(
            lambda: central.PageRank(g, 0.85, 1e-8, distributeSinks=central.SinkHandling.DistributeSinks)
        ),
        "candidates-jaccard": candidate(prediction.JaccardIndex),
        "candidates-adamic-adar": candidate(prediction.AdamicAdarIndex),
        "candidates-allocation": candidate(prediction.ResourceAllocationIndex),
        "components": (
            lambda: run(networkit.components.ConnectedComponents(g)),
            lambda it: [float(it.numberOfComponents())],
        ),
    }[measure]


def graph_tool_measure(measure, n, links):
    import graph_tool.all as gt
    import numpy

    gt.openmp_set_num_threads(1)
    g = gt.Graph(directed=False)
    g.add_vertex(n)
    g.add_edge_list(numpy.array(links))
    cost = g.new_edge_property("double", vals=costs(len(links)))

    def far(found):
        found = found.a.astype(float)
        found[found > n] = -1
        return found

    def betweenness(pivots=None):
        keep = {} if pivots is None else {"pivots": numpy.array(pivots)}
        return gt.betweenness(g, norm=False, **keep)[0]

    array = lambda it: it.a.astype(float)
    return {
        "eigenvector": (lambda: gt.eigenvector(g, epsilon=1e-10)[1], lambda it: it.a / it.a.max()),
        "degree": (lambda: g.degree_property_map("out"), array),
        "bfs": (lambda: gt.shortest_distance(g, source=0), far),
        "weighted": (lambda: gt.shortest_distance(g, source=0, weights=cost), array),
        "harmonic": (lambda: gt.closeness(g, norm=False, harmonic=True), lambda it: numpy.nan_to_num(it.a)),
        "betweenness-256": (lambda: betweenness(sources(n)), lambda it: it.a * 2),
        "betweenness": (betweenness, array),
        "k-core": (lambda: gt.kcore_decomposition(g), array),
        "clustering": (lambda: gt.local_clustering(g), array),
        "page-rank": (lambda: gt.pagerank(g, damping=0.85, epsilon=1e-8), array),
        "components": (lambda: gt.label_components(g)[1], lambda it: [float(len(it))]),
    }[measure]


def rustworkx_measure(measure, n, links):
    import rustworkx

    g = rustworkx.PyGraph()
    g.add_nodes_from(range(n))
    g.extend_from_edge_list(links)
    both = None
    if measure == "page-rank":
        both = g.to_directed()
    row = lambda it: [it[node] for node in range(n)]
    return {
        "betweenness": (
            lambda: rustworkx.betweenness_centrality(g, normalized=False, parallel_threshold=10**9),
            row,
        ),
        "page-rank": (lambda: rustworkx.pagerank(both, alpha=0.85, tol=1e-8, max_iter=1000), row),
    }[measure]


def networkx_measure(measure, n, links):
    import networkx

    g = networkx.Graph()
    g.add_nodes_from(range(n))
    g.add_weighted_edges_from((a, b, cost) for (a, b), cost in zip(links, costs(len(links))))
    row = lambda it: [float(it.get(node, -1)) for node in range(n)]
    wanted = candidates(n, links) if measure.startswith("candidates") else None

    def cuts(found):
        return [float(node in found[0]) for node in range(n)] + [float(len(found[1]))]

    def path(a, b):
        try:
            return float(len(networkx.bidirectional_shortest_path(g, a, b)) - 1)
        except networkx.NetworkXNoPath:
            return -1.0

    def candidate(index):
        return lambda: [it[2] for it in index(g, wanted)], lambda it: sums(n, wanted, it)

    return {
        "degree": (lambda: dict(g.degree()), row),
        "path": (lambda: [path(a, b) for a, b in pairs(n)[:100]], list),
        "bfs": (lambda: networkx.single_source_shortest_path_length(g, 0), row),
        "weighted": (
            lambda: networkx.single_source_dijkstra_path_length(g, 0),
            lambda it: [float(it.get(node, float("inf"))) for node in range(n)],
        ),
        "cuts": (lambda: (set(networkx.articulation_points(g)), list(networkx.bridges(g))), cuts),
        "k-core": (lambda: networkx.core_number(g), row),
        "triangles": (lambda: networkx.triangles(g), row),
        # networkx's tolerance is of the mean change; weight=None, as links count once.
        "page-rank": (lambda: networkx.pagerank(g, alpha=0.85, tol=1e-8 / n, max_iter=1000, weight=None), row),
        "candidates-jaccard": candidate(networkx.jaccard_coefficient),
        "candidates-adamic-adar": candidate(networkx.adamic_adar_index),
        "candidates-allocation": candidate(networkx.resource_allocation_index),
        "components": (lambda: networkx.number_connected_components(g), lambda it: [float(it)]),
    }[measure]


PYTHON = {
    "igraph": igraph_measure,
    "networkit": networkit_measure,
    "graph-tool": graph_tool_measure,
    "rustworkx": rustworkx_measure,
    "networkx": networkx_measure,
}


def work(peer, measure, file, answer_file):
    n, links = read(file)
    run, convert = PYTHON[peer](measure, n, links)
    spent = 0.0
    for _ in range(N_REPEATS):
        if spent > REPEATED_S:
            break
        cpu, wall = time.process_time(), time.perf_counter()
        answer = run()
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        print(cpu, wall, flush=True)
        spent += cpu
    answer = [float(it) for it in convert(answer)]
    Path(answer_file).write_bytes(struct.pack(f"<{len(answer)}d", *answer))


# --- the comparison ----------------------------------------------------------------------------


def floats(file):
    data = Path(file).read_bytes()
    return struct.unpack(f"<{len(data) // 8}d", data)


def degrees_of(file):
    n, links = read(file)
    degree = [0] * n
    for a, b in links:
        degree[a] += 1
        degree[b] += 1
    return degree


def compare(measure, kind, ours, theirs, file, folder):
    """How far the answers are apart, and how far they may be."""
    if kind == "clustering":
        ours = [2 * t / (d * (d - 1)) if d > 1 else 0.0 for t, d in zip(ours, degrees_of(file))]
    elif kind == "triangles-total" and measure == "triangles":
        ours = [sum(ours) / 3]
    elif kind == "articulation":
        ours = ours[:-1]
    elif measure == "path":
        ours = ours[: len(theirs)]
    if len(ours) != len(theirs):
        return float("inf"), 0.0
    if measure == "page-rank":
        return sum(abs(a - b) for a, b in zip(ours, theirs)), 1e-5
    if measure in ("leiden", "louvain"):
        # By how much ours is worse: of two searches neither has to find the same groups.
        return max(0.0, theirs[0] - ours[0]), 1e-3
    near = lambda a, b: 0.0 if a == b or a != a and b != b else abs(a - b) / max(1.0, abs(a))
    return max(near(a, b) for a, b in zip(ours, theirs)), 1e-6


class Side:
    """One tool with one measure on one graph."""

    def __init__(self, name, kind, per_call, command):
        self.name, self.kind, self.per_call, self.command = name, kind, per_call, command
        self.cpu, self.wall, self.fault = [], [], None

    def turn(self, answer, environment):
        if self.fault:
            return
        try:
            out = subprocess.run(
                self.command, capture_output=True, text=True, timeout=TIMEOUT_S, env=environment
            )
            if out.returncode:
                self.fault = (out.stderr.strip().splitlines() or ["failed"])[-1][:100]
                return
            for line in out.stdout.splitlines():
                cpu, wall = map(float, line.split())
                self.cpu.append(cpu / self.per_call)
                self.wall.append(wall / self.per_call)
        except subprocess.TimeoutExpired:
            self.fault = f"more than {TIMEOUT_S} s"


def n_calls(peer, measure):
    if measure != "path":
        return 1
    return 100 if peer in ("igraph", "networkx", "petgraph") else 1000


def figure(seconds):
    for unit, size in (("s", 1), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def install(folder, build):
    venv = folder / "venv"
    python = venv / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        subprocess.run([python, "-m", "pip", "-q", "install", *PINNED], check=True)
    target = os.environ.get("CARGO_TARGET_DIR", str(HERE / "rust" / "target"))
    if build:
        subprocess.run(["cargo", "build", "--release", "--locked", "-q"], cwd=HERE / "rust", check=True)
    return str(python), str(Path(target) / "release" / "weft-peers")


def python_of_graph_tool():
    """graph-tool comes as a package of the system (`apt install python3-graph-tool`), not of pip."""
    for python in ("/usr/bin/python3", sys.executable):
        if subprocess.run([python, "-c", "import graph_tool"], capture_output=True).returncode == 0:
            return python
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--only", default="", help="measures, parted by commas")
    parser.add_argument("--peers", default="", help="peers, parted by commas")
    parser.add_argument("--rounds", type=int, default=5, help="how often each side has its turn")
    parser.add_argument("--folder", type=Path, default=HERE / "work", help="for the venv, graphs and results")
    parser.add_argument("--built", action="store_true", help="the Rust side is built already")
    args = parser.parse_args()
    folder = args.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    python, binary = install(folder, not args.built)
    graph_tool = python_of_graph_tool()
    if graph_tool is None:
        print("graph-tool is not installed and is left out: apt install python3-graph-tool", file=sys.stderr)
    for graph in GRAPHS:
        if not (folder / f"{graph}.txt").exists():
            subprocess.run([binary, "make", graph, folder / f"{graph}.txt"], check=True)
    one_thread = dict(os.environ, OMP_NUM_THREADS="1", RAYON_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    rows, results = [], []
    only = [it for it in args.only.split(",") if it]
    chosen = [it for it in args.peers.split(",") if it]
    for measure, graphs, goal, peers in MEASURES:
        if only and measure not in only:
            continue
        for graph in graphs:
            file = str(folder / f"{graph}.txt")
            sides = []
            for peer in ["weft", *peers.split()]:
                peer, _, kind = peer.partition(":")
                if chosen and peer != "weft" and peer not in chosen:
                    continue
                if peer == "networkx" and graph == "rmat-16":
                    continue  # It takes minutes for what others do in milliseconds.
                kind = kind or measure
                answer = str(folder / f"answer-{peer}-{kind}")
                if peer == "weft" or peer in RUST:
                    command = [binary, "run", peer, kind, file, answer]
                else:
                    interpreter = graph_tool if peer == "graph-tool" else python
                    if interpreter is None:
                        continue
                    command = [interpreter, __file__, "work", peer, kind, file, answer]
                sides.append((Side(peer, kind, n_calls(peer, measure), command), answer))
            for round_ in range(args.rounds):
                for side, answer in sides:
                    # What takes long is asked less often.
                    if round_ == 0 or min(side.cpu, default=0) * round_ < 60:
                        side.turn(answer, one_thread)
            ours, our_answer = sides[0]
            if ours.fault:
                rows.append((measure, graph, goal, "", "", "", f"weft: {ours.fault}"))
                continue
            notes, best = [], None
            if measure == "page-rank":
                true = str(folder / "answer-page-rank-true")
                subprocess.run([binary, "run", "weft", "page-rank-true", file, true], check=True, capture_output=True)
                apart = sum(abs(a - b) for a, b in zip(floats(our_answer), floats(true)))
                notes.append(f"weft {apart:.1g} from a run to 1e-14")
            if measure in ("leiden", "louvain"):
                notes.append(f"weft's modularity {floats(our_answer)[0]:.4f}")
            for side, answer in sides[1:]:
                if side.fault:
                    notes.append(f"{side.name}: {side.fault}")
                    continue
                apart, may_be = compare(measure, side.kind, floats(our_answer), floats(answer), file, folder)
                if not apart <= may_be:
                    notes.append(f"{side.name}: another answer ({apart:.2g} apart), not counted")
                    continue
                results.append((measure, graph, side.name, min(side.cpu), min(ours.cpu)))
                quality = f" ({floats(answer)[0]:.4f})" if measure in ("leiden", "louvain") else ""
                notes.append(f"{side.name} {figure(min(side.cpu))}{quality}")
                if best is None or min(side.cpu) < min(best.cpu):
                    best = side
            if best is None:
                rows.append((measure, graph, goal, figure(min(ours.cpu)), "", "", "; ".join(notes)))
                continue
            ratio = min(best.cpu) / min(ours.cpu)
            shown = f"{ratio:.3g}" if ratio >= LEVEL or ratio < 1 / LEVEL else f"level ({ratio:.2f})"
            best_figure = f"{best.name} {figure(min(best.cpu))}"
            rows.append((measure, graph, goal, figure(min(ours.cpu)), best_figure, shown, "; ".join(notes)))
            print("\t".join(rows[-1]), file=sys.stderr, flush=True)
    rows += threads(binary, folder, only)
    head = ("measure", "graph", "goal", "weft", "best peer", "ratio", "all peers")
    lines = ["| " + " | ".join(row) + " |" for row in (head, ("---",) * len(head), *rows)]
    (folder / "table.md").write_text("\n".join(lines) + "\n")
    (folder / "results.json").write_text(json.dumps(results, indent=1))
    print("\n".join(lines))


def threads(binary, folder, only):
    """Wall time on one thread by that on two, and whether the answers are the same bytes."""
    rows = []
    of_sources = "1.7 (wall)"
    for measure, graph, goal in (
        ("harmonic", "ecosystem-10k", of_sources),
        ("harmonic", "ecosystem-100k", of_sources),
        ("betweenness", "ecosystem-10k", of_sources),
        ("betweenness-256", "ecosystem-100k", of_sources),
        # Of triangles, not of sources: finding them is half of it.
        ("constraint", "ecosystem-100k", ""),
    ):
        if only and measure not in only:
            continue
        least, answers = [], []
        file, answer = folder / f"{graph}.txt", folder / "answer-threads"
        for n_threads in ("1", "2", "1", "2"):
            command = [binary, "run", "weft", measure, file, answer, n_threads]
            out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            least.append(min(float(line.split()[1]) for line in out.splitlines()))
            answers.append(Path(answer).read_bytes())
        one, two = min(least[0], least[2]), min(least[1], least[3])
        same = "the same bytes" if len(set(answers)) == 1 else "OTHER BYTES"
        rows.append((f"{measure}, two threads", graph, goal, figure(two), f"one thread {figure(one)}", f"{one / two:.2f}", same))
        print("\t".join(rows[-1]), file=sys.stderr, flush=True)
    return rows


if __name__ == "__main__":
    if sys.argv[1:2] == ["work"]:
        work(*sys.argv[2:])
    else:
        main()
