//! Bad input: each fault with its exact words and exit code, and a store that stays as it was.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;

use crate::runner::{PROGRAM, Run, Workplace, check_script};

/// The user that a test becomes where it would otherwise be allowed everything.
const NOBODY: u32 = 65_534;

#[test]
fn every_fault_of_a_file_is_told_with_its_place_and_its_fix() {
    check_script("bad_input.txt", Workplace::with_store);
}

/// Imports a `nodes.csv` of those bytes and compares the exit code and stderr.
#[track_caller]
fn check_import(bytes: &[u8], code: i32, stderr: &str) -> Workplace {
    let here = Workplace::with_store();
    here.write("nodes.csv", bytes);
    let before = here.contents();
    let run = here.weft("import nodes.csv");
    assert_eq!((run.code, run.stderr.as_str()), (code, stderr));
    assert!(code == 0 || here.contents() == before, "a refused import changed something");
    here
}

#[track_caller]
fn check_found(here: &Workplace, text: &str, id: &str) {
    let run = here.weft(&format!("find '{text}' --format jsonl"));
    let row: serde_json::Value = serde_json::from_str(run.stdout.lines().next().unwrap()).unwrap();
    assert_eq!(row["id"], id, "{run:?}");
}

fn utf16(text: &str) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

#[test]
fn spreadsheets_of_all_encodings_and_separators_are_read_and_it_is_said_how() {
    let said = |how: &str| format!("note: nodes.csv: read as {how}, dates ISO 8601 only\n");
    let text = "kind,name\ncompany,Łódź Café\n";
    let here = check_import(text.as_bytes(), 0, &said("UTF-8, separated by `,`"));
    check_found(&here, "Łódź Café", "łódź-café");
    let marked = format!("\u{feff}{}", text.replace(',', ";"));
    let how = said("UTF-8 with byte order mark, separated by `;`");
    check_found(&check_import(marked.as_bytes(), 0, &how), "łódź café", "łódź-café");
    let how = said("UTF-16 LE, separated by tabs");
    let here = check_import(&utf16(&text.replace(',', "\t")), 0, &how);
    check_found(&here, "Łódź Café", "łódź-café");
    let how = format!(
        "{}warning: nodes.csv: read as Windows-1252, for line 2 is not UTF-8\n\
         hint: save the file as \"CSV UTF-8\" if names come out wrong\n",
        said("Windows-1252, separated by `,`")
    );
    check_found(&check_import(b"kind,name\ncompany,Caf\xe9 \x80\n", 0, &how), "Café €", "café");
}

#[test]
fn values_that_semicolons_part_are_doubted_and_read_as_they_are() {
    let text = "kind,name,sector,aliases\ncompany,Acme,medtech; data,Acme Ltd|A; B\n";
    check_import(
        text.as_bytes(),
        0,
        "note: nodes.csv: read as UTF-8, separated by `,`, dates ISO 8601 only\n\
         warning: nodes.csv, row 2, column sector: `medtech; data` is read as one value\n\
         hint: if it is several, part them by `|` in place of `;`\n",
    );
}

#[test]
fn a_file_in_two_encodings_or_in_none_is_refused() {
    let mut bytes = "kind,name\ncompany,Łódź\ncompany,".as_bytes().to_vec();
    bytes.extend(b"Caf\xe9\n");
    check_import(
        &bytes,
        3,
        "nodes.csv: line 3 is not UTF-8, but other parts of the file are\n\
         hint: save the file again as \"CSV UTF-8\" and look at the accented letters\n\
         error: 1 fault found; nothing was changed\n\
         hint: mend the files, or look with `weft import --dry-run`\n",
    );
    check_import(
        b"PK\x03\x04and so on",
        3,
        "nodes.csv: the file is no CSV but a spreadsheet or an archive (ZIP)\n\
         hint: open it in a spreadsheet and save each sheet as \"CSV UTF-8\"\n\
         error: 1 fault found; nothing was changed\n\
         hint: mend the files, or look with `weft import --dry-run`\n",
    );
}

