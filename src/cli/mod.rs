//! The command line: what was typed becomes a request, and the answer becomes text, files and a code.
//!
//! The only room that reads the clock, the environment and the terminal, and that prints.

#![allow(clippy::print_stderr, reason = "this is where people are spoken to")]

mod args;
mod errors;
mod interrupt;
mod output;
mod serve;
mod shell;
mod untried;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use weft_cypher::Limits;
use weft_graph::Certainty;
use weft_value::{DateError, DateOrder, PartialDate};

use crate::present::Format;
use crate::session::{self, Error, Request, Settings, request};
use args::{
    Cli, ColorArg, Common, DirectionArg, FindingArg, Floor, FormatArg, IntroduceStep, MatrixArg,
    MethodArg, Pair, QualityArg, TrustedArgs, Verb, WeightArg,
};

/// The exit code of a bug of ours.
const EXIT_BUG: u8 = 70;

/// Runs `weft` with the arguments of the process.
pub fn main() -> ExitCode {
    match std::panic::catch_unwind(run) {
        Ok(code) => code,
        Err(_) => {
            eprintln!("error: weft has a bug; the store is as it was before this command");
            eprintln!("hint: please report the command and the message above");
            ExitCode::from(EXIT_BUG)
        }
    }
}

fn run() -> ExitCode {
    interrupt::install();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(err) => {
            let code = if err.use_stderr() { 2 } else { 0 };
            // A closed pipe under `weft --help | head` is no fault.
            let _ = err.print();
            if let Some(hint) = untried::hint(&err, std::env::args()) {
                eprintln!("hint: {hint}");
            }
            return ExitCode::from(code);
        }
    };
    set_colours(cli.common.color);
    let format = cli.common.format;
    match answer(cli) {
        Ok(code) => code,
        Err(err) => {
            output::print_error(&err, format == Some(FormatArg::Json));
            ExitCode::from(errors::exit_code(&err))
        }
    }
}

fn answer(cli: Cli) -> Result<ExitCode, Error> {
    if let Verb::Completions { shell } = cli.verb {
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut Cli::command(), "weft", &mut script);
        return output::print_bytes(&script);
    }
    let form = cli.common.format;
    let settings = settings(&cli.common, &cli.verb)?;
    match &cli.verb {
        Verb::Serve(args) => return serve::run(&settings, args),
        Verb::Shell { written, memory } => {
            return shell::run(&settings, written, limits(*memory), form);
        }
        _ => {}
    }
    let request = request(cli.verb, form)?;
    let mut messages = output::Messages::new();
    let result = session::run(&settings, &request, &mut messages);
    messages.finish();
    output::print(&result?, rows_format(form, &request)?)
}

fn set_colours(color: ColorArg) {
    let choice = match color {
        // anstream itself looks at NO_COLOR and at whether this is a terminal.
        ColorArg::Auto => anstream::ColorChoice::Auto,
        ColorArg::Always => anstream::ColorChoice::Always,
        ColorArg::Never => anstream::ColorChoice::Never,
    };
    choice.write_global();
}

/// The form of rows: as asked, else a table on a terminal and TSV in a pipe.
fn rows_format(form: Option<FormatArg>, request: &Request) -> Result<Format, Error> {
    match form {
        None if output::is_terminal() => Ok(Format::Table),
        // What `report`, `init` and the like say of themselves is for people, in a pipe as well.
        None if request.speaks() => Ok(Format::Table),
        // The page itself is Markdown or HTML; what is printed is the short of it.
        Some(FormatArg::Markdown) if matches!(request, Request::Report(_)) => Ok(Format::Table),
        None => Ok(Format::Tsv),
        Some(form) => form.rows().map_or_else(
            || match request {
                Request::Draw(_) | Request::Report(_) | Request::Export(_) => Ok(Format::Table),
                _ => Err(Error::usage("this verb has no page and no picture").with_hint(
                    "use `--format table|json|jsonl|csv|tsv|markdown`; pictures come from \
                     `weft draw`, pages from `weft report`",
                )),
            },
            Ok,
        ),
    }
}

