//! A voucher as slips of paper: eight rows each, 1/3 to 3/3 where it is longer, totals in capitals on the last.
//!
//! Pure. Source: BASIC art. 51 and 52; statements are not touched.
//!
//! 1. The amounts of the slips are the voucher's, each once; the total is the voucher's own.
//! 2. A summary or an account too long for its row goes on in the next; nothing is cut off.
//! 3. Negative amounts are red and keep their minus.

use serde_json::{Value, json};

use super::leaf::{Dressing, Leaf, MM, Slip};
use super::setter::Setter;
use crate::calendar::BusinessDate;
use crate::money::Amount;
use crate::money::capitals::to_capitals;

/// A voucher with all its words, as it is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoucherPaper {
    /// 核算单位
    pub unit: String,
    /// 日期
    pub dated_on: BusinessDate,
    /// 凭证字
    pub word: String,
    /// 凭证号
    pub number: i64,
    /// 附单据
    pub attachments: i64,
    /// What people must know before they take it for a posted one: 草稿, 待审, 作废, 红冲.
    pub mark: String,
    /// The lines.
    pub entries: Vec<Entry>,
    /// 借方合计 and 贷方合计.
    pub totals: (Amount, Amount),
    /// Who signs, with the names that are known.
    pub signers: Vec<(&'static str, String)>,
}

/// A line of a voucher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// 摘要
    pub summary: String,
    /// 会计科目, with what it is kept by.
    pub account: String,
    /// 借方金额
    pub debit: Amount,
    /// 贷方金额
    pub credit: Amount,
}

/// Rows of a slip.
pub const ROWS: usize = 8;
const SIZES: [(i64, usize); 2] = [(3_000, 2), (2_200, 3)];
/// Widths of summary and account on a paper; amounts take the rest.
const AMOUNT: i64 = 40 * MM;
const MARGINS: (i64, i64) = (16 * MM, 9 * MM);
/// The widest amount that digit columns hold: 亿 to 分.
const DIGITS: usize = 11;

/// A row of a slip.
#[derive(Debug, Clone, Default)]
struct Row {
    size_um: i64,
    summary: String,
    account: String,
    debit: Option<Amount>,
    credit: Option<Amount>,
    begins: bool,
}

/// The leaves of vouchers, in order; two slips on a leaf where the paper holds two.
pub fn leaves(vouchers: &[VoucherPaper], setter: &Setter<'_>, dressing: &Dressing) -> Vec<Leaf> {
    let slips: Vec<Value> = vouchers.iter().flat_map(|voucher| slips(voucher, setter, dressing)).collect();
    let at_once = if dressing.slip == Slip::TwoUp { 2 } else { 1 };
    let (width_um, height_um) = dressing.slip.paper_um();
    let (slip_width, slip_height) = dressing.slip.slip_um();
    let leaf = |slips: &[Value]| {
        let (summary, account) = widths(dressing.slip);
        let data = json!({
            "x": MARGINS.0, "width": slip_width - MARGINS.0 - MARGINS.1, "h": slip_height, "cols": [summary, account, AMOUNT, AMOUNT],
            "digits": dressing.digits, "slips": slips,
        });
        Leaf { template: "voucher", width_um, height_um, data }
    };
    slips.chunks(at_once).map(leaf).collect()
}

fn widths(slip: Slip) -> (i64, i64) {
    let left = slip.slip_um().0 - MARGINS.0 - MARGINS.1 - 2 * AMOUNT;
    let summary = left * 46 / 100;
    (summary, left - summary)
}

fn slips(voucher: &VoucherPaper, setter: &Setter<'_>, dressing: &Dressing) -> Vec<Value> {
    let rows: Vec<Row> = voucher.entries.iter().flat_map(|entry| rows(entry, setter, widths(dressing.slip))).collect();
    let parts = parts(rows);
    let of = parts.len();
    parts.into_iter().enumerate().map(|(at, rows)| slip(voucher, &rows, (at + 1, of), setter, dressing)).collect()
}

/// The rows slip by slip; a line that takes several rows is kept together where a slip holds it.
fn parts(rows: Vec<Row>) -> Vec<Vec<Row>> {
    let mut parts: Vec<Vec<Row>> = vec![Vec::new()];
    let mut rows = rows.into_iter().peekable();
    while let Some(first) = rows.next() {
        let mut entry = vec![first];
        while let Some(more) = rows.next_if(|row| !row.begins) {
            entry.push(more);
        }
        for (at, row) in entry.iter().enumerate() {
            let used = parts.last().map_or(0, Vec::len);
            let together = at == 0 && entry.len() <= ROWS && used + entry.len() > ROWS;
            if used == ROWS || together {
                parts.push(Vec::new());
            }
            parts.last_mut().expect("there is a slip").push(row.clone());
        }
    }
    parts
}

