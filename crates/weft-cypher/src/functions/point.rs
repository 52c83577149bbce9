//! Points on a plane, in space and on the Earth, and how far they are from each other.

use std::sync::Arc;

use weft_value::Point;

use super::{Function, Type, wrong_type, wrong_value};
use crate::{Context, Detail, Error, Map, Val};

/// Metres from the middle of the Earth to its surface, as Neo4j takes them.
const EARTH_RADIUS: f64 = 6_378_140.0;

/// A system of coordinates.
struct System {
    srid: u32,
    name: &'static str,
    has_z: bool,
    is_on_earth: bool,
}

const SYSTEMS: [System; 4] = [
    System { srid: 7203, name: "cartesian", has_z: false, is_on_earth: false },
    System { srid: 9157, name: "cartesian-3d", has_z: true, is_on_earth: false },
    System { srid: 4326, name: "wgs-84", has_z: false, is_on_earth: true },
    System { srid: 4979, name: "wgs-84-3d", has_z: true, is_on_earth: true },
];

const DISTANCE: Function = Function::scalar(
    "point.distance",
    &[Type::Point, Type::Point],
    Type::Float,
    "How far two points of one system are from each other, on the Earth in metres; null of two \
     systems.",
    |all, _| match (&all[0], &all[1]) {
        (Val::Null, _) | (_, Val::Null) => Ok(Val::Null),
        (Val::Point(a), Val::Point(b)) => Ok(distance(a, b).into()),
        (Val::Point(_), it) | (it, _) => Err(wrong_type("point.distance", "points", it)),
    },
);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::scalar(
        "point",
        &[Type::EntityOrMap],
        Type::Point,
        "A point of `x`, `y` and perhaps `z`, or of `longitude`, `latitude` and perhaps `height`; \
         `crs` or `srid` may name the system.",
        point,
    ),
    DISTANCE,
    DISTANCE.alias("distance"),
    Function::scalar(
        "point.withinBBox",
        &[Type::Point, Type::Point, Type::Point],
        Type::Boolean,
        "Whether a point lies in the box between a lower left and an upper right corner.",
        within_box,
    ),
];

/// `point.x` and its like.
pub(crate) fn component(point: &Point, key: &str) -> Result<Val, Error> {
    let system = SYSTEMS.iter().find(|it| it.srid == point.srid);
    let is_on_earth = system.is_some_and(|it| it.is_on_earth);
    Ok(match key {
        "x" => Val::Float(point.x),
        "y" => Val::Float(point.y),
        "z" => point.z.into(),
        "longitude" if is_on_earth => Val::Float(point.x),
        "latitude" if is_on_earth => Val::Float(point.y),
        "height" if is_on_earth => point.z.into(),
        "crs" => system.map(|it| it.name).into(),
        "srid" => Val::Integer(i64::from(point.srid)),
        _ => {
            let message = format!("a point has no `{key}`");
            return Err(wrong_value(Detail::InvalidArgumentValue, message).with_hint(
                "it has x, y, z, crs and srid, and on the Earth longitude, latitude, height",
            ));
        }
    })
}

fn point(all: &[Val], ctx: &Context<'_>) -> Result<Val, Error> {
    let map = match crate::eval::all_properties(&all[0], ctx) {
        Some(properties) => Map::from(properties?),
        None if all[0].is_null() => return Ok(Val::Null),
        None => return Err(wrong_type("point", "a map", &all[0])),
    };
    let number = |keys: [&str; 2]| -> Result<Option<Option<f64>>, Error> {
        match keys.iter().find_map(|it| map.get(it)) {
            None => Ok(None),
            Some(Val::Null) => Ok(Some(None)),
            Some(it) => match it.as_f64() {
                Some(float) => Ok(Some(Some(float))),
                None => Err(wrong_type("point", "numbers as coordinates", it)),
            },
        }
    };
    let (x, y, z) =
        (number(["x", "longitude"])?, number(["y", "latitude"])?, number(["z", "height"])?);
    let (Some(x), Some(y)) = (x, y) else {
        let message = "a point needs `x` and `y`, or `longitude` and `latitude`";
        return Err(wrong_value(Detail::InvalidArgumentValue, message));
    };
    // A coordinate that is not known leaves the point unknown.
    let (Some(x), Some(y)) = (x, y) else { return Ok(Val::Null) };
    let z = match z {
        Some(None) => return Ok(Val::Null),
        Some(z) => z,
        None => None,
    };
    let system = system(&map, z.is_some())?;
    if system.is_on_earth && !(-90.0..=90.0).contains(&y) {
        let message = format!("a latitude goes from -90 to 90, so it cannot be {y}");
        return Err(wrong_value(Detail::NumberOutOfRange, message));
    }
    // Going round the Earth comes back to the same place.
    let x = if system.is_on_earth && !(-180.0..=180.0).contains(&x) {
        (x + 180.0).rem_euclid(360.0) - 180.0
    } else {
        x
    };
    Ok(Val::Point(Arc::new(Point { srid: system.srid, x, y, z })))
}

