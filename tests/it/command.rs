//! The command as people and programs meet it: what each verb says, and the contract of design.md
//! section 4.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::runner::{Run, Workplace, check_script, golden};

/// Every verb that reads, with what it needs; each answers with rows.
const READING: [&str; 37] = [
    "status",
    "schema",
    "import northmoor --dry-run",
    "check",
    "sources",
    "history",
    "history 1",
    "find tideway",
    "show tideway",
    "who tideway",
    "path tideway nth",
    "path tideway nth --disjoint",
    "path tideway nth --simple-up-to 4",
    "similar nth",
    "project partnership",
    "stats",
    "facts",
    "hubs",
    "rank",
    "rank degree",
    "rank page_rank --why",
    "rank liaison --chance --stability",
    "rank key_fragmenters",
    "rank blocks",
    "brokers",
    "communities",
    "communities --method louvain --quality cpm",
    "critical",
    "gaps",
    "access",
    "introduce tideway",
    "journey tideway",
    "matrix",
    "matrix needs",
    "flows",
    "what-if --without tideway",
    "diff 2019 2024",
];

#[test]
fn every_verb_answers_in_words_that_are_looked_at() {
    check_script("ask.txt", Workplace::northmoor);
}

#[test]
fn groups_changes_and_journeys_answer_in_words_that_are_looked_at() {
    check_script("findings.txt", Workplace::northmoor);
}

#[test]
fn rankings_answer_in_words_that_are_looked_at() {
    check_script("rank.txt", Workplace::northmoor);
}

#[test]
fn stores_are_made_filled_changed_and_taken_back() {
    check_script("store.txt", Workplace::new);
}

#[test]
fn json_is_the_contract() {
    let here = Workplace::northmoor();
    for verb in READING {
        let run = here.weft(&format!("{verb} --format json"));
        assert_eq!(run.code, 0, "{verb}: {run:?}");
        let document: Value = serde_json::from_str(&run.stdout).unwrap();
        let fields: Vec<&str> = document.as_object().unwrap().keys().map(String::as_str).collect();
        let contract = ["weft", "dataset", "view", "as_of", "params", "seed", "warnings", "rows"];
        assert_eq!(fields, contract, "{verb}");
        assert_eq!(document["weft"], env!("CARGO_PKG_VERSION"));
        assert_eq!(document["dataset"]["title"], "Northmoor", "{verb}");
        assert_eq!(document["dataset"]["revision"], 1, "{verb}");
        assert!(!document["rows"].as_array().unwrap().is_empty(), "{verb} has no rows");
        check_names(&document, verb);
        let lines = here.weft(&format!("{verb} --format jsonl")).stdout;
        let rows: Vec<Value> = lines.lines().map(|it| serde_json::from_str(it).unwrap()).collect();
        assert_eq!(Value::Array(rows), document["rows"], "{verb}: jsonl");
    }
}

/// Every field of a document is named in snake_case.
fn check_names(value: &Value, verb: &str) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let good = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_';
                // The properties of a node or a tie bear the names that their users gave them.
                assert!(name.chars().all(good) || name.contains('-'), "{verb}: `{name}`");
                check_names(value, verb);
            }
        }
        Value::Array(items) => items.iter().for_each(|it| check_names(it, verb)),
        _ => {}
    }
}

#[test]
fn a_pipe_gets_tsv_with_a_cell_for_every_column() {
    let here = Workplace::northmoor();
    for verb in READING {
        // What a command says of itself is for people, in a pipe as well.
        if matches!(verb, "status") {
            continue;
        }
        let text = here.weft(verb).stdout;
        assert_eq!(text, here.weft(&format!("{verb} --format tsv")).stdout, "{verb}");
        let mut lines = text.lines().map(|it| it.split('\t').count());
        let n_columns = lines.next().unwrap();
        assert!(n_columns > 1 && lines.all(|it| it == n_columns), "{verb}: {text}");
    }
}

#[test]
fn the_same_question_gives_the_same_bytes() {
    let here = Workplace::northmoor();
    for verb in READING.into_iter().chain(["draw", "draw --format dot", "export", "report -o -"]) {
        for format in ["table", "json", "markdown"] {
            let is_picture = verb.starts_with("draw") || verb.starts_with("export");
            let question = match (is_picture, verb.starts_with("report")) {
                (true, _) => verb.to_owned(),
                (_, true) => format!("{verb} --format html"),
                _ => format!("{verb} --format {format}"),
            };
            let first = here.weft(&question);
            assert_eq!((first.code, &first), (0, &here.weft(&question)), "{question}");
            if is_picture || verb.starts_with("report") {
                break;
            }
        }
    }
}

#[test]
fn a_verb_that_reads_changes_nothing_and_makes_nothing() {
    let here = Workplace::northmoor();
    let before = here.contents();
    for verb in READING.into_iter().chain(["draw", "export", "report -o -", "explain"]) {
        let run = here.weft(verb);
        assert_eq!(run.code, 0, "{verb}: {run:?}");
        assert_eq!(here.contents(), before, "{verb} changed a file");
    }
    let empty = Workplace::new();
    for verb in ["stats", "find nexus", "--db missing.db stats", "import missing", "undo"] {
        empty.weft(verb);
        assert!(empty.contents().is_empty(), "{verb} made a file");
    }
}

