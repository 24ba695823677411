//! An address as a code (QR): which squares are dark, row by row.
//!
//! Pure.

use qrcode::{Color, QrCode};
use serde_json::{Value, json};

use super::leaf::MM;

/// Side of the code's place, with the blank around it that readers need.
pub const PLACE: i64 = 28 * MM;
const QUIET: i64 = 4;

/// The code's place, side of a square and the dark runs of each row (from, length); nothing for a blank or endless address.
pub fn code(address: &str, (x, y): (i64, i64)) -> Value {
    let Some(drawn) = Some(address).filter(|text| !text.is_empty()).and_then(|text| QrCode::new(text.as_bytes()).ok()) else {
        return Value::Null;
    };
    let across = drawn.width();
    let colours = drawn.to_colors();
    let side = PLACE / (across as i64 + 2 * QUIET);
    let rows: Vec<Vec<[usize; 2]>> = colours.chunks(across).map(runs).collect();
    json!({ "x": x + QUIET * side, "y": y + QUIET * side, "side": side, "rows": rows })
}

fn runs(row: &[Color]) -> Vec<[usize; 2]> {
    let mut runs: Vec<[usize; 2]> = Vec::new();
    for (at, _) in row.iter().enumerate().filter(|(_, colour)| **colour == Color::Dark) {
        match runs.last_mut() {
            Some([from, length]) if *from + *length == at => *length += 1,
            _ => runs.push([at, 1]),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dark_squares_are_runs() {
        assert_eq!(code("", (0, 0)), Value::Null);
        let drawn = code("http://127.0.0.1:8080/open/V001/1", (10, 20));
        let rows = drawn["rows"].as_array().unwrap();
        assert_eq!(rows[0][0], json!([0, 7]), "the corner's edge");
        assert_eq!(rows.len(), 29);
    }
}
