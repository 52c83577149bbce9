use weft_graph::{Change, ChangeSet, SnapshotBuilder, fixture, fixture_model};

use super::*;
use crate::ecosystem::{Entry, Stage, Step, step};
use crate::present::{Envelope, escape_markdown};

/// A small ecosystem: a need nobody meets, a need one body meets, a start-up two steps from it.
const GRAPH: &str = "h:partnership{@2023} -hosts-> p:facility{@2023}; \
    h -supports[@2023]-> s:company{start_up,@2023}; p -meets_need-> t:need; u:need; \
    q:funder -funds[500000]-> p; h -member_of[inferred]-> w:partnership; x:charity";

fn asked() -> Question {
    Question { why: true, ..Question::default() }
}

fn envelope(dataset: &str) -> Envelope {
    Envelope { weft: "0.1.0".to_owned(), dataset: dataset.to_owned(), revision: 7 }
}

#[track_caller]
fn gathered(snapshot: &Snapshot) -> Report {
    let (options, mut counted) = (ReportOptions::default(), Counted::default());
    gather(snapshot, &asked(), &options, &mut counted, &mut Run::default()).unwrap()
}

#[track_caller]
fn page(snapshot: &Snapshot, dataset: &str) -> String {
    let report = gathered(snapshot);
    let pictures =
        pictures(snapshot, &asked(), &report, &mut Counted::default(), &mut Run::default())
            .unwrap();
    html(&report, &pictures, &envelope(dataset))
}

#[track_caller]
fn check(graph: &str, expected: &[&str]) {
    let text = page(&fixture(graph), "A town");
    for it in expected {
        assert!(text.contains(it), "the page lacks {it}");
    }
}

#[test]
fn the_page_says_who_what_is_missing_and_who_should_meet() {
    check(GRAPH, &["<h1>A town</h1>", "Nobody in the data meets the need for <bdi>u</bdi>."]);
    check(GRAPH, &["Only <bdi>p</bdi> is named as meeting the need for <bdi>t</bdi>.", "£500,000"]);
    check(GRAPH, &["Meet <bdi>p</bdi>", "revision 7", "h hosts p"]);
}

#[test]
fn an_empty_store_makes_a_page_without_findings() {
    check("", &["The view is empty.", "The data name no start-up.", "The data name no source."]);
}

#[test]
fn no_table_is_empty_and_no_word_is_wider_than_a_column() {
    for graph in ["", "a:funder", GRAPH] {
        assert!(!page(&fixture(graph), "A town").contains("<tbody>\n</tbody>"), "{graph}");
    }
    let mut model = fixture_model(GRAPH);
    let mut record = model.nodes()[0].record.clone();
    record.name = "W".repeat(200);
    model.apply(&ChangeSet { changes: vec![Change::PutNode(record)] }).unwrap();
    let text = page(&SnapshotBuilder::from_model(&model), "A town");
    let (_, body) = text.split_once("<body>").unwrap();
    // Pictures break names by themselves, and tell them whole to who asks.
    let outside = body.split("<svg").map(|it| it.rsplit("</svg>").next().unwrap());
    for part in outside {
        assert!(!part.contains(&"W".repeat(31)), "a word of more than 30 letters");
    }
    let whole = body.replace("<wbr>", "");
    assert!(whole.contains(&"W".repeat(200)), "nothing is cut");
}

#[test]
fn that_closeness_adds_nothing_for_those_out_of_reach_is_said_once() {
    let text = page(&fixture(&format!("{GRAPH}; x:council -hosts-> y:facility")), "A town");
    assert_eq!(text.matches("out of reach add nothing").count(), 1);
}

