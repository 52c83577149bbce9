//! Functions of a group of rows, as accumulators.
//!
//! None depends on the order of its rows, but for the order of what `collect` gives.

use std::collections::HashSet;
use std::sync::Arc;

use foldhash::fast::FixedState;
use weft_value::Duration;

use super::sum::Sum;
use super::{Aggregate, Body, Function, Type, temporal, wrong_type, wrong_value};
use crate::memory::{Held, Room};
use crate::val::n_bytes;
use crate::{Context, Detail, Error, Val};

pub(super) const FUNCTIONS: &[Function] = &[
    aggregate(
        "count",
        &[Type::Any],
        Type::Integer,
        "How many values are not null.",
        Aggregate::Count,
    ),
    aggregate(
        "collect",
        &[Type::Any],
        Type::List,
        "The values that are not null.",
        Aggregate::Collect,
    ),
    aggregate(
        "sum",
        &[Type::Any],
        Type::Any,
        "The sum of numbers or of durations; 0 if there are none.",
        Aggregate::Sum,
    ),
    aggregate(
        "avg",
        &[Type::Any],
        Type::Any,
        "The mean of numbers or of durations; null if there are none.",
        Aggregate::Avg,
    ),
    aggregate("min", &[Type::Any], Type::Any, "The value that sorts first.", Aggregate::Min),
    aggregate("max", &[Type::Any], Type::Any, "The value that sorts last.", Aggregate::Max),
    aggregate(
        "stDev",
        &[Type::Number],
        Type::Float,
        "The standard deviation of a sample (divided by n - 1); 0 of fewer than two numbers.",
        Aggregate::StDev,
    ),
    aggregate(
        "stDevP",
        &[Type::Number],
        Type::Float,
        "The standard deviation of a whole population (divided by n); 0 of none.",
        Aggregate::StDevP,
    ),
    aggregate(
        "percentileCont",
        &[Type::Number, Type::Number],
        Type::Float,
        "The number below which a share of the numbers lies (0 to 1), between two if need be.",
        Aggregate::PercentileCont,
    ),
    aggregate(
        "percentileDisc",
        &[Type::Number, Type::Number],
        Type::Number,
        "The one of the numbers that is nearest to a share (0 to 1) of them.",
        Aggregate::PercentileDisc,
    ),
];

const fn aggregate(
    name: &'static str,
    parameters: &'static [Type],
    result: Type,
    meaning: &'static str,
    which: Aggregate,
) -> Function {
    let (n_required, body) = (parameters.len(), Body::Aggregate(which));
    Function { name, parameters, n_required, is_variadic: false, result, meaning, body }
}

/// What an aggregating function knows of the rows of one group so far.
#[derive(Debug)]
pub(crate) struct Accumulator {
    state: State,
    /// The values that were counted, where equal ones count once.
    seen: Option<HashSet<Val, FixedState>>,
}

#[derive(Debug)]
enum State {
    Count(i64),
    Collect(Vec<Val>),
    Sum(Total),
    Avg(Total),
    Min(Val),
    Max(Val),
    Deviation { numbers: Vec<f64>, is_sample: bool },
    Percentile { share: f64, numbers: Vec<Val>, is_continuous: bool },
}

/// A sum of numbers, or of durations.
#[derive(Debug, Default)]
struct Total {
    n_values: u64,
    numbers: Sum,
    durations: Option<Duration>,
}

impl Accumulator {
    /// One that has seen no row.
    pub(crate) fn new(aggregate: Aggregate, distinct: bool) -> Self {
        let deviation = |is_sample| State::Deviation { numbers: Vec::new(), is_sample };
        let percentile =
            |is_continuous| State::Percentile { share: 0.0, numbers: Vec::new(), is_continuous };
        let state = match aggregate {
            Aggregate::Count | Aggregate::CountStar => State::Count(0),
            Aggregate::Collect => State::Collect(Vec::new()),
            Aggregate::Sum => State::Sum(Total::default()),
            Aggregate::Avg => State::Avg(Total::default()),
            Aggregate::Min => State::Min(Val::Null),
            Aggregate::Max => State::Max(Val::Null),
            Aggregate::StDev => deviation(true),
            Aggregate::StDevP => deviation(false),
            Aggregate::PercentileCont => percentile(true),
            Aggregate::PercentileDisc => percentile(false),
        };
        let distinct = distinct && aggregate != Aggregate::CountStar;
        Self { state, seen: distinct.then(HashSet::default) }
    }

