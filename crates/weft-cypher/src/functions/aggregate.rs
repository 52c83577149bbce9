//! Functions of a group of rows, as accumulators.
//!
//! None depends on the order of its rows, but for the order of what `collect` gives.

use std::collections::HashSet;
use std::sync::Arc;

use foldhash::fast::FixedState;
use weft_value::Duration;

use super::sum::Sum;
use super::{Aggregate, Body, Function, Type, temporal, wrong_type, wrong_value};
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
pub struct Accumulator {
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
    pub fn new(aggregate: Aggregate, distinct: bool) -> Self {
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

    /// Adds a row: the values of the arguments, none for `count(*)`.
    ///
    /// # Errors
    /// If a value is of a type that the function does not take, or memory runs out.
    #[inline]
    pub fn add(&mut self, arguments: &[Val], ctx: &Context<'_>) -> Result<(), Error> {
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
            ctx.hold(size_of::<Val>() + n_bytes(val))?;
            seen.insert(val.clone());
        }
        match &mut self.state {
            State::Count(n) => *n += 1,
            State::Collect(vals) => {
                ctx.hold(size_of::<Val>() + n_bytes(val))?;
                vals.push(val.clone());
            }
            State::Sum(total) => total.add("sum", val)?,
            State::Avg(total) => total.add("avg", val)?,
            State::Min(least) if least.is_null() || val < least => *least = val.clone(),
            State::Max(most) if most.is_null() || val > most => *most = val.clone(),
            State::Min(_) | State::Max(_) => {}
            State::Deviation { numbers, .. } => {
                ctx.hold(size_of::<f64>())?;
                numbers.push(val.as_f64().ok_or_else(|| wrong_type("stDev", "numbers", val))?);
            }
            State::Percentile { numbers, .. } => {
                if val.as_f64().is_none() {
                    return Err(wrong_type("percentile", "numbers", val));
                }
                ctx.hold(size_of::<Val>())?;
                numbers.push(val.clone());
            }
        }
        Ok(())
    }

    /// What the rows amount to.
    ///
    /// # Errors
    /// If that is a number too large for its type.
    pub fn finish(self) -> Result<Val, Error> {
        match self.state {
            State::Count(n) => Ok(Val::Integer(n)),
            State::Collect(vals) => Val::list(vals),
            State::Sum(total) => total.sum(),
            State::Avg(total) => total.mean(),
            State::Min(val) | State::Max(val) => Ok(val),
            State::Deviation { numbers, is_sample } => {
                Ok(Val::Float(deviation(&numbers, is_sample)))
            }
            State::Percentile { share, mut numbers, is_continuous } => {
                numbers.sort();
                Ok(if is_continuous {
                    percentile_between(&numbers, share)
                } else {
                    percentile_of(&numbers, share)
                })
            }
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
fn deviation(numbers: &[f64], is_sample: bool) -> f64 {
    let n_divided = numbers.len() - usize::from(is_sample && !numbers.is_empty());
    if n_divided == 0 {
        return 0.0;
    }
    let total = |numbers: &mut dyn Iterator<Item = f64>| {
        let mut sum = Sum::default();
        numbers.for_each(|it| sum.add_float(it));
        sum.to_f64()
    };
    let mean = total(&mut numbers.iter().copied()) / numbers.len() as f64;
    let squares = total(&mut numbers.iter().map(|it| (it - mean).powi(2)));
    (squares / n_divided as f64).sqrt()
}

/// The number at a share of sorted ones, between two of them if need be.
fn percentile_between(numbers: &[Val], share: f64) -> Val {
    let Some(last) = numbers.len().checked_sub(1) else { return Val::Null };
    let place = share * last as f64;
    let at = |place: f64| numbers.get(place as usize).and_then(Val::as_f64);
    let (below, above, part) = (at(place.floor()), at(place.ceil()), place.fract());
    match (below, above) {
        (Some(below), _) if part == 0.0 => Val::Float(below),
        (Some(below), Some(above)) => Val::Float(below * (1.0 - part) + above * part),
        _ => Val::Null,
    }
}

/// The one of sorted numbers below and at which that share of them lies.
fn percentile_of(numbers: &[Val], share: f64) -> Val {
    let place = (share * numbers.len() as f64).ceil() as usize;
    numbers.get(place.saturating_sub(1)).cloned().unwrap_or_default()
}
