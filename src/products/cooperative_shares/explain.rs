//! Why somebody gets what they get: one Chinese sentence per row, with the figures in it.
//!
//! Pure.
//!
//! 1. The sentence names every part that is not zero; the parts add up to the sum it ends with.
//! 2. A fen that came by the largest remainder is said.

use super::distribution::PlanRow;
use super::plan::Pools;
use crate::money::Amount;

/// The arithmetic of a row in one sentence.
pub fn explain(row: &PlanRow, pools: &Pools) -> String {
    let mut parts = Vec::new();
    if !row.refund.is_zero() {
        let (pool, whole) = (pools.refunds, i128::from(pools.trade.fen()));
        let last = leftover(row.refund, pool, i128::from(row.trade.fen()), whole);
        let (own, all) = (row.trade.grouped(), pools.trade.grouped());
        parts.push(format!("交易额 {own}÷全体 {all}×返还 {} = {}{last}", pool.grouped(), row.refund.grouped()));
    }
    if !row.floor_paid.is_zero() || !row.floor_due.is_zero() {
        parts.push(floor_words(row));
    }
    if !row.at_rate.is_zero() {
        parts.push(format!("按约定比例参与得 {}", row.at_rate.grouped()));
    }
    if !row.share.is_zero() {
        let whole: i128 = pools.weight.parse().unwrap_or(0);
        let last = leftover(row.share, pools.by_weight, row.weight, whole);
        let (own, all) = (fen_days(row.weight), fen_days(whole));
        let (base, pool) = (row.base.grouped(), pools.by_weight.grouped());
        parts.push(format!("股权 {base}(按持有天数计 {own} 元·天÷全体 {all} 元·天)×{pool} = {}{last}", row.share.grouped()));
    }
    if !row.tax.is_zero() {
        parts.push(format!("代扣税 {}", row.tax.grouped()));
    }
    format!("{};实发 {} 元。", parts.join(";"), row.net.grouped())
}

fn floor_words(row: &PlanRow) -> String {
    let mut words = format!("保底应付 {}", row.floor_due.grouped());
    for (amount, word) in [
        (row.arrears, "其中补付以前年度"),
        (row.floor_paid, "从盈余付"),
        (row.guaranteed, "兜底方补"),
        (row.cost, "列财务费用付"),
        (row.carried, "欠付结转下年"),
    ] {
        if !amount.is_zero() {
            words.push_str(&format!(",{word} {}", amount.grouped()));
        }
    }
    words
}

/// Said where a part is a fen above its exact share rounded down.
fn leftover(part: Amount, pool: Amount, weight: i128, whole: i128) -> &'static str {
    let exact = i128::from(pool.fen()).checked_mul(weight).and_then(|product| product.checked_div(whole));
    if exact.is_some_and(|exact| i128::from(part.fen()) > exact) { "(含尾差 0.01)" } else { "" }
}

/// Fen-days as yuan-days.
fn fen_days(weight: i128) -> String {
    let (whole, part) = (weight / 100, weight % 100);
    if part == 0 { whole.to_string() } else { format!("{whole}.{part:02}") }
}