/// The system that a map names, or that its coordinates are of.
fn system(map: &Map, has_z: bool) -> Result<&'static System, Error> {
    let named = match (map.get("crs"), map.get("srid")) {
        (Some(Val::String(name)), _) => SYSTEMS
            .iter()
            .find(|it| it.name.eq_ignore_ascii_case(name))
            .ok_or_else(|| format!("`{name}` is no system of coordinates")),
        (_, Some(Val::Integer(srid))) => SYSTEMS
            .iter()
            .find(|it| i64::from(it.srid) == *srid)
            .ok_or_else(|| format!("{srid} is the number of no system of coordinates")),
        (Some(it), _) | (_, Some(it)) => {
            return Err(wrong_type("point", "a string as crs and an integer as srid", it));
        }
        (None, None) => {
            let is_on_earth = map.contains_key("longitude") || map.contains_key("latitude");
            let found =
                SYSTEMS.iter().find(|it| it.is_on_earth == is_on_earth && it.has_z == has_z);
            return Ok(found.expect("there is a system for each of the four cases"));
        }
    };
    let system = named.map_err(|message| {
        wrong_value(Detail::InvalidArgumentValue, message).with_hint(
            "use cartesian (7203), cartesian-3d (9157), wgs-84 (4326) or wgs-84-3d (4979)",
        )
    })?;
    if system.has_z == has_z {
        return Ok(system);
    }
    let count = if system.has_z { "three coordinates" } else { "two coordinates" };
    let message = format!("a point of `{}` has {count}", system.name);
    Err(wrong_value(Detail::InvalidArgumentValue, message))
}

fn distance(a: &Point, b: &Point) -> Option<f64> {
    if a.srid != b.srid {
        return None;
    }
    let system = SYSTEMS.iter().find(|it| it.srid == a.srid)?;
    let rise = a.z.zip(b.z).map_or(0.0, |(a, b)| a - b);
    if !system.is_on_earth {
        return Some((a.x - b.x).hypot(a.y - b.y).hypot(rise));
    }
    let half = |a: f64, b: f64| ((a - b).to_radians() / 2.0).sin().powi(2);
    let (a_latitude, b_latitude) = (a.y.to_radians(), b.y.to_radians());
    let chord = half(a.y, b.y) + a_latitude.cos() * b_latitude.cos() * half(a.x, b.x);
    let height = a.z.zip(b.z).map_or(0.0, |(a, b)| (a + b) / 2.0);
    let along = 2.0 * (EARTH_RADIUS + height) * chord.sqrt().min(1.0).asin();
    Some(along.hypot(rise))
}

fn within_box(all: &[Val], _: &Context<'_>) -> Result<Val, Error> {
    if all.iter().any(Val::is_null) {
        return Ok(Val::Null);
    }
    let [point, low, high] = [0, 1, 2].map(|n| match &all[n] {
        Val::Point(it) => Ok(&**it),
        it => Err(wrong_type("point.withinBBox", "points", it)),
    });
    let (point, low, high) = (point?, low?, high?);
    if point.srid != low.srid || point.srid != high.srid {
        return Ok(Val::Null);
    }
    let is_on_earth = SYSTEMS.iter().any(|it| it.srid == point.srid && it.is_on_earth);
    // On the Earth a box may lie across the 180th meridian.
    let is_across = is_on_earth && low.x > high.x;
    let is_within_x = if is_across {
        point.x >= low.x || point.x <= high.x
    } else {
        (low.x..=high.x).contains(&point.x)
    };
    let heights = point.z.zip(low.z.zip(high.z));
    let is_within_z = heights.is_none_or(|(z, (low, high))| (low..=high).contains(&z));
    Ok(Val::Boolean(is_within_x && (low.y..=high.y).contains(&point.y) && is_within_z))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_on_the_earth_are_great_circles() {
        let leeds = Point { srid: 4326, x: -1.5491, y: 53.8008, z: None };
        let london = Point { srid: 4326, x: -0.1276, y: 51.5072, z: None };
        let metres = distance(&leeds, &london).unwrap();
        assert!((metres - 272_600.0).abs() < 1_000.0, "{metres}");
        let flat = Point { srid: 7203, x: 0.0, y: 0.0, z: None };
        assert_eq!(distance(&flat, &Point { x: 3.0, y: 4.0, ..flat }), Some(5.0));
        assert_eq!(distance(&flat, &leeds), None);
    }
}
