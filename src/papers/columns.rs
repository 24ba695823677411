//! How wide each column is, how large the letters are, and which way round the paper lies.
//!
//! Pure.
//!
//! 1. Figures, dates and short codes are never broken, but where even the smallest letters would not fit.
//! 2. Upright before lying, large before small: the first choice in which every column has the room it wants.
//! 3. The columns together are as wide as the paper allows, to the micrometre.

use super::leaf::MM;
use super::pages::label_column;
use super::setter::Setter;
use crate::exchange::dress::Carry;
use crate::exchange::sheet::{Column, ColumnKind, Sheet};

/// Blank at each side of a cell.
pub const PAD: i64 = 1_000;
/// Room for a signature or a fingerprint.
const SIGNATURE: i64 = 26 * MM;
/// Room for 本页小计, in thousandths of the letters' size.
const LABEL: i64 = 4_100;
/// Margin where the paper is bound, and the other one.
pub const MARGINS: (i64, i64) = (20 * MM, 14 * MM);

/// What was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fit {
    /// Width and height of the paper.
    pub paper_um: (i64, i64),
    /// Size of the letters.
    pub size_um: i64,
    /// Widths of the columns.
    pub widths_um: Vec<i64>,
}

/// A printed cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mark {
    /// The text as printed.
    pub text: String,
    /// Negative: red, beside its minus.
    pub is_red: bool,
}

/// What a column wants, in thousandths of the letters' size: at least, comfortably, and without any break.
#[derive(Debug, Clone, Copy)]
struct Wants {
    least: i64,
    comfort: i64,
    whole: i64,
    /// Share of what is left over.
    weight: i64,
}

/// Upright and lying A4, lying A3, with sizes of letters: 9.5 to 5 points.
const CHOICES: [(i64, i64, i64); 11] = [
    (210, 297, 3350),
    (210, 297, 3175),
    (297, 210, 3175),
    (297, 210, 2820),
    (297, 210, 2470),
    (420, 297, 2820),
    (420, 297, 2470),
    (420, 297, 2115),
    (420, 297, 1940),
    (420, 297, 1760),
    (420, 297, 1600),
];

/// For papers on a wall: upright A3, then lying, with letters of 15 to 7 points.
const LARGE: [(i64, i64, i64); 6] =
    [(297, 420, 5290), (297, 420, 4590), (420, 297, 4590), (420, 297, 3880), (420, 297, 3175), (420, 297, 2470)];

/// Chooses for a sheet and its printed rows.
pub fn fit(sheet: &Sheet, rows: &[&[Vec<Mark>]], setter: &Setter<'_>) -> Fit {
    let mut wants: Vec<Wants> = (0..sheet.columns.len()).map(|at| wants(&sheet.columns[at], at, rows, setter)).collect();
    if sheet.dress.carry != Carry::Nothing {
        let label = &mut wants[label_column(sheet)]; // it holds 本页小计 and 承前页
        label.least = label.least.max(LABEL);
        label.comfort = label.comfort.max(LABEL);
    }
    let all: &[(i64, i64, i64)] = if sheet.dress.large { &LARGE } else { &CHOICES };
    let choices = || all.iter().filter(|(width, height, _)| !sheet.dress.lying || width > height);
    let with = |want: fn(&Wants) -> i64| {
        choices().find(|(width, _, size)| needed(&sheet.columns, &wants, *size, want) <= usable(width * MM))
    };
    // A4 with comfort; else A4 with the least; else A3.
    let comfortable = with(|want| want.comfort).filter(|(width, ..)| sheet.dress.large || *width < 420);
    let chosen = comfortable.or_else(|| with(|want| want.least)).unwrap_or(&all[all.len() - 1]);
    let (width, height, size_um) = *chosen;
    let widths_um = shares(&sheet.columns, &wants, size_um, usable(width * MM));
    Fit { paper_um: (width * MM, height * MM), size_um, widths_um }
}