#[test]
fn without_a_store_the_bundled_graph_answers_and_says_so() {
    let here = Workplace::new();
    let run = here.weft("find nexus");
    let said = "note: no store is named, so this is the Leeds health innovation graph that comes \
                with weft\n";
    assert_eq!((run.code, run.stderr.as_str()), (0, said));
    let run = here.weft("import .");
    assert_eq!(run.code, 2, "{run:?}");
    // A store that is named and missing is never replaced by it.
    let mut command = here.command("find nexus");
    let run = here.run(command.env("WEFT_DB", "missing.db"));
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
}

#[test]
fn the_folder_of_the_bundled_data_is_what_is_compiled_in() {
    let here = Workplace::new();
    assert_eq!(here.weft("init --from leeds").code, 0);
    let leeds = concat!(env!("CARGO_MANIFEST_DIR"), "/graph-data/leeds");
    let run = here.weft(&format!("import '{leeds}' --format json"));
    assert_eq!(run.code, 0, "{run:?}");
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    let row = &document["rows"][0];
    assert!(row["revision"].is_null() && row["same"].as_u64() > Some(1_000), "{row}");
}

/// The fields of that name in the rows of an answer.
#[track_caller]
fn fields(run: &Run, name: &str) -> Vec<String> {
    assert_eq!(run.code, 0, "{run:?}");
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    let rows = document["rows"].as_array().unwrap();
    rows.iter().map(|it| it[name].to_string()).collect()
}

#[test]
fn a_place_narrows_neighbours_figures_and_ways() {
    let here = Workplace::northmoor();
    let who =
        |place: &str| here.weft(&format!("who northmoor-health-network {place} --format json"));
    let all = fields(&who(""), "neighbour");
    let there = fields(&who("--place tide-quay"), "neighbour");
    assert!(!there.is_empty() && there.len() < all.len(), "{there:?} of {all:?}");
    assert!(there.iter().all(|it| all.contains(it)));
    let subjects =
        |place: &str| fields(&here.weft(&format!("facts {place} --format json")), "subject");
    assert_eq!(subjects("--place northmoor"), subjects(""));
    let run = here.weft("facts --place tide-quay");
    assert!(run.code == 2 && run.stderr.contains("prints a figure about `Tide Quay`"), "{run:?}");
    let run = here.weft("path tideway nth --place tide-quay");
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stderr.contains(", over bodies on record in `tide-quay` alone"), "{run:?}");
    let through = fields(&here.weft("path tideway nth --place northmoor --format json"), "nodes");
    assert!(!through.is_empty() && through.iter().all(|it| !it.contains("health-forum")));
    let run = here.weft("path tideway nth --place nth");
    assert!(run.code == 2 && run.stderr.contains("is no place"), "{run:?}");
}

#[test]
fn where_no_path_is_inferred_ties_are_named_only_if_they_make_one() {
    let here = Workplace::northmoor();
    for (ways, is_named) in [
        ("gullwing-health nth", true),
        ("gullwing-health nth --avoid wharf-labs", false),
        ("gullwing-health nth --simple-up-to 2", false),
        ("tideway nth --avoid northmoor-university", false),
    ] {
        let run = here.weft(&format!("path {ways}"));
        assert!(run.code == 0 && run.stderr.contains("no path"), "{run:?}");
        assert_eq!(run.stderr.contains("--certainty inferred"), is_named, "{run:?}");
    }
}

#[test]
fn pairs_that_share_a_body_are_never_taken_for_ties() {
    let here = Workplace::northmoor();
    let run = here.weft("project partnership --relation member_of");
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stderr.contains("these are no ties"), "{run:?}");
    assert!(!run.stderr.contains("programme"), "{run:?}");
    let run = here.weft("project partnrship");
    assert!(run.code == 2 && run.stderr.contains("partnership"), "{run:?}");
}

#[test]
fn the_scheme_of_an_identifier_is_read_in_any_case() {
    let here = Workplace::northmoor();
    for text in ["GB-COH:07123456", "gb-coh:07123456", "07123456"] {
        let run = here.weft(&format!("show {text} --format json"));
        assert_eq!(fields(&run, "id"), ["\"tideway-diagnostics\""], "{text}");
    }
}

#[test]
fn a_store_that_cannot_be_made_says_where_it_could() {
    let here = Workplace::new();
    let run = here.weft("--db missing/mine.db init");
    assert!(run.stderr.contains("hint: make it first, or give another path"), "{run:?}");
    here.write("file", "");
    let run = here.weft("--db file/mine.db init");
    assert!(run.code != 0 && run.stderr.contains("hint:"), "{run:?}");
    // A write without a store says how to make one.
    let run = here.weft("import file");
    assert!(run.stderr.contains("weft init"), "{run:?}");
}