#[test]
fn names_written_from_right_to_left_move_nothing_that_stands_beside_them() {
    let mut model = fixture_model(GRAPH);
    let mut records: Vec<_> = model.nodes().iter().map(|it| it.record.clone()).collect();
    records.iter_mut().for_each(|it| it.name = format!("מכון {}", it.id));
    let changes = records.into_iter().map(Change::PutNode).collect();
    model.apply(&ChangeSet { changes }).unwrap();
    let text = page(&SnapshotBuilder::from_model(&model), "A town");
    let (_, body) = text.split_once("<body>").unwrap();
    let outside: String =
        body.split("<svg").map(|it| it.rsplit("</svg>").next().unwrap()).collect();
    assert!(outside.contains("<bdi>מכון</bdi> h hosts <bdi>מכון</bdi> p"), "in sentences too");
    for (at, _) in outside.match_indices("מכון") {
        let before = &outside[..at];
        assert!(before.ends_with("<bdi>"), "{}", &before[before.len().saturating_sub(200)..]);
    }
}

#[test]
fn the_page_calls_nobody_and_runs_nothing() {
    let text = page(&fixture(GRAPH), "A town");
    for it in ["<script", "<link", "<iframe", "@import", " src=", "url(http", "javascript:"] {
        assert!(!text.contains(it), "the page has {it}");
    }
    // What stands in addresses of pictures and fonts is inside the page itself.
    assert_eq!(text.matches("url(").count(), text.matches("url(data:").count());
}

#[test]
fn text_from_data_never_becomes_markup() {
    let mut model = fixture_model(GRAPH);
    let evil = "<script>alert('x')</script>\u{202e}\"|`[a](javascript:b)";
    let mut changes = Vec::new();
    for node in model.nodes() {
        let mut record = node.record.clone();
        record.name = format!("{} {evil}", record.id);
        record.claims.iter_mut().for_each(|it| it.locator = evil.to_owned());
        changes.push(Change::PutNode(record));
    }
    for tie in model.ties() {
        let mut record = tie.record.clone();
        record.claims.iter_mut().for_each(|it| it.note = Some(evil.to_owned()));
        changes.push(Change::PutTie(record));
    }
    for source in model.sources().values() {
        let mut source = source.clone();
        source.title = evil.to_owned();
        source.address = Some("javascript:alert(1)".to_owned());
        changes.push(Change::PutSource(source));
    }
    model.apply(&ChangeSet { changes }).unwrap();
    let snapshot = SnapshotBuilder::from_model(&model);
    let text = page(&snapshot, evil);
    assert!(!text.contains("<script") && !text.contains('\u{202e}'));
    assert!(!text.contains("href=\"javascript:"));
    assert!(text.contains("&lt;script&gt;"));
    let report = gathered(&snapshot);
    let text = markdown(&report, &envelope(evil), true);
    assert!(!text.contains("<script"));
    // A bracket that would end the text of a link is always escaped.
    assert_eq!(text.matches("](javascript:").count(), text.matches("\\](javascript:").count());
}

#[test]
fn every_element_is_closed_and_headings_come_in_order() {
    let text = page(&fixture(GRAPH), "A town");
    let mut open: Vec<&str> = Vec::new();
    let mut level = 0;
    let mut rest = text.as_str();
    while let Some((_, after)) = rest.split_once('<') {
        let (tag, next) = after.split_once('>').expect("a tag ends");
        rest = next;
        let name = tag.trim_start_matches('/').split([' ', '\n', '/']).next().unwrap_or_default();
        if let ["h", digit] = [&name[..1], &name[1..]]
            && let Ok(found) = digit.parse::<usize>()
            && !tag.starts_with('/')
        {
            assert!(found <= level + 1, "<{tag}> follows a heading of level {level}");
            level = found;
        }
        match tag {
            _ if tag.starts_with('/') => assert_eq!(open.pop(), Some(name), "</{name}>"),
            _ if tag.ends_with('/') || tag.starts_with('!') => {}
            _ if ["meta", "br", "wbr"].contains(&name) => {}
            _ if name == "style" => {
                rest = rest.split_once("</style>").expect("styles end").1;
            }
            _ => open.push(name),
        }
    }
    assert_eq!(open, Vec::<&str>::new());
}