    /// Adds so many rows to a count; other functions need the rows themselves.
    pub(crate) fn add_rows(&mut self, n_rows: u64) {
        if let State::Count(n) = &mut self.state {
            *n = n.saturating_add_unsigned(n_rows);
        }
    }

    /// Adds a row: the values of the arguments, none for `count(*)`.
    ///
    /// # Errors
    /// If a value is of a type that the function does not take, or memory runs out.
    #[inline]
    pub(crate) fn add(&mut self, arguments: &[Val], held: &mut Held) -> Result<(), Error> {
        let Some(val) = arguments.first() else {
            if let State::Count(n) = &mut self.state {
                *n += 1;
            }
            return Ok(());
        };
        if let State::Percentile { share, numbers, .. } = &mut self.state
            && numbers.is_empty()
        {
            *share = self::share(arguments.get(1).unwrap_or(&Val::Null))?;
        }
        if val.is_null() {
            return Ok(());
        }
        if let Some(seen) = &mut self.seen {
            if seen.contains(val) {
                return Ok(());
            }
            held.add(n_bytes(val))?;
            held.make_room(seen)?;
            seen.insert(val.clone());
        }
        match &mut self.state {
            State::Count(n) => *n += 1,
            State::Collect(vals) => {
                held.add(n_bytes(val))?;
                held.push(vals, val.clone())?;
            }
            State::Sum(total) => total.add("sum", val)?,
            State::Avg(total) => total.add("avg", val)?,
            State::Min(least) if least.is_null() || val < least => keep(least, val, held)?,
            State::Max(most) if most.is_null() || val > most => keep(most, val, held)?,
            State::Min(_) | State::Max(_) => {}
            State::Deviation { numbers, .. } => {
                let number = val.as_f64().ok_or_else(|| wrong_type("stDev", "numbers", val))?;
                held.push(numbers, number)?;
            }
            State::Percentile { numbers, .. } => {
                if val.as_f64().is_none() {
                    return Err(wrong_type("percentile", "numbers", val));
                }
                held.push(numbers, val.clone())?;
            }
        }
        Ok(())
    }

    /// What it was counted for, beside itself.
    pub(crate) fn n_bytes(&self) -> usize {
        let of_state = match &self.state {
            State::Collect(vals) => vals.n_bytes() + vals.iter().map(n_bytes).sum::<usize>(),
            State::Min(val) | State::Max(val) => n_bytes(val),
            State::Deviation { numbers, .. } => numbers.n_bytes(),
            State::Percentile { numbers, .. } => numbers.n_bytes(),
            State::Count(_) | State::Sum(_) | State::Avg(_) => 0,
        };
        let of_seen =
            |it: &HashSet<Val, FixedState>| it.n_bytes() + it.iter().map(n_bytes).sum::<usize>();
        of_state + self.seen.as_ref().map_or(0, of_seen)
    }

    /// What the rows amount to.
    ///
    /// # Errors
    /// If that is a number too large for its type.
    pub(crate) fn finish(self, ctx: &Context<'_>) -> Result<Val, Error> {
        match self.state {
            State::Count(n) => Ok(Val::Integer(n)),
            State::Collect(vals) => Val::list(vals),
            State::Sum(total) => total.sum(),
            State::Avg(total) => total.mean(),
            State::Min(val) | State::Max(val) => Ok(val),
            State::Deviation { numbers, is_sample } => {
                deviation(&numbers, is_sample, ctx).map(Val::Float)
            }
            State::Percentile { share, mut numbers, is_continuous } => Ok(if is_continuous {
                percentile_between(&mut numbers, share)
            } else {
                percentile_of(&mut numbers, share)
            }),
        }
    }
}

impl Total {
    fn add(&mut self, function: &str, val: &Val) -> Result<(), Error> {
        let is_first = self.n_values == 0;
        self.n_values += 1;
        match (val, self.durations) {
            (Val::Duration(it), Some(sum)) => {
                self.durations = Some(sum.plus(it).map_err(temporal::error)?);
            }
            (Val::Duration(it), None) if is_first => self.durations = Some(**it),
            (Val::Integer(it), None) => self.numbers.add_integer(*it),
            (Val::Float(it), None) => self.numbers.add_float(*it),
            (_, Some(_)) => return Err(wrong_type(function, "durations here, after others", val)),
            (_, None) if is_first => return Err(wrong_type(function, "numbers or durations", val)),
            (_, None) => return Err(wrong_type(function, "numbers here, after others", val)),
        }
        Ok(())
    }

