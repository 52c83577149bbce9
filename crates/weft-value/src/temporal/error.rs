//! Why a temporal value cannot be made, and what would be right instead.

/// What was wrong with a text, a component or a sum.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TemporalError {
    /// The text has not the form of the type.
    #[error("`{text}` is not {expected}")]
    Text {
        /// What was written.
        text: String,
        /// What stands for the type, with an example.
        expected: &'static str,
    },
    /// A component lies outside what the calendar or the clock has.
    #[error("`{field}` must be between {min} and {max}, not {found}")]
    Range {
        /// The component.
        field: &'static str,
        /// What was given.
        found: i64,
        /// The least that is possible here.
        min: i64,
        /// The most that is possible here.
        max: i64,
    },
    /// No time zone of that name is known.
    #[error("no time zone is called `{name}`; write one as `Europe/London`, `+01:00` or `Z`")]
    UnknownZone {
        /// What was written.
        name: String,
    },
    /// The offset that was written is not that of the named zone at that time.
    #[error("`{zone}` has not the offset {offset} then; leave the offset out, or correct it")]
    OffsetMismatch {
        /// The named zone.
        zone: String,
        /// The offset that was written.
        offset: String,
    },
    /// The result lies outside the years that a date can have, or a number outside 64 bits.
    #[error("the result is out of range: years go from -999999999 to 999999999")]
    Overflow,
    /// The months, days or seconds of a duration lie outside 64 bits.
    #[error(
        "the duration is too long: its months, its days and its seconds must each fit in 64 bits"
    )]
    TooLong,
    /// A duration of which no component is given.
    #[error("a duration is made of at least one component")]
    NoFields,
    /// A number that a duration was to be multiplied with or divided by is zero or not finite.
    #[error("a duration cannot be multiplied by or divided by {factor}")]
    Factor {
        /// The number, as it is shown.
        factor: String,
    },
    /// A component is missing without which the others say nothing.
    #[error("`{field}` must be given")]
    MissingField {
        /// The component that is missing.
        field: &'static str,
    },
    /// Two components that exclude each other.
    #[error("`{first}` and `{second}` cannot be given together")]
    Conflict {
        /// One of them.
        first: &'static str,
        /// The other one.
        second: &'static str,
    },
    /// A component that this type has not.
    #[error("`{field}` is no component of {type_name}; possible are {possible}")]
    UnknownField {
        /// The name that was written.
        field: String,
        /// The type, with its article.
        type_name: &'static str,
        /// The names that may be written.
        possible: String,
    },
    /// A component of the wrong type.
    #[error("`{field}` must be {expected}, not {found}")]
    FieldType {
        /// The component.
        field: String,
        /// What it must be, with its article.
        expected: &'static str,
        /// The type that it is.
        found: &'static str,
    },
    /// A value from which a part was to be taken that it has not.
    #[error("{type_name} has no {part}")]
    NoPart {
        /// The type, with its article.
        type_name: &'static str,
        /// `date` or `time of day`.
        part: &'static str,
    },
    /// A unit that nothing can be truncated to.
    #[error("`{unit}` is no unit to truncate to; possible are {possible}")]
    UnknownUnit {
        /// What was written.
        unit: String,
        /// The names that may be written.
        possible: String,
    },
    /// A unit that this value cannot be truncated to.
    #[error("{type_name} cannot be truncated to `{unit}`")]
    Unit {
        /// The type, with its article.
        type_name: &'static str,
        /// The unit.
        unit: &'static str,
    },
}

/// Returns the number if it lies between the two.
pub(super) fn check_range(
    field: &'static str,
    found: i64,
    min: i64,
    max: i64,
) -> Result<i64, TemporalError> {
    if (min..=max).contains(&found) {
        Ok(found)
    } else {
        Err(TemporalError::Range { field, found, min, max })
    }
}