#[test]
fn dates_with_slashes_are_read_where_they_are_declared() {
    let here = Workplace::with_store();
    here.write("nodes.csv", "kind,name,valid_from\ncompany,Acme,03/04/2018\n");
    let run = here.weft("import nodes.csv --dates day-first");
    let said = "note: nodes.csv: read as UTF-8, separated by `,`, dates day first\n";
    assert_eq!((run.code, run.stderr.as_str()), (0, said));
    assert!(here.weft("show acme --format json").stdout.contains("\"2018-04-03\""));
}

#[test]
fn control_characters_are_refused_and_made_visible() {
    check_import(
        b"kind,name\ncompany,Ac\x07me \x1b[31mred\ncompany,Be\xc2\x9bta\n",
        3,
        "nodes.csv, row 2, column name: `Ac\\u{7}me \\u{1b}[31mred` holds the control character U+0007\n\
         hint: delete the character; it often comes along when text is copied from a PDF\n\
         nodes.csv, row 3, column name: `Be\\u{9b}ta` holds the control character U+009B\n\
         hint: delete the character; it often comes along when text is copied from a PDF\n\
         error: 2 faults found; nothing was changed\n\
         hint: mend the files, or look with `weft import --dry-run`\n",
    );
}

#[test]
fn a_field_of_a_hundred_megabytes_is_refused_and_the_rest_is_still_read() {
    let mut bytes = b"kind,name,note\ncompany,Acme,".to_vec();
    bytes.resize(bytes.len() + 100_000_000, b'x');
    bytes.extend(b"\nwidget,Beta,\n");
    check_import(
        &bytes,
        3,
        "nodes.csv, row 2, column note: the cell is longer than 16 MiB\n\
         hint: look for a quote that is not closed; long texts belong in their own file\n\
         nodes.csv, row 3, column kind: `widget` is no kind of the schema\n\
         hint: `weft schema` lists the kinds\n\
         error: 2 faults found; nothing was changed\n\
         hint: mend the files, or look with `weft import --dry-run`\n",
    );
}

/// Names that mean something to HTML, SVG, DOT, Markdown, a spreadsheet or a terminal.
const HOSTILE: [(&str, &str); 6] = [
    ("markup", "<script>alert(1)</script> & \"Sons\" ]]>"),
    ("formula", "=HYPERLINK(\"http://example.org\",\"Acme\")"),
    ("markdown", "[Acme](javascript:alert(1)) **bold** | cell"),
    ("dot", "Acme\"]; evil [label=\"\\N"),
    ("hebrew", "שלום Health (חברה)"),
    ("combining", "Cafe\u{301} Zoe\u{308} Ltd"),
];

fn hostile() -> Workplace {
    let here = Workplace::with_store();
    let mut nodes = "id,kind,name,stage\nhub,partnership,The Hub,\n".to_owned();
    let mut ties = "from,relation,to,role\n".to_owned();
    for (id, name) in HOSTILE {
        let quoted = name.replace('"', "\"\"");
        nodes.push_str(&format!("{id},company,\"{quoted}\",start_up\n"));
        ties.push_str(&format!("{id},member_of,hub,\"{quoted}\"\n"));
    }
    here.write("data/nodes.csv", nodes).write("data/ties.csv", ties);
    let run = here.weft("import data --source-date 2025");
    assert_eq!(run.code, 0, "{run:?}");
    here
}

fn name_of(here: &Workplace, id: &str) -> serde_json::Value {
    let run = here.weft(&format!("show {id} --format jsonl"));
    let row: serde_json::Value = serde_json::from_str(run.stdout.trim()).unwrap();
    row["name"].clone()
}

#[test]
fn hostile_names_come_back_as_they_were_written() {
    let here = hostile();
    for (id, name) in HOSTILE {
        assert_eq!(name_of(&here, id), name);
        assert_eq!(here.run(here.command("show").arg(name)).code, 0, "{name} is not found");
    }
}