    fn sum(&self) -> Result<Val, Error> {
        match self.durations {
            Some(sum) => Ok(Val::Duration(Arc::new(sum))),
            None => self.numbers.to_val(),
        }
    }

    fn mean(&self) -> Result<Val, Error> {
        let n = self.n_values as f64;
        match self.durations {
            _ if self.n_values == 0 => Ok(Val::Null),
            Some(sum) => {
                let mean = sum.divided_by(n).map_err(temporal::error)?;
                Ok(Val::Duration(Arc::new(mean)))
            }
            None => Ok(Val::Float(self.numbers.to_f64() / n)),
        }
    }
}

/// Keeps a value in place of another.
fn keep(kept: &mut Val, val: &Val, held: &mut Held) -> Result<(), Error> {
    held.add(n_bytes(val))?;
    held.sub(n_bytes(kept));
    *kept = val.clone();
    Ok(())
}

fn share(val: &Val) -> Result<f64, Error> {
    let Some(share) = val.as_f64() else {
        return Err(wrong_type("percentile", "a number from 0 to 1 as its share", val));
    };
    if (0.0..=1.0).contains(&share) {
        return Ok(share);
    }
    let message = format!("the share of a percentile goes from 0 to 1, so it cannot be {share}");
    Err(wrong_value(Detail::NumberOutOfRange, message))
}

/// The square root of the mean of squared distances from the mean.
fn deviation(numbers: &[f64], is_sample: bool, ctx: &Context<'_>) -> Result<f64, Error> {
    let n_divided = numbers.len() - usize::from(is_sample && !numbers.is_empty());
    if n_divided == 0 {
        return Ok(0.0);
    }
    let total = |of: &dyn Fn(f64) -> f64| {
        let mut sum = Sum::default();
        for number in numbers {
            ctx.step()?;
            sum.add_float(of(*number));
        }
        Ok(sum.to_f64())
    };
    let mean = total(&|it| it)? / numbers.len() as f64;
    let squares = total(&|it| (it - mean).powi(2))?;
    Ok((squares / n_divided as f64).sqrt())
}

/// The number at a share of some, between two of them if need be.
fn percentile_between(numbers: &mut [Val], share: f64) -> Val {
    let Some(last) = numbers.len().checked_sub(1) else { return Val::Null };
    let place = share * last as f64;
    let (below, part) = (place.floor() as usize, place.fract());
    let (_, number, above) = numbers.select_nth_unstable(below);
    let Some(number) = number.as_f64() else { return Val::Null };
    match above.iter().min().and_then(Val::as_f64) {
        Some(next) if part > 0.0 => Val::Float(number * (1.0 - part) + next * part),
        _ => Val::Float(number),
    }
}