fn settings(common: &Common, verb: &Verb) -> Result<Settings, Error> {
    let clock = output::clock();
    let as_of = match common.as_of.as_deref() {
        None => None,
        Some(text) => Some(day(text, "--as-of", &clock)?),
    };
    let not = match verb {
        Verb::Introduce { not, .. } => not.clone(),
        _ => Vec::new(),
    };
    let place = match verb {
        Verb::Hubs { located, .. }
        | Verb::Rank { located, .. }
        | Verb::Brokers { located, .. }
        | Verb::Communities { located, .. }
        | Verb::Critical { located, .. }
        | Verb::Access { located, .. }
        | Verb::Introduce { located, .. }
        | Verb::Find { located, .. }
        | Verb::Similar { located, .. }
        | Verb::Project { located, .. }
        | Verb::Who { located, .. } => located.place.clone(),
        Verb::Path { place, .. } | Verb::Facts { place, .. } => place.clone(),
        _ => None,
    };
    Ok(Settings {
        db: common.db.clone().or_else(output::store_of_environment),
        as_of,
        revision: common.revision,
        floor: common.certainty.map(|it| match it {
            Floor::Stated => Certainty::Stated,
            Floor::Collective => Certainty::Collective,
            Floor::Implied => Certainty::Implied,
            Floor::Ambiguous => Certainty::Ambiguous,
            Floor::Inferred => Certainty::Inferred,
        }),
        relations: common.relation.clone(),
        kinds: common.kind.clone(),
        why: common.why,
        seed: common.seed,
        limit: common.limit,
        all: common.all,
        today: Some(clock.today),
        now: clock.now,
        who: clock.who,
        not,
        place,
    })
}

/// A date, or `today`.
fn day(text: &str, option: &str, clock: &output::Clock) -> Result<PartialDate, Error> {
    if text == "today" { Ok(clock.today) } else { date(text, option) }
}

fn date(text: &str, option: &str) -> Result<PartialDate, Error> {
    PartialDate::parse(text, DateOrder::IsoOnly).map_err(|err| match err {
        DateError::Ambiguous => {
            let message = format!("`{text}` in `{option}`: day and month cannot be told apart");
            Error::usage(message).with_hint("write a day as `2018-04-03`")
        }
        err => Error::usage(format!("`{text}` in `{option}`: {err}")),
    })
}

/// What stands after the last point of a path, in small letters.
fn ending(path: Option<&Path>) -> Option<String> {
    Some(path?.extension()?.to_str()?.to_lowercase())
}

fn unknown_ending(what: &str, ending: Option<&str>, endings: &str) -> Error {
    let ending = ending.unwrap_or_default();
    Error::usage(format!("{what} cannot be written as `.{ending}`"))
        .with_hint(format!("the ending tells the form: {endings}; or say it with `--format`"))
}