#[test]
fn every_link_within_the_page_leads_somewhere_and_no_anchor_is_twice() {
    let text = page(&fixture(GRAPH), "A town");
    let ids: Vec<&str> =
        text.split(" id=\"").skip(1).filter_map(|it| it.split('"').next()).collect();
    let links = text.split("href=\"#").skip(1).filter_map(|it| it.split('"').next());
    for link in links {
        assert!(ids.contains(&link), "#{link} leads nowhere");
    }
    let mut distinct = ids.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(ids.len(), distinct.len(), "{ids:?}");
}

#[test]
fn every_table_has_a_caption_and_headings_with_their_scope() {
    let text = page(&fixture(GRAPH), "A town");
    assert_eq!(text.matches("<table>").count(), text.matches("<caption>").count());
    assert_eq!(text.matches("<th ").count(), text.matches("<th scope=").count());
    assert!(!text.contains("<th>"));
}

#[test]
fn the_fonts_come_once() {
    let text = page(&fixture(GRAPH), "A town");
    assert_eq!(text.matches("@font-face").count(), 2);
}

#[test]
fn the_same_data_give_the_same_bytes() {
    let snapshot = fixture(GRAPH);
    assert_eq!(page(&snapshot, "A town"), page(&snapshot, "A town"));
}

#[test]
fn the_summary_is_short_and_names_the_introduction() {
    let report = gathered(&fixture(GRAPH));
    let lines = summary(&report);
    assert!(lines.len() <= 12, "{lines:?}");
    assert!(lines.iter().any(|it| it.contains("introduce s to p, through h, for t")), "{lines:?}");
}

#[test]
fn markdown_is_as_short_as_the_closed_page_unless_it_is_opened() {
    let report = gathered(&fixture(GRAPH));
    let [closed, opened] = [false, true].map(|it| markdown(&report, &envelope("A town"), it));
    for (text, is_opened) in [(&closed, false), (&opened, true)] {
        assert_eq!(text.contains("Every tie that was counted"), is_opened);
        assert_eq!(text.contains("weft report --format markdown --why"), !is_opened);
        assert!(text.contains("| h | 1 |") && text.contains("**Load:** p has"), "{text}");
        assert!(!text.contains(": **") && !text.contains("** **"), "{text}");
    }
    assert_eq!(closed.matches("asked how often").count(), 0);
    assert_eq!(opened.matches("asked how often").count(), 1);
}

#[track_caller]
fn check_markdown(graph: &str, expected: &[&str], not: &[&str]) {
    let text = markdown(&gathered(&fixture(graph)), &envelope("A town"), false);
    for it in expected {
        assert!(text.contains(it), "`{it}` is not in {text}");
    }
    for it in not {
        assert!(!text.contains(it), "`{it}` is in {text}");
    }
}

#[test]
fn sentences_fit_small_and_bare_networks() {
    check_markdown(
        "a:university -partners_with-> b:university; c:council -hosts-> d:facility; \
         s:company{start_up}",
        &[
            "a, b, c and 1 more work with 1 other each, more than anybody else.",
            "2 of the 5 actors hang together in one network; 1 has no tie to another actor in the data; \
             2 stand in a small group of their own.",
            "1 start-up is known as such: not known well enough to say.",
            "The data name no need, so it cannot be told who lacks what.",
            "The data hold no figure that a source prints.",
            "The data name no funding.",
        ],
        &["next come", "Every support need", "Every need is met", "### What makes the total"],
    );
    check_markdown(
        "h:partnership -supports-> s:company{start_up}; h -supports-> r:company{start_up}; \
         q:funder -funds-> h; q -funds-> s; t:need; u:need",
        &[
            "h works with 3 others, more than anybody else; next come q and s.",
            "2 start-ups are known as such: all not known well enough to say.",
            "The data hold 2 ties of funding, and no amount.",
        ],
        &["in small groups", "no tie to another"],
    );
    check_markdown(
        "s:company{idea}; t:funder",
        &["No actor has a tie to another"],
        &["hang together"],
    );
}