#[test]
fn a_store_is_found_from_a_folder_below_it() {
    let here = Workplace::northmoor();
    let run = here.run(here.command("status").current_dir(here.path("northmoor")));
    assert!(run.stdout.contains("Store: HERE/weft.db"), "{run:?}");
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let here = Workplace::northmoor();
    for verb in ["schema --toml", "export", "report -o -", "hubs --format json", "help"] {
        let mut command = here.command(verb);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // Closed before the first byte.
        drop(child.stdout.take());
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        let code = child.wait().unwrap().code();
        assert_eq!(code, Some(0), "{verb}: {stderr}");
        assert!(!stderr.contains("error") && !stderr.contains("panic"), "{verb}: {stderr}");
    }
    let mut child = here.command("schema --toml").stdout(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    assert!(first.starts_with("# The words"), "{first}");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn files_are_written_where_they_are_asked_and_nowhere_else() {
    let here = Workplace::northmoor();
    let before = here.contents();
    for (order, files) in [
        ("draw -o network.svg", vec!["network.svg"]),
        ("draw -o network.dot", vec!["network.dot"]),
        ("export -o graph.json", vec!["graph.json"]),
        ("report", vec!["weft-report.html"]),
        ("report --format markdown -o page.md", vec!["page.md"]),
        ("report --format html", vec![]),
    ] {
        let run = here.weft(order);
        assert_eq!(run.code, 0, "{order}: {run:?}");
        let after = here.contents();
        let new: Vec<_> = after.keys().filter(|it| !before.contains_key(*it)).collect();
        assert_eq!(new.iter().map(|it| it.to_str().unwrap()).collect::<Vec<_>>(), files);
        files.iter().for_each(|it| std::fs::remove_file(here.path(it)).unwrap());
    }
    assert_eq!(here.contents(), before);
    assert!(here.weft("report --format html").stdout.starts_with("<!DOCTYPE html>"));
    assert!(here.weft("report --format markdown").stdout.starts_with("# "));
}

#[test]
fn the_ending_tells_the_form_of_an_export() {
    let here = Workplace::northmoor();
    let run = here.weft("export -o graph.graphml");
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("an export cannot be written as `.graphml`"), "{run:?}");
    // What has no ending is a folder of the files that come back.
    assert_eq!(here.weft("export -o copy").code, 0);
    assert!(here.path("copy/nodes.csv").is_file());
}

#[test]
fn what_is_exported_can_be_imported_to_the_same() {
    let here = Workplace::northmoor();
    assert_eq!(here.weft("export --format csv -o out").code, 0);
    let run = here.weft("import out --dataset northmoor");
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(here.weft("history --format jsonl").stdout.lines().count(), 1, "{run:?}");
}

#[test]
fn completions_name_every_verb() {
    let here = Workplace::new();
    let help = here.weft("help").stdout;
    let verbs: Vec<&str> = help
        .lines()
        .skip_while(|it| !it.starts_with("Verbs, by job"))
        .skip(1)
        .take_while(|it| !it.is_empty())
        .filter_map(|it| it.trim_start().split_once("  "))
        .flat_map(|it| it.1.trim().split(", "))
        .collect();
    assert!(verbs.len() > 20, "{verbs:?}");
    for shell in ["bash", "zsh", "fish"] {
        let script = here.weft(&format!("completions {shell}")).stdout;
        for verb in &verbs {
            assert!(script.contains(verb), "{shell} lacks {verb}");
        }
    }
}

#[test]
fn why_shows_people_what_each_number_rests_on() {
    let here = Workplace::northmoor();
    for (verb, heading) in [
        ("hubs", "University of Northmoor: what its partners rest on"),
        ("hubs", "University of Northmoor: the ways through it, by link"),
        ("hubs", "University of Northmoor: the pairs that depend on it most"),
        ("hubs", "University of Northmoor: the part of each partner in its constraint"),
        ("hubs", "University of Northmoor: who is how far"),
        ("critical", "Single points of failure: what they rest on"),
        ("gaps", "Needs that nobody or one body meets: what they rest on"),
        ("access", "Tideway Diagnostics: what it rests on"),
        ("flows", "Counted: what it rests on"),
        ("stats", "Ties that were counted"),
        ("who tideway", "What the ties rest on"),
        ("show tideway", "What the ties rest on"),
        ("path tideway nth", "Path 1: what it rests on"),
        ("similar nth", "What they share: what it rests on"),
        ("introduce tideway", "Most useful: what it rests on"),
        ("facts", "The parts of the figures that were computed again"),
    ] {
        let heading = format!("{heading}\n");
        assert!(!here.weft(&format!("{verb} --format table")).stdout.contains(&heading), "{verb}");
        let text = here.weft(&format!("{verb} --why --format table")).stdout;
        assert!(text.contains(&heading), "{verb}: {heading}: {text}");
    }
    let text = here.weft("stats --why --limit 2 --format table").stdout;
    assert!(text.contains("more: use `--all` or `--limit N`"), "{text}");
    let text = here.weft("who tideway --why --format table").stdout;
    let line = text.lines().find(|it| it.contains("Wharf Labs hosts Tideway Diagnostics (tenant"));
    let words: Vec<&str> = line.unwrap().split_whitespace().collect();
    assert!(words.join(" ").ends_with("review-2025 page 6 2025-06 stated"), "{words:?}");
}

#[test]
fn a_limit_holds_for_each_list_in_every_form() {
    let here = Workplace::northmoor();
    for (verb, n_lists) in [
        ("hubs", 3),
        ("access", 2),
        ("critical", 1),
        ("gaps", 7),
        ("flows", 11),
        ("facts", 1),
        ("sources", 1),
        ("check", 1),
        ("path tideway nth", 1),
        ("path tideway nth --all-shortest", 1),
        ("similar nth", 1),
        ("introduce tideway", 2),
        ("who tideway", 1),
        ("import northmoor --dry-run", 1),
    ] {
        let rows = here.weft(&format!("{verb} --limit 1 --format jsonl")).stdout;
        assert!((1..=n_lists).contains(&rows.lines().count()), "{verb}: {rows}");
        let text = here.weft(&format!("{verb} --limit 1 --format tsv")).stdout;
        assert_eq!(text.lines().count(), rows.lines().count() + 1, "{verb}: {text}");
    }
}

#[test]
fn what_tables_say_below_their_rows_is_in_json_too() {
    let here = Workplace::new();
    let json = |verb: &str| -> Value {
        serde_json::from_str(&here.weft(&format!("{verb} --format json")).stdout).unwrap()
    };
    let text = |verb: &str| {
        let text = here.weft(&format!("{verb} --format table")).stdout;
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let flows = json("flows");
    let rows = flows["rows"].as_array().unwrap();
    let bare = rows.iter().filter(|it| it["list"] == "without_amount").count();
    let said = format!("{bare} ties that fund or invest have no amount");
    assert!(bare > 1 && text("flows").contains(&said), "{said}");
    let hubs = json("hubs");
    let note = hubs["params"]["notes"][0].as_str().unwrap();
    assert!(text("hubs").contains(note), "{note}");
    let access = json("access");
    let (ceiling, at) = (&access["params"]["ceiling"], access["params"]["ceiling_at"].as_str());
    let shown = here.weft(&format!("find {} --format jsonl", at.unwrap())).stdout;
    let name = serde_json::from_str::<Value>(shown.lines().next().unwrap()).unwrap();
    let name = name["name"].as_str().or(name["node"]["name"].as_str()).unwrap().to_owned();
    assert!(text("access").contains(&format!("at most {ceiling} (at {name})")), "{ceiling} {name}");
    let gaps = json("gaps");
    let param = |name: &str| gaps["params"][name].as_u64().unwrap();
    let said = text("gaps");
    let small = format!("{} circles of one or two bodies are not", param("n_small_communities"));
    let mean = format!("the mean is over {} start-ups", param("n_start_ups"));
    assert!(said.contains(&small) && said.contains(&mean), "{small}; {mean}");
    let other = gaps["rows"][0]["other_answers"][0]["name"].as_str().unwrap();
    assert!(said.contains("not as somebody to meet: Six NIHR"), "{other}");
}

#[test]
fn an_answer_without_rows_says_so() {
    let here = Workplace::with_store();
    for verb in ["hubs", "facts", "critical", "sources"] {
        for format in ["csv", "tsv", "jsonl"] {
            let run = here.weft(&format!("{verb} --format {format}"));
            assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{verb}");
            assert_eq!(run.stderr, "note: the answer has no rows\n", "{verb}");
        }
    }
}

#[test]
fn a_form_that_is_not_written_is_refused_by_the_ending() {
    let here = Workplace::northmoor();
    let before = here.contents();
    for (order, ending) in [
        ("draw -o p.png", "png"),
        ("draw -o p.pdf", "pdf"),
        ("report -o x.json", "json"),
        ("report -o x.pdf --format table", "pdf"),
    ] {
        let run = here.weft(order);
        assert_eq!(run.code, 2, "{order}: {run:?}");
        assert!(run.stderr.contains(&format!("cannot be written as `.{ending}`")), "{run:?}");
        assert!(run.stderr.contains("hint: the ending tells the form: `."), "{run:?}");
    }
    assert_eq!(here.weft("report -o x.json --format json").code, 2);
    assert_eq!(here.contents(), before);
    for order in ["draw -o P.SVG", "draw -o p --format svg", "report -o p.HTM"] {
        assert_eq!(here.weft(order).code, 0, "{order}");
    }
}

#[test]
fn the_seed_is_printed_where_chance_is_used() {
    let here = Workplace::northmoor();
    let run = here.weft("access --seed 7 --format json");
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(document["seed"], 7);
    assert!(here.weft("access --format table").stdout.contains("seed 42"));
    assert!(here.weft("draw --seed 7").stderr.contains("drawn with seed 7"));
}

#[test]
fn explain_speaks_of_no_store_and_knows_other_words() {
    let here = Workplace::northmoor();
    let document = here.weft("explain access --format json").stdout;
    let document: Value = serde_json::from_str(&document).unwrap();
    assert_eq!(document["weft"], env!("CARGO_PKG_VERSION"));
    assert!(document["dataset"].is_null());
    for word in ["hub", "hubs", "ceiling", "reason", "reasons", "gain"] {
        assert_eq!(here.weft(&format!("explain {word}")).code, 0, "{word}");
    }
    let run = here.weft("explain acces");
    assert_eq!(run.code, 4);
    assert!(run.stderr.contains("hint: did you mean `access`?"), "{run:?}");
    let run = here.weft("facts patens");
    assert_eq!(run.code, 4);
    assert!(run.stderr.contains("hint: did you mean `patents`?"), "{run:?}");
}

#[test]
fn a_tie_that_a_later_source_denies_is_shown_as_denied() {
    let here = Workplace::northmoor();
    here.write("later/sources.csv", "id,title,date\naudit,Audit,2025-05\n");
    here.write(
        "later/claims.csv",
        "tie,source,locator,certainty,denies\n\
         wharf-labs|hosts|tideway-diagnostics|2023,audit,p1,stated,never\n",
    );
    let run = here.weft("import later");
    assert_eq!(run.code, 0, "{run:?}");
    let denied = "denied as never having been: audit, p1, 2025-05";
    for verb in ["who tideway --why", "show tideway"] {
        let text = here.weft(&format!("{verb} --format markdown")).stdout;
        assert!(text.contains(denied), "{verb}: {text}");
    }
    assert!(!here.weft("who tideway --format markdown").stdout.contains(denied));
    let rows = here.weft("who tideway --why --format jsonl").stdout;
    let row = rows.lines().find(|it| it.contains("wharf-labs")).unwrap();
    let row: Value = serde_json::from_str(row).unwrap();
    assert_eq!(row["denial"], denied);
    assert_eq!(row["role"], "tenant");
}

#[test]
fn a_kind_chooses_among_several_of_one_name() {
    let here = Workplace::northmoor();
    let run = here.weft("who wharf --kind funder --format jsonl");
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("\"node\":{\"id\":\"wharf-fund\""), "{run:?}");
    assert_eq!(here.weft("who wharf --kind council").code, 4);
}

#[test]
fn an_introduction_says_what_it_leaves_out() {
    let here = Workplace::northmoor();
    let text = here.weft("introduce tideway --format table").stdout;
    assert!(text.contains("Nobody in the data meets: Help with export."), "{text}");
    let run = here.weft("introduce uon");
    assert!(run.stderr.contains("is no start-up in the data"), "{run:?}");
}

#[test]
fn somebody_without_a_name_stands_in_the_history_by_number() {
    let here = Workplace::with_store();
    here.copy(&golden("northmoor"), "northmoor");
    let mut command = here.command("import northmoor");
    assert_eq!(here.run(command.env_remove("USER")).code, 0);
    let row = here.weft("history --format jsonl").stdout;
    assert!(cfg!(not(unix)) || row.contains("\"who\":\"uid "), "{row}");
}

#[test]
fn the_bundled_files_and_each_of_them_are_what_the_store_holds() {
    let here = Workplace::new();
    assert_eq!(here.weft("init --from leeds").code, 0);
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/graph-data/leeds");
    for path in ["", "/nodes.csv", "/ties.csv", "/claims.csv", "/facts.csv"] {
        let run = here.weft(&format!("import {folder}{path} --remove"));
        assert_eq!(run.code, 0, "{run:?}");
        assert!(run.stdout.contains("Nothing changed"), "{path}: {run:?}");
    }
}

#[test]
fn a_total_that_rests_on_a_conflict_says_so_in_words() {
    let here = Workplace::northmoor();
    let text = |here: &Workplace| here.weft("flows --format table").stdout;
    assert!(!text(&here).contains("sources disagree"));
    here.write("later/sources.csv", "id,title,date\naudit,Audit,2025-05\n");
    here.write(
        "later/claims.csv",
        "node,field,value,source,locator,certainty\npilot-award,amount,50000,audit,p1,stated\n",
    );
    let run = here.weft("import later");
    assert_eq!(run.code, 0, "{run:?}");
    assert!(text(&here).contains("(sources disagree)"), "{}", text(&here));
}

#[test]
fn where_nobody_has_a_link_hubs_and_holes_say_so_once() {
    let here = Workplace::with_store();
    here.write("nodes.csv", "kind,name\nuniversity,A\ncompany,B\n");
    assert_eq!(here.weft("import nodes.csv").code, 0);
    for verb in ["hubs", "hubs --stability --chance"] {
        let text = here.weft(&format!("{verb} --format table")).stdout;
        let first = "No body has a link to another in this view, so there is no hub.\n\nconduit";
        assert!(text.starts_with(first), "{text}");
    }
    let text = here.weft("gaps --format table").stdout;
    assert!(text.contains("They could not be held against chance.\n\n"), "{text}");
}

#[test]
fn an_introduction_is_written_down_step_by_step_and_taken_back() {
    let here = Workplace::northmoor();
    let tideway = "tideway-diagnostics northmoor-hospital";
    let order = |order: &str| here.weft(&format!("introduce {order}"));
    assert_eq!(order(&format!("made {tideway}")).code, 4);
    let (hubs, stats) = (here.weft("hubs"), here.weft("stats"));
    let earlier = || {
        let verbs = ["access --as-of 2025-06", "diff 2024 2025-06", "what-if --as-of 2023"];
        verbs.map(|it| here.weft(&format!("{it} --format table")).stdout)
    };
    let [access, diff, _] = earlier();
    let run = order(&format!("log {tideway} --by northmoor-university --date 2025-07-01"));
    assert_eq!(run.code, 0, "{run:?}");
    let words =
        "The introduction of Tideway Diagnostics to Northmoor Teaching Hospital is proposed";
    assert!(run.stdout.starts_with(words), "{run:?}");
    assert!(
        run.stdout.ends_with("It is no tie until it is made: no figure changes before.\n"),
        "{run:?}"
    );
    assert_eq!(here.weft("hubs"), hubs);
    assert_eq!(here.weft("stats"), stats);
    let page = here.weft("report --format markdown -o -").stdout;
    assert!(page.contains("What became of introductions"), "{page}");
    assert_eq!(order(&format!("log {tideway}")).code, 1, "it is in hand already");
    let run = order(&format!("made {tideway} --date 2025-07-09"));
    let day = "Answers speak of 2025-07-09 now, no longer of 2025-06 (`--as-of 2025-06`).\n";
    assert!(run.code == 0 && run.stdout.ends_with(day), "{run:?}");
    assert_eq!(earlier()[..2], [access, diff], "a later meeting changes no earlier day");
    assert!(earlier()[2].contains("was introduced to"), "{:?}", earlier());
    assert_eq!(order(&format!("decline {tideway}")).code, 1);
    assert_eq!(order(&format!("outcome {tideway} trial --date 2025-09")).code, 0);
    let rows = order("list --format json").stdout;
    let document: Value = serde_json::from_str(&rows).unwrap();
    assert_eq!(document["rows"][0]["status"], "made");
    assert_eq!(document["rows"][0]["outcome"], "trial");
    assert_eq!(document["params"]["programmes"][0]["n_made"], 1);
    let ties = here.weft("who tideway-diagnostics --with northmoor-hospital --format json").stdout;
    assert!(ties.contains("introduced_to"), "{ties}");
    assert_eq!(here.weft("undo").code, 0);
    let rows = order("list --format json").stdout;
    let document: Value = serde_json::from_str(&rows).unwrap();
    assert!(document["rows"][0]["outcome"].is_null(), "{rows}");
}

#[test]
fn an_introduction_is_told_as_it_was_known_on_the_day_asked_for() {
    let here = Workplace::northmoor();
    let tideway = "tideway-diagnostics northmoor-hospital";
    let steps = ["log --date 2025-07-01", "accept --date 2025-07-04", "decline --date 2025-07-09"];
    for step in steps {
        let (word, date) = step.split_once(' ').unwrap();
        assert_eq!(here.weft(&format!("introduce {word} {tideway} {date}")).code, 0);
    }
    let query = "MATCH ()-[i:INTRODUCTION]->() RETURN i.status, i.role, i.valid_to";
    let pages = |day: &str| {
        let who = "who tideway-diagnostics --with northmoor-hospital --format table";
        let verbs = ["show tideway-diagnostics --why --format table", who, "introduce list"];
        let text = |verb: &str| here.weft(&format!("{verb} --as-of {day}")).stdout;
        let mut pages: Vec<String> = verbs.into_iter().map(text).collect();
        pages.push(text("report --format markdown -o -"));
        pages.push(text(&format!("query '{query}'")));
        pages
    };
    let days = [("2025-07-03", "proposed"), ("2025-07-08", "accepted")];
    for (day, status) in days {
        for (at, page) in pages(day).into_iter().enumerate() {
            assert!(page.contains(status), "{day}: {page}");
            assert!(at == 3 || !page.contains("declined"), "{day}: {page}");
        }
    }
    for page in pages("2025-06") {
        let is_told = ["proposed", "accepted"].iter().any(|it| page.contains(it));
        assert!(!is_told || page.contains("not proposed again"), "{page}");
    }
    assert!(here.weft("introduce list").stdout.contains("declined"));
}

#[test]
fn an_export_of_a_store_that_was_worked_with_is_imported_again_without_a_change() {
    let here = Workplace::northmoor();
    here.write("ours/nodes.csv", "id,kind,name,tags\ntideway-diagnostics,company,Tideway,ours\n");
    here.write("ours/facts.csv", "id,measure,subject,value\nstaff,staff,tideway-diagnostics,3\n");
    assert_eq!(here.weft("import ours").code, 0);
    let tideway = "tideway-diagnostics northmoor-hospital --date 2025-07-01";
    for step in ["log", "made"] {
        assert_eq!(here.weft(&format!("introduce {step} {tideway}")).code, 0);
    }
    assert_eq!(here.weft(&format!("introduce outcome {tideway} trial")).code, 0);
    assert_eq!(here.weft("export --format csv -o out").code, 0);
    let run = here.weft("import out");
    assert!(run.code == 0 && run.stdout.contains("changed 0, same"), "{run:?}");
    assert!(run.stdout.contains("Nothing changed, so there is no new revision."), "{run:?}");
    here.write("out/facts.csv", here.read("out/facts.csv").replace(",3,", ",4,"));
    let run = here.weft("import out --dry-run --format table");
    assert!(run.stdout.contains("changed 1, same"), "{run:?}");
    assert!(run.stdout.contains("facts.csv"), "{run:?}");
    here.write("new/sources.csv", "id,title\nnews,News\n");
    let run = here.weft("import new --dry-run --format tsv");
    assert!(run.stdout.contains("added\tsources\tsources.csv\t2\tnews"), "{run:?}");
}

#[test]
fn a_plan_and_the_trust_in_a_ranking_are_the_same_bytes_each_time() {
    let here = Workplace::northmoor();
    for verb in ["introduce --all --cap 1", "hubs --stability --chance", "gaps"] {
        let run = here.weft(&format!("{verb} --format json"));
        assert_eq!(run.code, 0, "{verb}: {run:?}");
        assert_eq!(run.stdout, here.weft(&format!("{verb} --format json")).stdout, "{verb}");
    }
    assert_eq!(here.weft("introduce").code, 2);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_long_work_with_its_exit_code_and_nothing_half_written() {
    let here = Workplace::new();
    let (nodes, ties) = ring();
    here.write("nodes.csv", nodes).write("ties.csv", ties);
    assert_eq!(here.weft("init").code, 0);
    assert_eq!(here.weft("import .").code, 0);
    for verb in ["hubs --stability", "report -o page.html"] {
        let mut command = here.command(verb);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        // It says so where the count of all ways begins, which takes minutes.
        assert!(said.any(|it| it.contains("Ctrl-C stops it")), "{verb}");
        let id = child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        assert_eq!(child.wait().unwrap().code(), Some(130), "{verb}");
        let mut answer = String::new();
        child.stdout.take().unwrap().read_to_string(&mut answer).unwrap();
        assert_eq!(answer, "", "{verb}");
        let left = std::fs::read_dir(here.path(".")).unwrap().map(|it| it.unwrap().file_name());
        let pages: Vec<_> = left.filter(|it| it.to_string_lossy().contains("page.html")).collect();
        assert!(pages.is_empty(), "{verb}: {pages:?}");
    }
}

/// Nodes and ties of as many bodies as make a count of all ways say that it takes a while.
#[cfg(unix)]
fn ring() -> (String, String) {
    let n = 20_000;
    let nodes = (0..n).map(|it| format!("b{it},company,B{it}\n"));
    let ties = (0..n)
        .flat_map(|it| [1, 7].map(|step| format!("b{it},supports,b{}\n", (it * 31 + step) % n)));
    let nodes = std::iter::once("id,kind,name\n".to_owned()).chain(nodes);
    let ties = std::iter::once("from,relation,to\n".to_owned()).chain(ties);
    (nodes.collect(), ties.collect())
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_verb_with_its_exit_code_and_leaves_the_store_as_it_was() {
    let here = Workplace::northmoor();
    let before = here.weft("history");
    let pipe = here.path("nodes.csv");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let mut child = here.command("import nodes.csv").stderr(Stdio::null()).spawn().unwrap();
    // Opens once weft reads from it, and weft then waits for what is never written.
    let _writer = std::fs::File::options().write(true).open(&pipe).unwrap();
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(here.weft("history"), before);
}

/// As root a rename would put a file in the place of `/dev/null`, for every program of the machine.
#[cfg(unix)]
#[test]
fn a_file_asked_for_is_written_through_links_and_into_pipes() {
    use std::os::unix::fs::FileTypeExt;

    let here = Workplace::northmoor();
    let pipe = here.path("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let mut child =
        here.command("draw --format dot -o pipe").stderr(Stdio::null()).spawn().unwrap();
    let mut read = String::new();
    std::fs::File::open(&pipe).unwrap().read_to_string(&mut read).unwrap();
    assert!(child.wait().unwrap().success());
    assert!(std::fs::symlink_metadata(&pipe).unwrap().file_type().is_fifo());

    here.write("real.txt", "an older answer");
    std::os::unix::fs::symlink("real.txt", here.path("link.txt")).unwrap();
    assert_eq!(here.weft("draw --format dot -o link.txt").code, 0);
    assert!(here.path("link.txt").is_symlink());
    assert_eq!(here.read("real.txt"), read);
    assert!(read.contains("graph"), "{read}");
}

#[test]
fn a_kind_whose_word_is_a_family_says_which_kinds_it_takes() {
    let place = Workplace::northmoor();
    let note = "note: `company` is a family, and takes all its kinds: company and adviser; \
                `only:company` takes that kind alone";
    let run = place.weft("hubs --kind company");
    assert!(run.stderr.contains(note), "{run:?}");
    for kind in ["adviser", "organisation", "only:company"] {
        let run = place.weft(&format!("hubs --kind {kind}"));
        assert!(run.code == 0 && !run.stderr.contains("is a family"), "{run:?}");
    }
    // A family is no kind, so there is nothing of it alone.
    let run = place.weft("hubs --kind only:organisation");
    assert!(run.code != 0 && run.stderr.contains("`only:organisation`"), "{run:?}");
    let kinds_of = |kind: &str| {
        let rows = here_kinds(&place, kind);
        assert!(!rows.is_empty(), "{kind}");
        rows
    };
    assert!(kinds_of("company").contains("adviser"));
    for alone in ["only:company", "only:Company"] {
        assert_eq!(kinds_of(alone), "company");
    }
    let count = |kinds: &str| {
        let order = format!(
            "query 'CALL weft.degree({{kinds: [\"{kinds}\"]}}) YIELD node RETURN count(*)'"
        );
        place.weft(&order).stdout
    };
    assert_ne!(count("company"), count("only:company"));
}

/// The kinds of the bodies that `rank degree` ranks of some kinds, each once.
fn here_kinds(place: &Workplace, kind: &str) -> String {
    let run = place.weft(&format!("rank degree --kind {kind} --all --format json"));
    let answer: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let rows = answer["rows"].as_array().unwrap().iter();
    let kinds: std::collections::BTreeSet<_> =
        rows.map(|it| it["node"]["kind"].as_str().unwrap().to_owned()).collect();
    kinds.into_iter().collect::<Vec<_>>().join(" ")
}

#[test]
fn counts_of_a_thousand_and_more_have_their_digits_in_threes() {
    const N: usize = 1_203;
    let here = Workplace::with_store();
    let word = |mut n: usize| {
        let mut res = String::new();
        for _ in 0..3 {
            res.push((b'a' + (n % 26) as u8) as char);
            n /= 26;
        }
        res
    };
    let mut nodes = "id,kind,name,stage,sector,source\n\
        hub,council,Hub,,,s\nfar,facility,Far,,,s\nhelp,need,Help,,,s\n"
        .to_owned();
    let mut ties = "from,relation,to,source\nfar,meets_need,help,s\n".to_owned();
    for at in 0..N {
        let name = word(at);
        nodes.push_str(&format!("c{name},company,C{name},idea,x,s\n"));
        ties.push_str(&format!("hub,supports,c{name},s\n"));
    }
    here.write("sources.csv", "id,title,date\ns,S,2024\n").write("nodes.csv", nodes);
    here.write("ties.csv", ties);
    let run = here.weft("import sources.csv nodes.csv ties.csv");
    assert_eq!(run.code, 0, "{run:?}");
    let is_raw = |word: &str| {
        let digits = word.trim_matches(|it: char| !it.is_ascii_digit());
        // All that is counted here by the thousand begins so; years do not.
        digits.len() > 3 && digits.starts_with("12") && digits.bytes().all(|it| it.is_ascii_digit())
    };
    let mut res: Vec<String> = Vec::new();
    for order in [
        "stats",
        "history",
        "sources",
        "hubs -n 2",
        "hubs -n 1 --why",
        "rank degree -n 2",
        "rank cut_off -n 2 --why",
        "brokers -n 1",
        "communities -n 2",
        "critical -n 2",
        "gaps -n 2",
        "access -n 2",
        "matrix",
        "matrix needs",
        "who hub -n 2",
        "who hub --kind company -n 2",
        "show hub -n 2",
        "canvas",
        "what-if --without hub -n 2",
        "report --format markdown",
        "undo",
    ] {
        let format = if order.starts_with("report") { "" } else { " --format table" };
        let run = here.weft(&format!("{order}{format}"));
        assert_eq!(run.code, 0, "{order}: {run:?}");
        let raw: Vec<&str> =
            run.stdout.lines().filter(|it| it.split([' ', '|', '(', ';']).any(is_raw)).collect();
        res.extend(raw.into_iter().map(|it| format!("{order}: {}", it.trim())));
    }
    assert!(res.is_empty(), "{res:#?}");
}

#[test]
fn a_status_that_the_ceiling_alone_moved_is_told_as_such() {
    let here = Workplace::new();
    let text = here.weft("what-if --without nexus access --format table").stdout;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let said = "LC AuxeTec and Mimetrik have as much ACCESS as before: judged otherwise because the \
                ceiling moved";
    assert!(text.contains(said), "{text}");
    let text = here.weft("what-if --without propel-yh access --format table").stdout;
    assert!(!text.contains("judged otherwise"), "{text}");
}