fn request(verb: Verb, form: Option<FormatArg>) -> Result<Request, Error> {
    let names = |names| request::Names { names };
    Ok(match verb {
        Verb::Init { from, template, title, schema, free } => {
            Request::Init(request::Init { from, template, title, schema, free })
        }
        Verb::Status => Request::Status,
        Verb::Schema { toml } => Request::Schema(request::Schema { toml }),
        Verb::Import { paths, dataset, dry_run, remove, dates, source_date } => {
            Request::Import(request::Import {
                paths,
                dataset,
                dry_run,
                remove,
                day_first: dates.is_some(),
                source_date: source_date.map(|it| date(&it, "--source-date")).transpose()?,
            })
        }
        Verb::Check { deep } => Request::Check(request::Check { deep }),
        Verb::Sources => Request::Sources,
        Verb::History { revision } => Request::History(request::History { revision }),
        Verb::Undo { revision } => Request::Undo(request::Undo { revision }),
        Verb::Find { text, .. } => Request::Find(request::Find { text: text.join(" ") }),
        Verb::Show { names: it } => Request::Show(names(it)),
        Verb::Who { name, with, .. } => Request::Who(request::Who { name, with }),
        Verb::Path {
            from,
            to,
            k,
            all_shortest,
            disjoint,
            simple_up_to,
            avoid,
            weight,
            currency,
            ..
        } => {
            let choice = match (all_shortest, disjoint.as_deref(), simple_up_to) {
                (true, ..) => request::PathChoice::AllShortest,
                (_, Some("links"), _) => request::PathChoice::DisjointLinks,
                (_, Some(_), _) => request::PathChoice::DisjointNodes,
                (_, _, Some(n_links)) => request::PathChoice::UpTo(n_links),
                _ => request::PathChoice::Shortest,
            };
            Request::Path(request::Path {
                from,
                to,
                choice,
                n_paths: k,
                avoid,
                weighting: weighting(weight),
                currency: Some(currency.to_uppercase()),
            })
        }
        Verb::Similar { name, .. } => Request::Similar(request::Similar { name }),
        Verb::Stats => Request::Stats,
        Verb::Project { of, .. } => Request::Project(request::Project { kind: of }),
        Verb::Facts { words, derived, .. } => Request::Facts(request::Facts { words, derived }),
        Verb::Hubs { trusted: it, .. } => Request::Hubs(trusted(it)),
        Verb::Rank {
            measure,
            names,
            direction,
            weight,
            currency,
            steps,
            sample,
            attenuation,
            from,
            trusted: it,
            ..
        } => Request::Rank(request::Rank {
            measure,
            names,
            direction: direction.map(|it| match it {
                DirectionArg::Out => request::Direction::Outgoing,
                DirectionArg::In => request::Direction::Incoming,
                DirectionArg::Either => request::Direction::Either,
            }),
            weighting: weighting(weight),
            currency: Some(currency.to_uppercase()),
            n_steps: steps,
            n_searches: sample.map(|it| it as usize),
            attenuation,
            starts: from,
            trusted: trusted(it),
        }),
        Verb::Brokers { names, trusted: it, .. } => {
            Request::Brokers(request::Brokers { names, trusted: trusted(it) })
        }
        Verb::Communities { names, method, quality, resolution, .. } => {
            Request::Communities(request::Communities {
                names,
                method: match method {
                    MethodArg::Leiden => request::GroupMethod::Leiden,
                    MethodArg::Louvain => request::GroupMethod::Louvain,
                    MethodArg::LabelPropagation => request::GroupMethod::LabelPropagation,
                },
                quality: match quality {
                    QualityArg::Modularity => request::Quality::Modularity,
                    QualityArg::Cpm => request::Quality::ConstantPotts,
                },
                resolution,
            })
        }
        Verb::Critical { names, trusted: asked, .. } => {
            Request::Critical(request::Judged { names, trusted: trusted(asked) })
        }
        Verb::Gaps { chance } => Request::Gaps(request::Gaps { chance }),
        Verb::Access { names, trusted: asked, .. } => {
            Request::Access(request::Judged { names, trusted: trusted(asked) })
        }
        Verb::Introduce { step: Some(step), .. } => introduce_step(step)?,
        Verb::Introduce { name, k, cap, .. } => {
            Request::Introduce(request::Introduce { name, n_introductions: k, cap })
        }
        Verb::Canvas => Request::Canvas,
        Verb::Journey { name } => Request::Journey(request::Journey { name }),
        Verb::Matrix { of } => Request::Matrix(request::Matrix {
            of: match of {
                MatrixArg::Kind => request::MatrixOf::Kind,
                MatrixArg::Sector => request::MatrixOf::Sector,
                MatrixArg::Place => request::MatrixOf::Place,
                MatrixArg::Community => request::MatrixOf::Community,
                MatrixArg::Needs => request::MatrixOf::Needs,
            },
        }),
        Verb::Flows => Request::Flows,
        Verb::WhatIf { findings, without, add } => {
            let findings = findings.into_iter().map(finding).collect();
            Request::WhatIf(request::WhatIf { without, add, findings })
        }
        Verb::Diff { from, to, findings } => {
            let day = |text: &str| day(text, "diff", &output::clock());
            let findings = findings.into_iter().map(finding).collect();
            Request::Diff(request::Diff { from: day(&from)?, to: day(&to)?, findings })
        }
        Verb::Draw { of, depth, path, save_layout, output } => {
            let ending = ending(output.as_deref());
            let ending = ending.as_deref();
            let form = match form {
                Some(FormatArg::Dot) => request::PictureForm::Dot,
                Some(FormatArg::Svg) => request::PictureForm::Svg,
                None if matches!(ending, Some("dot" | "gv")) => request::PictureForm::Dot,
                None if matches!(ending, None | Some("svg")) => request::PictureForm::Svg,
                None => return Err(unknown_ending("a picture", ending, "`.svg`, `.dot` or `.gv`")),
                Some(_) => {
                    return Err(Error::usage("a picture is `svg` or `dot`").with_hint(
                        "use `--format svg` or `--format dot`, or `-o FILE.svg`, `-o FILE.dot`",
                    ));
                }
            };
            let path = path.map(|it| {
                let mut ends = it.into_iter();
                (ends.next().unwrap_or_default(), ends.next().unwrap_or_default())
            });
            Request::Draw(request::Draw { of, depth, path, save_layout, form, output })
        }
        Verb::Report { output } => {
            let ending = ending(output.as_deref());
            let ending = ending.as_deref();
            let markdown = match form {
                Some(FormatArg::Svg | FormatArg::Dot) => {
                    return Err(Error::usage("a report is a page, text or rows")
                        .with_hint("pictures come from `weft draw`"));
                }
                Some(FormatArg::Markdown) => true,
                Some(FormatArg::Html) => false,
                None | Some(FormatArg::Table) => match ending {
                    None | Some("html" | "htm") => false,
                    Some("md" | "markdown") => true,
                    _ => {
                        let endings = "`.html`, `.htm`, `.md` or `.markdown`";
                        return Err(unknown_ending("a report", ending, endings));
                    }
                },
                Some(_) if output.is_some() => {
                    return Err(Error::usage(
                        "the rows of a report go to stdout, `-o` names a page",
                    )
                    .with_hint("leave out `-o`, or leave out `--format`"));
                }
                Some(_) => false,
            };
            if matches!(form, Some(FormatArg::Csv | FormatArg::Tsv)) {
                return Err(Error::usage("a report has tables of many shapes").with_hint(
                    "use `--format json`, or the CSV of one finding, such as `weft hubs`",
                ));
            }
            // A page that is asked for by its form goes where the pipe leads.
            let is_piped = matches!(form, Some(FormatArg::Markdown | FormatArg::Html))
                && !output::is_terminal();
            let output = output.or_else(|| is_piped.then(|| PathBuf::from("-")));
            let rows = matches!(form, Some(FormatArg::Json | FormatArg::Jsonl));
            Request::Report(request::Report { output, markdown, rows })
        }
        Verb::Export { output, regardless_of_licence } => {
            let ending = ending(output.as_deref());
            let ending = ending.as_deref();
            let is_folder = output.as_deref().is_some_and(|it| it.is_dir());
            let is_file = output.as_deref().is_some_and(|it| it.as_os_str() != "-");
            let form = match form {
                Some(FormatArg::Dot) => request::ExportForm::Dot,
                Some(FormatArg::Csv) => request::ExportForm::Csv,
                Some(FormatArg::Json) => request::ExportForm::Json,
                None if matches!(ending, Some("dot" | "gv")) => request::ExportForm::Dot,
                None if is_folder || ending == Some("csv") => request::ExportForm::Csv,
                None if !is_file || ending == Some("json") => request::ExportForm::Json,
                // What has no ending is a folder, and a folder holds what `import` reads.
                None if ending.is_none() => request::ExportForm::Csv,
                None => {
                    let endings = "`.json`, `.dot` or `.gv`; CSV has a folder, without an ending";
                    return Err(unknown_ending("an export", ending, endings));
                }
                Some(_) => {
                    return Err(Error::usage("an export is `json`, `csv` or `dot`")
                        .with_hint("use `--format json|csv|dot`; CSV needs `-o FOLDER`"));
                }
            };
            Request::Export(request::Export { form, output, regardless_of_licence })
        }
        Verb::Explain { names: it } => Request::Explain(names(it)),
        Verb::Query { text, file, parameters, rows, written, single, timeout, memory } => {
            let text = match (text.as_deref(), file) {
                (None | Some("-"), None) => output::read_stdin()?,
                (_, Some(path)) => output::read_file(&path)?,
                (Some(text), None) => text.to_owned(),
            };
            Request::Query(request::Query {
                text,
                parameters,
                rows: rows
                    .into_iter()
                    .map(|(name, file)| output::read_bytes(&file).map(|it| (name, file, it)))
                    .collect::<Result<_, _>>()?,
                source: written.source,
                locator: written.locator,
                single,
                stopwatch: Some(output::nanoseconds),
                timeout_ms: timeout.map(|it| it.saturating_mul(1_000)),
                limits: limits(memory),
            })
        }
        Verb::Ask { name, describe, parameters } => {
            Request::Ask(request::Ask { name, describe, parameters })
        }
        Verb::Serve(_) | Verb::Shell { .. } | Verb::Completions { .. } => {
            return Err(Error::usage("completions are printed before anything is opened"));
        }
    })
}

