//! Functions of angles, in radians, and of hyperbolas.

use super::number::of_float;
use super::{Function, Type, wrong_type};
use crate::{Context, Error, Val};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::scalar("pi", &[], Type::Float, "The circle's number, 3.141...", |_, _| {
        Ok(Val::Float(std::f64::consts::PI))
    }),
    Function::scalar("sin", &[Type::Number], Type::Float, "The sine of an angle.", |all, _| {
        of_float("sin", &all[0], f64::sin)
    }),
    Function::scalar("cos", &[Type::Number], Type::Float, "The cosine of an angle.", |all, _| {
        of_float("cos", &all[0], f64::cos)
    }),
    Function::scalar("tan", &[Type::Number], Type::Float, "The tangent of an angle.", |all, _| {
        of_float("tan", &all[0], f64::tan)
    }),
    Function::scalar(
        "cot",
        &[Type::Number],
        Type::Float,
        "The cotangent of an angle.",
        |all, _| of_float("cot", &all[0], |it| 1.0 / it.tan()),
    ),
    Function::scalar(
        "asin",
        &[Type::Number],
        Type::Float,
        "The angle that has this sine.",
        |all, _| of_float("asin", &all[0], f64::asin),
    ),
    Function::scalar(
        "acos",
        &[Type::Number],
        Type::Float,
        "The angle that has this cosine.",
        |all, _| of_float("acos", &all[0], f64::acos),
    ),
    Function::scalar(
        "atan",
        &[Type::Number],
        Type::Float,
        "The angle that has this tangent.",
        |all, _| of_float("atan", &all[0], f64::atan),
    ),
    Function::scalar(
        "atan2",
        &[Type::Number, Type::Number],
        Type::Float,
        "The angle of the point whose y is the first number and whose x the second.",
        atan2,
    ),
    Function::scalar("degrees", &[Type::Number], Type::Float, "An angle in degrees.", |all, _| {
        of_float("degrees", &all[0], f64::to_degrees)
    }),
    Function::scalar(
        "radians",
        &[Type::Number],
        Type::Float,
        "An angle in degrees as radians.",
        |all, _| of_float("radians", &all[0], f64::to_radians),
    ),
    Function::scalar(
        "haversin",
        &[Type::Number],
        Type::Float,
        "Half the versine of an angle, for distances on a sphere.",
        |all, _| of_float("haversin", &all[0], |it| (it / 2.0).sin().powi(2)),
    ),
    Function::scalar("sinh", &[Type::Number], Type::Float, "The hyperbolic sine.", |all, _| {
        of_float("sinh", &all[0], f64::sinh)
    }),
    Function::scalar("cosh", &[Type::Number], Type::Float, "The hyperbolic cosine.", |all, _| {
        of_float("cosh", &all[0], f64::cosh)
    }),
    Function::scalar("tanh", &[Type::Number], Type::Float, "The hyperbolic tangent.", |all, _| {
        of_float("tanh", &all[0], f64::tanh)
    }),
    Function::scalar(
        "coth",
        &[Type::Number],
        Type::Float,
        "The hyperbolic cotangent; NaN of 0.",
        |all, _| of_float("coth", &all[0], |it| if it == 0.0 { f64::NAN } else { 1.0 / it.tanh() }),
    ),
];

fn atan2(all: &[Val], _: &Context<'_>) -> Result<Val, Error> {
    if all.iter().any(Val::is_null) {
        return Ok(Val::Null);
    }
    let number = |it: &Val| it.as_f64().ok_or_else(|| wrong_type("atan2", "numbers", it));
    Ok(Val::Float(number(&all[0])?.atan2(number(&all[1])?)))
}
