//! A leaf: one page, as its template gets it; and the choices people make before printing.
//!
//! Pure.
//!
//! 1. A template gets figures, texts and places, and nothing to decide.

use serde_json::Value;

/// One page.
#[derive(Debug, Clone, PartialEq)]
pub struct Leaf {
    /// The file in `reports/` that draws it, without its ending.
    pub template: &'static str,
    /// Width of the paper.
    pub width_um: i64,
    /// Height of the paper.
    pub height_um: i64,
    /// What stands on it.
    pub data: Value,
}

/// A millimetre.
pub const MM: i64 = 1_000;

crate::words! {
    /// The papers of vouchers.
    pub enum Slip {
        /// The size of the national form.
        Form = "240x140", "凭证纸 240×140 mm";
        /// Endless paper with holes.
        Endless = "241x140", "连续纸 241×140 mm";
        /// A5 lying.
        A5 = "a5", "A5 横放";
        /// Two on an A4, cut apart afterwards.
        TwoUp = "a4x2", "A4 一页两张";
    }
}

impl Slip {
    /// Width and height of the sheet of paper.
    pub const fn paper_um(self) -> (i64, i64) {
        match self {
            Slip::Form => (240 * MM, 140 * MM),
            Slip::Endless => (241 * MM, 140 * MM),
            Slip::A5 => (210 * MM, 148 * MM),
            Slip::TwoUp => (210 * MM, 297 * MM),
        }
    }

    /// Width and height of one voucher.
    pub const fn slip_um(self) -> (i64, i64) {
        match self {
            Slip::TwoUp => (210 * MM, 297 * MM / 2),
            other => other.paper_um(),
        }
    }
}

crate::words! {
    /// What is printed.
    pub enum Layer {
        /// Lines, words and data.
        Full = "full", "整张打印";
        /// Data alone, on forms printed before.
        Data = "data", "套打(只印数据)";
    }
}

/// What people choose before printing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dressing {
    /// Paper of vouchers.
    pub slip: Slip,
    /// 金额分位线
    pub digits: bool,
    /// All, or data alone.
    pub layer: Layer,
    /// How far the data is moved to the right, in tenths of a millimetre.
    pub right: i64,
    /// How far it is moved down.
    pub down: i64,
}

impl Default for Dressing {
    fn default() -> Dressing {
        Dressing { slip: Slip::Form, digits: false, layer: Layer::Full, right: 0, down: 0 }
    }
}

/// The furthest a printer's offset goes, in tenths of a millimetre.
pub const FURTHEST: i64 = 300;

impl Dressing {
    /// Reads `paper=a5,digits,data,x=2.0,y=-1.5`; says what cannot be read.
    pub fn parse(text: &str) -> Result<Dressing, String> {
        let mut dressing = Dressing::default();
        for part in text.split([',', ',', '+']).map(str::trim).filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            dressing.choose(name, value).ok_or_else(|| {
                format!("“{part}”不是打印选项;可用 paper=240x140|241x140|a5|a4x2、digits、data、x=毫米、y=毫米(不超过 30.0)")
            })?;
        }
        Ok(dressing)
    }

    fn choose(&mut self, name: &str, value: &str) -> Option<()> {
        match name {
            "paper" => self.slip = Slip::parse(value)?,
            "digits" => self.digits = true,
            "data" => self.layer = Layer::Data,
            "x" => self.right = tenths(value)?,
            "y" => self.down = tenths(value)?,
            _ => return None,
        }
        Some(())
    }
}

/// What `parse` reads: `paper=a5+digits+x=2.0`.
impl std::fmt::Display for Dressing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "paper={}", self.slip.as_str())?;
        f.write_str(if self.digits { "+digits" } else { "" })?;
        f.write_str(if self.layer == Layer::Data { "+data" } else { "" })?;
        write!(f, "+x={}+y={}", millimetres(self.right), millimetres(self.down))
    }
}

/// Millimetres with at most one decimal, as tenths.
pub fn tenths(text: &str) -> Option<i64> {
    let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), "0"));
    let digits = whole.strip_prefix('-').unwrap_or(whole);
    if part.len() != 1 || digits.is_empty() || !(digits.to_owned() + part).bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let value: i64 = format!("{digits}{part}").parse().ok()?;
    (value <= FURTHEST).then_some(if whole.starts_with('-') { -value } else { value })
}

/// Tenths as millimetres: `-1.5`.
pub fn millimetres(tenths: i64) -> String {
    format!("{}{}.{}", if tenths < 0 { "-" } else { "" }, tenths.abs() / 10, tenths.abs() % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_read() {
        let read = Dressing::parse("paper=a5,digits,data,x=2.0,y=-1.5").unwrap();
        assert_eq!(read, Dressing { slip: Slip::A5, digits: true, layer: Layer::Data, right: 20, down: -15 });
        assert_eq!(Dressing::parse("").unwrap(), Dressing::default());
        assert_eq!(Dressing::parse(&read.to_string()).unwrap(), read);
        for bad in ["paper=b5", "x=1.25", "x=30.1", "x=", "x=-", "y=a", "bold"] {
            assert!(Dressing::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn tenths_read_back() {
        for value in [-300, -15, -1, 0, 1, 20, 300] {
            assert_eq!(tenths(&millimetres(value)), Some(value));
        }
    }
}
