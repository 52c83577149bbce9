//! A place on a plane, in space or on the Earth.
//!
//! Knows no distances.

use std::fmt;

/// A point with its spatial reference system.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// 7203 and 9157 (Cartesian), 4326 and 4979 (WGS 84).
    pub srid: u32,
    /// x, or the longitude in degrees.
    pub x: f64,
    /// y, or the latitude in degrees.
    pub y: f64,
    /// z, or the height in metres, in three dimensions.
    pub z: Option<f64>,
}

impl Point {
    /// Reads the form that [`fmt::Display`] writes: `4326 -1.55 53.8`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(' ');
        let srid = parts.next()?.parse().ok()?;
        let x = parts.next()?.parse().ok()?;
        let y = parts.next()?.parse().ok()?;
        let z = parts.next().map(str::parse).transpose().ok()?;
        parts.next().is_none().then_some(Self { srid, x, y, z })
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?} {:?}", self.srid, self.x, self.y)?;
        self.z.iter().try_for_each(|z| write!(f, " {z:?}"))
    }
}