fn finding(named: FindingArg) -> request::Finding {
    match named {
        FindingArg::Stats => request::Finding::Stats,
        FindingArg::Hubs => request::Finding::Hubs,
        FindingArg::Critical => request::Finding::Critical,
        FindingArg::Access => request::Finding::Access,
        FindingArg::Gaps => request::Finding::Gaps,
        FindingArg::Brokers => request::Finding::Brokers,
        FindingArg::Communities => request::Finding::Communities,
        FindingArg::Matrix => request::Finding::Matrix,
        FindingArg::Introduce => request::Finding::Introduce,
        FindingArg::Journey => request::Finding::Journey,
        FindingArg::Canvas => request::Finding::Canvas,
        FindingArg::Flows => request::Finding::Flows,
        FindingArg::Facts => request::Finding::Facts,
        FindingArg::Holes => request::Finding::Holes,
        FindingArg::Bridges => request::Finding::Bridges,
        FindingArg::Thin => request::Finding::Thin,
    }
}

/// What a statement may take, of so many MB of memory.
fn limits(memory_mb: u64) -> Limits {
    let n_bytes = usize::try_from(memory_mb).unwrap_or(usize::MAX).saturating_mul(1_000_000);
    Limits { n_bytes, ..Limits::default() }
}

fn weighting(weight: WeightArg) -> request::Weighting {
    match weight {
        WeightArg::One => request::Weighting::One,
        WeightArg::Ties => request::Weighting::Ties,
        WeightArg::Amount => request::Weighting::Amount,
        WeightArg::LogAmount => request::Weighting::LogAmount,
    }
}

