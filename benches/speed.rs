//! What large graphs cost: import, snapshot, a small change, names and surroundings.
//!
//! Sizes: 10k / 30k and 100k / 400k; with `WEFT_BENCH_LARGE=1` 1M / 5M as well, which takes minutes and
//! 2 GB of disk. Criterion tells wall time; docs/decisions/benchmarks.md says how CPU time and
//! instructions were compared with SQLite's own.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "criterion's macro; a benchmark that fails stops"
)]

#[allow(dead_code, unreachable_pub, reason = "the example that writes files uses the rest")]
mod generator;

use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use generator::{Generated, LARGE, MEDIUM, SMALL, Size};
use weft::database::{Database, import};
use weft::transfer::{ImportOptions, InputFile};
use weft_graph::{Change, ChangeSet, Schema};
use weft_store::{Access, RevisionInfo, Store};

/// Measurements of each; one takes seconds.
const N_SAMPLES: usize = 10;

fn sizes() -> Vec<(&'static str, Size)> {
    let mut res = vec![("10k-30k", SMALL), ("100k-400k", MEDIUM)];
    if std::env::var_os("WEFT_BENCH_LARGE").is_some() {
        res.push(("1M-5M", LARGE));
    }
    res
}

fn files(generated: &Generated) -> Vec<InputFile> {
    let mut tables = [Vec::new(), Vec::new(), Vec::new()];
    generated.write_sources(&mut tables[0]).unwrap();
    generated.write_nodes(&mut tables[1]).unwrap();
    generated.write_ties(&mut tables[2]).unwrap();
    let named = ["sources.csv", "nodes.csv", "ties.csv"].into_iter().zip(tables);
    named.map(|(name, bytes)| InputFile::from_bytes(name, bytes)).collect()
}

fn folder() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("weft-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn filled(path: &Path, files: &[InputFile]) {
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{ending}", path.display()));
    }
    let mut database = Database::create(path, "bench", Schema::bundled().text()).unwrap();
    let options = ImportOptions { dataset: "bench".into(), ..Default::default() };
    import(&mut database, files, &options, &RevisionInfo::default(), &mut |_| {}).unwrap();
}

fn speed(criterion: &mut Criterion) {
    for (name, size) in sizes() {
        let generated = Generated::new(size, 42);
        let files = files(&generated);
        let path = folder().join(format!("{name}.db"));
        let mut group = criterion.benchmark_group(name);
        group.sample_size(N_SAMPLES);
        group.bench_function("import", |b| b.iter(|| filled(&path, &files)));
        filled(&path, &files);
        let open = || Store::open(&path, Access::Read).unwrap();

        group.bench_function("snapshot", |b| {
            b.iter_batched(open, |it| it.snapshot().unwrap(), BatchSize::PerIteration);
        });
        let snapshot = open().snapshot().unwrap();
        let (ties, nodes, _) = snapshot.bytes();
        assert!(ties < 100 * snapshot.n_ties() && nodes < 200 * snapshot.n_nodes());
        let mut node = snapshot.node(snapshot.nodes().next().unwrap()).written();
        node.name.push('!');
        let change = ChangeSet { changes: vec![Change::PutNode(node)] };
        // Microseconds, whatever the size: the base is shared.
        group.bench_function("a change of one node", |b| {
            b.iter(|| black_box(snapshot.with(&change).unwrap()));
        });

        let middle = size.n_nodes as u32 / 2;
        let (id, exact) = (generated.id(middle), generated.name(middle));
        let misspelt = exact.replacen('e', "", 1);
        for (what, text) in [("name", &exact), ("id", &id), ("misspelt name", &misspelt)] {
            group.bench_function(format!("open and find by {what}"), |b| {
                b.iter(|| open().find(text, 10).unwrap());
            });
        }
        group.bench_function("open and read the surroundings of a node", |b| {
            b.iter(|| {
                let store = open();
                let (key, _) = store.node(&id).unwrap().unwrap();
                store.surroundings(&[key], 1, 500).unwrap()
            });
        });
        group.finish();
    }
    std::fs::remove_dir_all(folder()).unwrap();
}

criterion_group!(benches, speed);
criterion_main!(benches);