/// One line as rows: large letters in two lines, else small ones in three, else several rows.
fn rows(entry: &Entry, setter: &Setter<'_>, widths: (i64, i64)) -> Vec<Row> {
    let (summary, account) = (setter.shown(&entry.summary), setter.shown(&entry.account));
    let broken = |size: i64| {
        let room = |width: i64| (width - 2 * MM) * 1_000 / size;
        (setter.lines(&summary, room(widths.0)), setter.lines(&account, room(widths.1)))
    };
    let fits = |(size, most): &(i64, usize)| {
        let (summary, account) = broken(*size);
        summary.len().max(account.len()) <= *most
    };
    let (size_um, most) = SIZES.into_iter().find(fits).unwrap_or(SIZES[1]);
    let (summary, account) = broken(size_um);
    let count = summary.len().max(account.len()).div_ceil(most);
    let part = |lines: &[String], at: usize| lines.iter().skip(at * most).take(most).cloned().collect::<Vec<_>>().join("\n");
    let side = |amount: Amount, at: usize| (at == 0 && !amount.is_zero()).then_some(amount);
    (0..count)
        .map(|at| Row {
            size_um,
            summary: part(&summary, at),
            account: part(&account, at),
            debit: side(entry.debit, at),
            credit: side(entry.credit, at),
            begins: at == 0,
        })
        .collect()
}

fn slip(voucher: &VoucherPaper, rows: &[Row], (n, of): (usize, usize), setter: &Setter<'_>, dressing: &Dressing) -> Value {
    use chrono::Datelike;
    let on = voucher.dated_on;
    let part = if of > 1 { format!(" {n}/{of}") } else { String::new() };
    let amounts = |row: &Row| [amount(row.debit, dressing.digits, ""), amount(row.credit, dressing.digits, "")];
    let rows: Vec<Value> = rows
        .iter()
        .map(|row| json!({ "size": row.size_um, "summary": row.summary, "account": row.account, "amounts": amounts(row) }))
        .collect();
    let totals = (n == of).then(|| {
        let (debit, credit) = voucher.totals;
        json!({
            "capitals": to_capitals(debit), "red": debit.is_negative(),
            "amounts": [amount(Some(debit), dressing.digits, "¥"), amount(Some(credit), dressing.digits, "¥")],
        })
    });
    let signers = voucher.signers.iter().map(|(place, name)| json!([format!("{place}:"), setter.shown(name)]));
    json!({
        "unit": fitted(setter, &setter.shown(&voucher.unit), 3_000, 62 * MM),
        "date": format!("{} 年 {} 月 {} 日", on.year(), on.month(), on.day()),
        "word": voucher.word, "number": format!("{:04}{part}", voucher.number), "attachments": voucher.attachments.to_string(),
        "mark": voucher.mark, "rows": rows, "totals": totals, "signers": signers.collect::<Vec<_>>(),
    })
}

/// A text for one line, with letters small enough: `[text, size]`.
fn fitted(setter: &Setter<'_>, text: &str, size_um: i64, room_um: i64) -> Value {
    let wide = setter.milli_ems(text).max(1);
    json!([text, size_um.min(room_um * 1_000 / wide)])
}

/// An amount as a text, or digit by digit; an amount too wide for the digit columns stays a text.
fn amount(amount: Option<Amount>, digits: bool, sign: &str) -> Value {
    let Some(amount) = amount else { return json!(null) };
    let plain: String = amount.grouped().chars().filter(|c| c.is_ascii_digit()).collect();
    let places: Vec<char> = plain.chars().collect();
    let red = amount.is_negative();
    let mark = format!("{sign}{}", if red { "-" } else { "" });
    if digits && places.len() <= DIGITS {
        return json!({ "digits": places, "mark": mark, "red": red });
    }
    let text = amount.grouped();
    json!({ "text": format!("{sign}{text}"), "red": red })
}

/// The cover of a month's vouchers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cover {
    /// 核算单位
    pub unit: String,
    /// `2026年1月`
    pub period: String,
    /// Series with first number, last number, how many, and their attachments.
    pub series: Vec<(String, i64, i64, i64, i64)>,
    /// Sum of the debits.
    pub total: Amount,
}

/// The cover as a leaf of the vouchers' size.
pub fn cover(cover: &Cover, setter: &Setter<'_>, dressing: &Dressing) -> Leaf {
    let (width_um, height_um) = match dressing.slip {
        Slip::TwoUp => Slip::A5.paper_um(),
        other => other.paper_um(),
    };
    let series: Vec<String> = cover
        .series
        .iter()
        .map(|(word, from, through, count, papers)| {
            format!("{word}字第 {from:04} 号至第 {through:04} 号,共 {count} 张,附单据 {papers} 张")
        })
        .collect();
    let data = json!({
        "unit": fitted(setter, &setter.shown(&cover.unit), 5_200, width_um - 60 * MM), "period": cover.period, "series": series,
        "total": format!("借贷方合计 ¥{}", cover.total.grouped()), "capitals": to_capitals(cover.total),
        "signers": ["会计主管:", "装订:", "保管:", "装订日期:"],
    });
    Leaf { template: "cover", width_um, height_um, data }
}