#[test]
fn what_constraint_does_not_say_is_told_where_it_stands() {
    check_markdown(
        "a:university -hosts-> b:facility; b -partners_with-> c:company",
        &["Burt’s constraint, which says nothing below three partners"],
        &["effective size say nothing"],
    );
}

#[test]
fn a_name_that_begins_small_stays_so() {
    assert_eq!(hubs::sentence("ideaSpace has no link"), "ideaSpace has no link.");
    assert_eq!(hubs::sentence("nobody meets it"), "Nobody meets it.");
}

#[test]
fn a_card_says_what_it_adds_to_those_above_it() {
    let graph = "s:company{start_up} -partners_with-> b:council; b -partners_with-> p:charity; \
                 b -partners_with-> q:charity; p -meets_need-> t:need; q -meets_need-> t";
    let report = gathered(&fixture(graph));
    let text = markdown(&report, &envelope("A town"), false);
    let said = "access 0.5 today, 1 afterwards";
    let lines: Vec<&str> = text.lines().filter(|it| it.contains(said)).collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(lines[0].ends_with(said), "{}", lines[0]);
    assert!(lines[1].ends_with("; beside those above it adds nothing"), "{}", lines[1]);
}

#[test]
fn the_first_screen_says_nothing_twice() {
    let report = gathered(&fixture(GRAPH));
    let text = markdown(&report, &envelope("A town"), false);
    let front = text.split("<a id=\"network\">").next().unwrap();
    for once in ["meets the need for u", "work with 2 others each", "introduction to begin with"] {
        assert_eq!(front.matches(once).count(), 1, "{once}: {front}");
    }
}

#[test]
fn a_source_that_names_no_place_leaves_no_empty_one() {
    let mut model = fixture_model(GRAPH);
    let ties: Vec<_> = model.ties().into_iter().map(|it| it.record.clone()).collect();
    let changes = ties.into_iter().map(|mut record| {
        record.claims.iter_mut().for_each(|it| it.locator = String::new());
        Change::PutTie(record)
    });
    model.apply(&ChangeSet { changes: changes.collect() }).unwrap();
    let report = gathered(&SnapshotBuilder::from_model(&model));
    let text = markdown(&report, &envelope("A town"), true);
    for it in [", ;", ", )", "(, ", ", |"] {
        assert!(!text.contains(it), "`{it}` in {text}");
    }
}

#[test]
fn a_need_that_no_way_leads_to_says_whom_to_ask() {
    let text = "s:company{start_up}; n:partnership -supports-> m:council; m -funds-> p:facility; \
                p -meets_need-> t:need";
    let text = markdown(&gathered(&fixture(text)), &envelope("A town"), true);
    assert!(
        text.contains(
            "| t | no way | p | nobody in the data can introduce; the nearest network to ask is n |"
        ),
        "{text}"
    );
}

#[test]
fn the_page_tells_what_became_of_introductions_and_proposes_none_of_them_again() {
    let start = fixture(GRAPH);
    let node = |id: &str| start.find_node(id).unwrap();
    let entry = |day: &str| Entry {
        start_up: node("s"),
        to: node("p"),
        day: day.parse().unwrap(),
        who: "kim".to_owned(),
        note: None,
    };
    let propose = Step::Propose { by: vec![node("h")], programme: None };
    let in_hand = start.with(&step(&start, &entry("2024-05-01"), &propose).unwrap()).unwrap();
    let declined = step(&in_hand, &entry("2024-05-07"), &Step::To(Stage::Declined)).unwrap();
    let declined = in_hand.with(&declined).unwrap();
    for (snapshot, row, said) in [
        (&in_hand, "| s | p | h |  | proposed | 1 May 2024 |  |", "In hand already: p."),
        (
            &declined,
            "| s | p | h |  | declined | 7 May 2024 |  |",
            "Declined, and not proposed again: p.",
        ),
    ] {
        let text = markdown(&gathered(snapshot), &envelope("A town"), false);
        assert!(text.contains(row) && text.contains(said), "{text}");
        assert!(!text.contains("Meet p"), "{text}");
    }
    let before = markdown(&gathered(&start), &envelope("A town"), false);
    assert!(before.contains("Meet p") && !before.contains("What became of"), "{before}");
}