#[test]
fn an_export_of_hostile_names_imports_to_the_same() {
    let here = hostile();
    assert_eq!(here.weft("export --format csv -o out").code, 0);
    for line in here.read("out/nodes.csv").lines().chain(here.read("out/ties.csv").lines()) {
        for cell in line.split(',') {
            let cell = cell.trim_start_matches('"');
            assert!(!cell.starts_with(['=', '+', '-', '@']), "a spreadsheet runs `{line}`");
        }
    }
    let there = Workplace::with_store();
    for name in ["nodes.csv", "ties.csv", "sources.csv"] {
        there.write(&format!("data/{name}"), here.read(&format!("out/{name}")));
    }
    assert_eq!(there.weft("import data").code, 0);
    for (id, name) in HOSTILE {
        assert_eq!(name_of(&there, id), name);
    }
}

#[test]
fn hostile_names_are_only_text_on_pages_and_pictures() {
    let here = hostile();
    assert_eq!(here.weft("report -o page.html").code, 0);
    let page = here.read("page.html");
    assert!(!page.contains("<script>alert"), "the page runs a name");
    assert!(!page.contains("href=\"javascript:"), "the page links to a script");
    assert!(page.contains("&lt;script&gt;alert(1)"), "the page has lost a name");
    let svg = here.weft("draw").stdout;
    assert!(!svg.contains("<script"), "the picture runs a name");
    assert!(svg.contains("&lt;script&gt;"), "the picture has lost a name");
    let dot = here.weft("draw --format dot").stdout;
    assert!(!dot.contains("Acme\"]; evil"), "a name ends its quotes: {dot}");
    assert!(dot.contains("Acme\\\"]; evil"), "DOT has lost a name: {dot}");
    for markdown in [
        here.weft("who hub --format markdown").stdout,
        here.weft("report --format markdown -o -").stdout,
    ] {
        assert!(!markdown.contains("<script"), "{markdown}");
        assert!(!markdown.contains("[Acme](javascript"), "{markdown}");
        assert!(!markdown.contains("**bold**"), "{markdown}");
        assert!(markdown.contains("\\[Acme\\]"), "{markdown}");
    }
    let csv = here.weft("find HYPERLINK --format csv").stdout;
    assert!(csv.contains("\"'=HYPERLINK("), "{csv}");
    let table = here.weft("who hub --format table").stdout;
    assert!(table.contains("שלום Health") && table.contains("Cafe\u{301}"), "{table}");
}

// ------------------------------------------------------------------------------------------- stores

/// SQL run on the store by another tool.
fn outside(here: &Workplace, sql: &str) {
    let connection = rusqlite::Connection::open(here.path("weft.db")).unwrap();
    connection.execute_batch(sql).unwrap();
}

#[test]
fn a_store_of_a_newer_version_is_left_alone() {
    let here = Workplace::with_store();
    outside(&here, "PRAGMA user_version = 99");
    let before = here.contents();
    let said = "error: `HERE/weft.db` is a store of version 99; this weft reads up to version 1\n\
                hint: install a newer weft\n";
    here.write("nodes.csv", "kind,name\ncompany,Acme\n");
    for verb in ["stats", "import nodes.csv", "undo"] {
        let run = here.weft(verb);
        assert_eq!((run.code, run.stderr.as_str()), (5, said), "{verb}");
    }
    here.write("nodes.csv", "");
    fs::remove_file(here.path("nodes.csv")).unwrap();
    assert_eq!(here.contents(), before);
}

#[test]
fn a_database_of_another_program_is_left_alone() {
    let here = Workplace::new();
    outside(&here, "CREATE TABLE t (x); PRAGMA application_id = 7");
    let before = here.contents();
    let said = "error: `HERE/weft.db` is a SQLite database, but not a weft store\n\
                hint: give the path of a store\n";
    for verb in ["stats", "undo"] {
        let run = here.weft(verb);
        assert_eq!((run.code, run.stderr.as_str()), (2, said), "{verb}");
    }
    assert_eq!(here.contents(), before);
}