/// What is left of a paper's width.
pub fn usable(width_um: i64) -> i64 {
    width_um - MARGINS.0 - MARGINS.1
}

fn wants(column: &Column, at: usize, rows: &[&[Vec<Mark>]], setter: &Setter<'_>) -> Wants {
    let texts = || rows.iter().flat_map(|rows| rows.iter()).filter_map(|row| row.get(at));
    let whole = texts().map(|mark| printed(column.kind, &mark.text, setter)).max().unwrap_or(0);
    let heading = setter.milli_ems(&column.heading);
    let head = heading.min((heading / 2 + 600).max(2_000)); // a heading may take two lines
    let is_text = column.kind == ColumnKind::Text || (column.kind == ColumnKind::Id && whole > 14_000);
    if !is_text {
        let all = whole.max(head);
        return Wants { least: all, comfort: all, whole: all.max(heading), weight: 2_000 };
    }
    let word = texts().map(|mark| setter.longest_word(&mark.text)).max().unwrap_or(0).min(9_000);
    let least = whole.min(6_000).max(word).max(head);
    Wants { least, comfort: least.max(whole.min(13_000)), whole: whole.max(heading), weight: whole.clamp(1_000, 20_000) }
}

/// The width of a printed text; figures are set half as wide as Chinese characters, each like the other.
fn printed(kind: ColumnKind, text: &str, setter: &Setter<'_>) -> i64 {
    let wide = setter.milli_ems(text);
    if kind.is_figure() { wide.max(text.chars().count() as i64 * 500) } else { wide }
}

fn of(column: &Column, milli: i64, size: i64) -> i64 {
    let room = (milli * size).div_euclid(1_000) + 2 * PAD + 200;
    if column.key == "signature" { room.max(SIGNATURE) } else { room }
}

fn needed(columns: &[Column], wants: &[Wants], size: i64, want: fn(&Wants) -> i64) -> i64 {
    columns.iter().zip(wants).map(|(column, wants)| of(column, want(wants), size)).sum()
}

/// The least for all; then comfort, then wholeness for texts; the rest to everybody, long texts most.
fn shares(columns: &[Column], wants: &[Wants], size: i64, usable: i64) -> Vec<i64> {
    let mut widths: Vec<i64> = columns.iter().zip(wants).map(|(column, wants)| of(column, wants.least, size)).collect();
    let least: i64 = widths.iter().sum();
    if least > usable {
        return squeezed(&widths, least, usable);
    }
    for want in [|wants: &Wants| wants.comfort, |wants: &Wants| wants.whole] {
        let gaps: Vec<i64> =
            columns.iter().zip(wants).zip(&widths).map(|((c, wants), width)| (of(c, want(wants), size) - width).max(0)).collect();
        hand_out(&mut widths, &gaps, usable, true);
    }
    let weights: Vec<i64> = wants.iter().map(|wants| wants.weight).collect();
    hand_out(&mut widths, &weights, usable, false);
    widths
}

/// Gives what is left in the proportion of `weights`; no more than the weights themselves where they are gaps to fill.
fn hand_out(widths: &mut [i64], weights: &[i64], usable: i64, are_gaps: bool) {
    let left = usable - widths.iter().sum::<i64>();
    let all: i64 = weights.iter().sum();
    if all == 0 {
        return;
    }
    let give = if are_gaps { left.min(all) } else { left };
    let mut given = 0;
    let mut weight = 0;
    for (width, own) in widths.iter_mut().zip(weights) {
        weight += own;
        let through = give * weight / all;
        *width += through - given;
        given = through;
    }
}

fn squeezed(widths: &[i64], all: i64, usable: i64) -> Vec<i64> {
    let mut through = 0;
    let mut given = 0;
    let squeeze = |width: &i64| {
        through += width;
        let upto = through * usable / all;
        let own = upto - given;
        given = upto;
        own
    };
    widths.iter().map(squeeze).collect()
}