#[test]
fn the_rows_hold_every_section() {
    let report = gathered(&fixture(GRAPH));
    let rows = rows(&report);
    let sections: Vec<&str> = rows.iter().filter_map(|it| it["section"].as_str()).collect();
    let expected = [
        "stats",
        "hubs",
        "gaps",
        "holes",
        "communities",
        "matrix_community",
        "matrix_kind",
        "matrix_needs",
        "canvas",
        "access",
        "plan",
        "introductions",
        "ledger",
        "flows",
        "flow_totals",
        "facts",
        "sources",
    ];
    assert_eq!(sections, expected);
    assert!(rows.iter().all(|it| !it["finding"].is_null()));
}

#[test]
fn nobody_is_called_weak() {
    let text = page(&fixture(GRAPH), "A town").to_lowercase();
    assert!(!text.contains("weak organisation") && !text.contains("is weak"));
}

#[test]
fn a_report_gathered_without_why_is_a_page_too() {
    let snapshot = fixture(GRAPH);
    let question = Question::default();
    let report = gather(
        &snapshot,
        &question,
        &ReportOptions::default(),
        &mut Counted::default(),
        &mut Run::default(),
    )
    .unwrap();
    let text = html(&report, &Pictures::default(), &envelope("A town"));
    assert!(text.contains("Meet <bdi>p</bdi>") && !text.contains("Every tie that was counted"));
}

#[test]
fn what_a_long_table_does_not_show_is_counted_and_still_there() {
    let start_ups: Vec<String> =
        (0..30).map(|it| format!("h -supports-> s{it:02}:company{{start_up}}")).collect();
    let graph = format!(
        "h:partnership -hosts-> p:facility; p -meets_need-> t:need; {}",
        start_ups.join("; ")
    );
    let report = gathered(&fixture(&graph));
    let [closed, opened] = [false, true].map(|it| markdown(&report, &envelope("A town"), it));
    let row = |text: &str| text.matches("not enough data, check first | 0.5 |").count();
    assert_eq!((row(&closed), row(&opened)), (25, 30), "{closed}");
    assert!(closed.contains("> 5 more start-ups: `weft access --all` lists all."), "{closed}");
    assert!(closed.contains("### s24: ") && !closed.contains("### s25: "));
    assert!(opened.contains("**s29: not enough data, check first**"), "{opened}");
}

#[test]
fn circles_kinds_needs_and_the_canvas_stand_as_their_verbs_say_them() {
    let text = "capital:component; q:funder -exemplifies-> capital; q -funds-> s:company{start_up}; \
        s -located_in-> york:place; p:facility -meets_need-> t:need; p -located_in-> leeds:place; \
        p -partners_with-> q; a:council -partners_with-> b:council; talent:component; x:charity";
    let report = gathered(&fixture(text));
    let found = markdown(&report, &envelope("A town"), false);
    for it in report.communities.sentences.iter().chain([
        &report.canvas.sentence,
        &report.canvas.components[0].sentence,
        &report.matrix_kind.sentence,
    ]) {
        assert!(found.contains(&escape_markdown(&hubs::sentence(it))), "{it} is not in {found}");
    }
    for it in [
        "| t | 1 | leeds 1 | no sector on record 1 | york (1) |",
        "| talent | Nobody is named. | No source names who stands for it;",
        "| council | its own | 1 | 0.3 |",
        "No link joins two circles.",
    ] {
        assert!(found.contains(it), "{it} is not in {found}");
    }
}