fn trusted(TrustedArgs { stability, chance }: TrustedArgs) -> request::Trusted {
    request::Trusted { stability, chance }
}

fn introduce_step(step: IntroduceStep) -> Result<Request, Error> {
    let (pair, step) = match step {
        IntroduceStep::List => return Ok(Request::Ledger),
        IntroduceStep::Log { pair, by, programme } => (pair, request::Step::Log { by, programme }),
        IntroduceStep::Accept { pair } => (pair, request::Step::Accept),
        IntroduceStep::Decline { pair } => (pair, request::Step::Decline),
        IntroduceStep::Made { pair } => (pair, request::Step::Made),
        IntroduceStep::Outcome { pair, outcome } => (pair, request::Step::Outcome(outcome)),
    };
    let Pair { start_up, to, date: day, note } = pair;
    let day = day.map(|it| date(&it, "--date")).transpose()?;
    Ok(Request::WriteDown(request::WriteDown { step, start_up, to, day, note }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_has_every_verb_under_one_job() {
        let mut listed: Vec<&str> =
            args::JOBS.iter().flat_map(|it| it.1).copied().filter(|it| *it != "help").collect();
        listed.sort_unstable();
        let command = Cli::command();
        let mut verbs: Vec<&str> = command.get_subcommands().map(|it| it.get_name()).collect();
        verbs.sort_unstable();
        assert_eq!(listed, verbs);
    }

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