#[test]
fn a_locked_store_can_be_read_and_not_written() {
    let here = Workplace::with_store();
    here.write("nodes.csv", "kind,name\ncompany,Acme\n");
    assert_eq!(here.weft("import nodes.csv").code, 0);
    here.write("nodes.csv", "kind,name\ncompany,Beta\n");
    let writer = rusqlite::Connection::open(here.path("weft.db")).unwrap();
    writer.execute_batch("BEGIN IMMEDIATE").unwrap();
    let said = "error: the store is locked: another process is writing to it\n\
                hint: wait until it is done and try again\n";
    let run = here.weft("import nodes.csv");
    assert_eq!((run.code, run.stderr.as_str()), (5, said));
    assert_eq!(here.weft("show acme").code, 0);
    drop(writer);
    assert_eq!(here.weft("import nodes.csv").code, 0);
}

/// Runs `weft` as somebody who may write nothing here: as another user where this one may
/// everything, who gets a copy of the program, as the folder where it is built may be closed to others.
fn run_without_rights(here: &Workplace, arguments: &str) -> Run {
    let folder = here.path("");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    let elsewhere = Workplace::new();
    let mut command = here.command(arguments);
    if fs::write(folder.join("probe"), "").is_ok() {
        fs::remove_file(folder.join("probe")).unwrap();
        fs::set_permissions(elsewhere.path(""), fs::Permissions::from_mode(0o755)).unwrap();
        fs::copy(PROGRAM, elsewhere.path("weft")).unwrap();
        command = here.command_of(&elsewhere.path("weft"), arguments);
        command.uid(NOBODY);
    }
    let run = here.run(&mut command);
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    run
}

#[test]
fn a_store_in_a_folder_without_rights_is_read_as_it_is_and_not_written() {
    let here = Workplace::with_store();
    here.write("nodes.csv", "kind,name\ncompany,Acme\n");
    assert_eq!(here.weft("import nodes.csv").code, 0);
    fs::set_permissions(here.path("weft.db"), fs::Permissions::from_mode(0o444)).unwrap();
    let before = here.contents();
    let run = run_without_rights(&here, "find acme");
    let said = "note: the store lies where nothing can be written, and is read as it is\n";
    assert_eq!((run.code, run.stderr.as_str()), (0, said));
    let run = run_without_rights(&here, "undo");
    let said = "error: the store cannot be written: attempt to write a readonly database\n\
                hint: check who owns the file and its folder\n";
    assert_eq!((run.code, run.stderr.as_str()), (1, said));
    assert_eq!(here.contents(), before);
}

#[test]
fn who_is_nearly_named_in_an_end_of_a_tie_is_told_by_id() {
    let place = Workplace::new();
    place.weft("init --title Harbour");
    place.write("bay/sources.csv", "id,title,date\ns,S,2024-01\n");
    place.write(
        "bay/nodes.csv",
        "id,kind,name,aliases,source\nn17,research_centre,Institute of Marine Biology,Marine Bio Hub,s\n\
         n18,company,Tideway Diagnostics,,s\n",
    );
    let hint = |ties: &str| {
        place.write("bay/ties.csv", format!("from,relation,to,source\n{ties},s\n"));
        let run = place.weft("import bay");
        assert_eq!(run.code, 3, "{run:?}");
        run.stderr
    };
    // Near a name, near an alias; the name itself is read as it is.
    let said = hint("Institut of Marine Biolgy,hosts,Tideway Diagnostics");
    assert!(said.contains("did you mean `n17`?"), "{said}");
    let said = hint("n18,partners_with,Marine Bio Hubb");
    assert!(said.contains("did you mean `n17`?"), "{said}");
    let said = hint("n18,partners_with,Zebra Crossing");
    assert!(said.contains("add it to nodes.csv, or correct the cell"), "{said}");
    place.write("bay/ties.csv", "from,relation,to,source\nmarine bio hub,hosts,n18,s\n");
    assert_eq!(place.weft("import bay").code, 0);
    // Another folder that speaks of who is in the store.
    place.write("more/sources.csv", "id,title,date\nt,T,2024-02\n");
    place.write(
        "more/ties.csv",
        "from,relation,to,source\nTideway Diagnostic,partners_with,Marine Bio Hub,t\n",
    );
    let run = place.weft("import more");
    assert!(run.code == 3 && run.stderr.contains("did you mean `n18`?"), "{run:?}");
}