/// The one of some numbers below and at which that share of them lies.
fn percentile_of(numbers: &mut [Val], share: f64) -> Val {
    let place = ((share * numbers.len() as f64).ceil() as usize).saturating_sub(1);
    if place >= numbers.len() {
        return Val::Null;
    }
    numbers.select_nth_unstable(place).1.clone()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Clock, ErrorKind, Graph, Limits, State};

    fn run(which: Aggregate, distinct: bool, rows: &[Vec<Val>]) -> Result<Val, Error> {
        let graph = Graph::new(weft_graph::fixture("a:university"));
        let (clock, state) = (Clock::default(), State::new(0, None));
        let limits = Limits { n_bytes: 100_000, ..Limits::default() };
        let ctx = Context { graph: &graph, parameters: &[], clock: &clock, limits, state: &state };
        let (mut accumulator, mut held) = (Accumulator::new(which, distinct), ctx.held());
        for row in rows {
            accumulator.add(row, &mut held)?;
        }
        accumulator.finish(&ctx)
    }

    /// The same in any order of the rows.
    #[track_caller]
    fn check(which: Aggregate, vals: &[Val], expected: impl Into<Val>) {
        let expected = expected.into();
        let mut rows: Vec<_> = vals.iter().map(|it| vec![it.clone()]).collect();
        let n_rows = rows.len();
        for _ in 0..n_rows.max(1) {
            let found = run(which, false, &rows).unwrap();
            assert_eq!((&found, found.type_name()), (&expected, expected.type_name()));
            rows.rotate_left(1.min(n_rows));
        }
    }

    fn duration(text: &str) -> Val {
        Val::Duration(Arc::new(text.parse().unwrap()))
    }

    #[test]
    fn nulls_are_left_out_and_no_rows_have_their_answers() {
        let some = [1.into(), Val::Null, 3.into()];
        check(Aggregate::Count, &some, 2);
        check(Aggregate::Sum, &some, 4);
        check(Aggregate::Avg, &some, 2.0);
        check(Aggregate::Min, &some, 1);
        check(Aggregate::Max, &some, 3);
        for which in [Aggregate::Count, Aggregate::Sum] {
            check(which, &[Val::Null], 0);
        }
        for which in [Aggregate::Avg, Aggregate::Min, Aggregate::Max] {
            check(which, &[], Val::Null);
        }
        check(Aggregate::Collect, &[Val::Null], Vec::new());
        check(Aggregate::StDev, &[1.into()], 0.0);
        assert_eq!(run(Aggregate::CountStar, false, &[vec![], vec![]]).unwrap(), 2.into());
    }

    #[test]
    fn sums_keep_their_type_and_their_last_digit() {
        check(Aggregate::Sum, &[1.into(), 2.into()], 3);
        check(Aggregate::Sum, &[1.into(), 0.5.into()], 1.5);
        check(Aggregate::Sum, &vec![Val::from(0.1); 10], 1.0);
        check(Aggregate::Sum, &[i64::MAX.into(), 1.into(), (-1).into()], i64::MAX);
        check(Aggregate::Avg, &[i64::MAX.into(), i64::MAX.into()], i64::MAX as f64);
        check(Aggregate::Sum, &[duration("P1D"), duration("PT12H")], duration("P1DT12H"));
        check(Aggregate::Avg, &[duration("P1D"), duration("P3D")], duration("P2D"));
        let mixed = [vec![1.into()], vec![duration("P1D")]];
        for rows in [mixed.to_vec(), mixed.iter().rev().cloned().collect::<Vec<_>>()] {
            assert_eq!(run(Aggregate::Sum, false, &rows).unwrap_err().kind, ErrorKind::TypeError);
        }
        let large = [vec![i64::MAX.into()], vec![1.into()]];
        let err = run(Aggregate::Sum, false, &large).unwrap_err();
        assert_eq!(err.detail, Detail::IntegerOverflow);
    }

    #[test]
    fn least_and_most_go_by_the_order_of_all_values() {
        let mixed = [1.into(), "a".into(), vec![1.into()].into(), 0.2.into(), "b".into()];
        check(Aggregate::Max, &mixed, 1);
        check(Aggregate::Min, &mixed, vec![1.into()]);
    }

    #[test]
    fn distinct_counts_equals_once() {
        let rows = [1.into(), 1.0.into(), f64::NAN.into(), f64::NAN.into(), 2.into()];
        let rows = rows.map(|it| vec![it]);
        assert_eq!(run(Aggregate::Count, true, &rows).unwrap(), 3.into());
        let collected = run(Aggregate::Collect, true, &rows).unwrap();
        assert_eq!(collected, vec![1.into(), f64::NAN.into(), 2.into()].into());
    }

    #[test]
    fn deviations_agree_with_their_definition() {
        let numbers = [2, 4, 4, 4, 5, 5, 7, 9].map(Val::from);
        check(Aggregate::StDevP, &numbers, 2.0);
        check(Aggregate::StDev, &numbers, (32.0_f64 / 7.0).sqrt());
    }

    #[test]
    fn percentiles_lie_between_or_at_numbers() {
        let run = |which, share: f64| {
            let rows = [40, 10, 30, 20].map(|it| vec![it.into(), share.into()]);
            run(which, false, &rows)
        };
        let (cont, disc) = (Aggregate::PercentileCont, Aggregate::PercentileDisc);
        assert_eq!(run(cont, 0.5).unwrap(), 25.0.into());
        assert_eq!(run(cont, 0.0).unwrap(), 10.0.into());
        assert_eq!(run(cont, 1.0).unwrap(), 40.0.into());
        for (share, expected) in
            [(0.0, 10), (0.25, 10), (0.26, 20), (0.5, 20), (0.9, 40), (1.0, 40)]
        {
            assert_eq!(run(disc, share).unwrap(), expected.into(), "{share}");
        }
        for share in [-0.1, 1.1, f64::NAN] {
            assert_eq!(run(cont, share).unwrap_err().detail, Detail::NumberOutOfRange);
        }
    }

    #[test]
    fn what_is_collected_ends_at_the_limit_of_memory() {
        let rows: Vec<_> = (0..10_000).map(|it| vec![it.into()]).collect();
        let err = run(Aggregate::Collect, false, &rows).unwrap_err();
        assert_eq!(err.kind, ErrorKind::LimitError);
    }
}
