//! The chief tables of the printed page: each of their numeric cells is a figure of the document.

use super::audit::At;

/// A table of the page: the cells of its columns of numbers, row by row.
struct Table<'a> {
    caption: &'a str,
    rows: Vec<Vec<&'a str>>,
}

pub(super) fn check<'a>(page: &str, section: &impl Fn(&str) -> At<'a>) {
    let tables = tables(page);
    let hold = |caption: &str, rows: Vec<At<'a>>, figures: &[&str]| {
        let mut named = tables.iter().filter(|it| it.caption == caption);
        let table = named.next().unwrap_or_else(|| panic!("no table is called `{caption}`"));
        // A long list is cut, and goes on in a table of its own.
        assert!((1..=rows.len()).contains(&table.rows.len()), "{caption}");
        for (cells, row) in table.rows.iter().zip(&rows) {
            assert_eq!(cells.len(), figures.len(), "{caption}");
            for (cell, figure) in cells.iter().zip(figures) {
                let at = row.get(figure);
                let n_listed = at.value().as_array().map(|it| it.len() as f64);
                assert!(shows(cell, n_listed.or(at.number())), "{caption}: {cell} for {figure}");
            }
        }
    };
    let n_rows = |caption: &str| {
        tables.iter().find(|it| it.caption == caption).map_or(0, |it| it.rows.len())
    };
    let (hubs, gaps, access) = (section("hubs"), section("gaps"), section("access"));
    let list = |at: &At<'a>, name: &str| at.get(name).items();
    hold(
        "Bodies with the most partners",
        list(&hubs, "works_with_most"),
        &["rank", "n_contacts", "n_ties"],
    );
    hold(
        "Bodies through which others reach each other",
        list(&hubs, "connects_groups"),
        &["rank", "betweenness_share", "constraint", "effective_size", "cut_off"],
    );
    hold(
        "Bodies nearest to all others",
        list(&hubs, "shortest_way"),
        &["rank", "harmonic", "n_within_two", "n_reached"],
    );
    hold(
        "Who would be cut off",
        list(&gaps, "single_point_of_failure"),
        &["n_cut_off", "n_start_ups_cut_off"],
    );
    let rest = list(&gaps, "single_point_of_failure").split_off(n_rows("Who would be cut off"));
    hold("Bodies without which fewer are cut off", rest, &["n_cut_off", "n_start_ups_cut_off"]);
    let of_all = |it: &At<'_>| it.get("group_by").text() == "all";
    hold(
        "Needs out of reach, over all start-ups",
        list(&gaps, "unreached_need").into_iter().filter(of_all).collect(),
        &["n_unreached", "n_start_ups", "share"],
    );
    hold(
        "Missing bridges",
        gaps.get("missing_bridge/rows").items(),
        &["start_ups", "mean_access_before", "mean_access_after"],
    );
    let holes = section("holes");
    let is_hole = |it: &At<'_>| it.get("is_hole").flag();
    let tested = ["n_links", "expected", "p", "q"];
    let pairs = || holes.get("pairs").items().into_iter();
    // What a larger group only repeats stands in a note below.
    let is_told = |it: &At<'_>| it.value().get("repeats").is_none();
    let told = pairs().filter(is_hole).filter(is_told).collect();
    hold("Fewer links than chance gives", told, &tested);
    hold("Pairs that were tested, the least likely first", pairs().collect(), &tested);
    let (circles, kinds) = (section("communities"), section("matrix_kind"));
    let sizes = ["n_members", "n_links_inside", "n_links_outside"];
    let of_circles = list(&circles, "communities");
    let n_shown = n_rows("Circles, the largest first");
    hold("Circles, the largest first", of_circles.clone(), &sizes);
    hold("Smaller circles", of_circles[n_shown..].to_vec(), &sizes);
    let gap =
        |it: &At<'_>| it.get("n_links").number().unwrap() - it.get("expected").number().unwrap();
    let mut pairs = kinds.get("pairs").items();
    pairs.retain(|it| gap(it) != 0.0);
    pairs.sort_by(|a, b| gap(b).total_cmp(&gap(a)));
    let n_above = pairs.iter().filter(|it| gap(it) > 0.0).count();
    let mut below = pairs.split_off(n_above);
    below.reverse();
    let figures = ["n_links", "expected"];
    hold("Kinds with more links than by chance, the largest difference first", pairs, &figures);
    hold("Kinds with fewer links than by chance, the largest difference first", below, &figures);
    let mut joined = section("matrix_community").get("pairs").items();
    let number = |it: &At<'_>, name: &str| it.get(name).number().unwrap() as usize;
    joined.retain(|it| number(it, "one") != number(it, "other") && number(it, "n_links") > 0);
    joined.sort_by_key(|it| std::cmp::Reverse(number(it, "n_links")));
    let n_shown = n_rows("Circles with most links between them");
    let rest = joined.split_off(n_shown);
    hold("Circles with most links between them", joined, &["n_links"]);
    hold("Circles with fewer links between them", rest, &["n_links"]);
    hold("Who meets what, where", section("matrix_needs").get("needs").items(), &["providers"]);
    let plan = section("plan");
    hold(
        "The plan, in the order in which it was made",
        list(&plan, "rows"),
        &["rank", "adds_to_plan"],
    );
    hold("Meetings of each body in the plan", list(&plan, "load"), &["n_met", "n_introduces"]);
    let thin = ["nodes_with_one_claim", "ties_with_one_claim", "undated_nodes", "undated_ties"];
    let thin = thin.map(|it| gaps.get("thin_data").get(it));
    hold("Thin data", thin.to_vec(), &["n", "n_of"]);
    hold(
        "Start-ups, those to look at first on top",
        list(&access, "start_ups"),
        &["access", "n_links", "fragility", "n_sources"],
    );
}

/// The Markdown tables, each with the line in italics above it.
fn tables(page: &str) -> Vec<Table<'_>> {
    let cells = |line: &'_ str| line.trim_matches('|').split('|').count();
    let mut res: Vec<Table<'_>> = Vec::new();
    let (mut caption, mut numeric): (&str, Vec<bool>) = ("", Vec::new());
    for line in page.lines() {
        if line.starts_with("|---") {
            numeric = line.trim_matches('|').split('|').map(|it| it.ends_with(':')).collect();
            res.push(Table { caption, rows: Vec::new() });
        } else if line.starts_with('|') && !numeric.is_empty() {
            assert_eq!(cells(line), numeric.len(), "{line}");
            let cells = line.trim_matches('|').split('|').map(str::trim).zip(&numeric);
            let row = cells.filter(|it| *it.1).map(|it| it.0).collect();
            res.last_mut().unwrap().rows.push(row);
        } else if !line.starts_with('|') {
            numeric.clear();
            caption = if line.is_empty() { caption } else { line.trim_matches('*') };
        }
    }
    res
}

/// Whether a cell is this figure, as far as its last digit tells; words stand where there is none.
fn shows(cell: &str, figure: Option<f64>) -> bool {
    let (text, unit) = match cell.strip_suffix(" %") {
        Some(text) => (text, 100.0),
        None => (cell, 1.0),
    };
    let (Ok(shown), Some(figure)) = (text.replace(',', "").parse::<f64>(), figure) else {
        return figure.is_none() && !cell.contains(|it: char| it.is_ascii_digit());
    };
    let n_decimals = text.split_once('.').map_or(0, |it| it.1.len());
    (shown - figure * unit).abs() <= 0.500_001 * 0.1_f64.powi(n_decimals as i32)
}
