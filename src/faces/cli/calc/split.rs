//! `calc split` and `calc loss`: a sum divided without losing a fen.

use clap::Args;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::CalcFormat;
use super::table::table;
use crate::money::allotment::{FlooredAllotment, allot, allot_with_floors, share_loss};
use crate::money::amount::half_width;
use crate::money::{Amount, Rate};
use crate::refusal::Refusal;
use crate::refusals;

/// A pool, weights and floors.
#[derive(Debug, Clone, Args)]
pub struct SplitArguments {
    /// 分配总额(元)
    #[arg(long, allow_hyphen_values = true)]
    pub pool: String,
    /// 权重(用逗号隔开,例如 1,1,1,7 或 12.5,30)
    #[arg(long, value_delimiter = ',', required = true, allow_hyphen_values = true)]
    pub weights: Vec<String>,
    /// 保底金额(元,每个权重一个,先付)
    #[arg(long, value_delimiter = ',', allow_hyphen_values = true)]
    pub floor: Vec<String>,
}

/// An amount and who bears which share.
#[derive(Debug, Clone, Args)]
pub struct LossArguments {
    /// 损失或收回金额(元)
    #[arg(long, allow_hyphen_values = true)]
    pub amount: String,
    /// 分担比例(%,例如 fund=70,bank=30,尾差由最后一方承担)
    #[arg(long, value_delimiter = ',', required = true, allow_hyphen_values = true)]
    pub shares: Vec<String>,
}

refusals! {
    /// Why weights or shares cannot be read.
    pub enum SplitRefusal {
        /// Not a number.
        "A-411" NotAWeight { text: String }
            zh "“{text}” 不是权重" en "'{text}' is not a weight" next "用逗号隔开数字,例如 1,1,7";
        /// Not `name=percent`.
        "A-412" NotAShareOfLoss { text: String }
            zh "“{text}” 不是分担比例" en "'{text}' is not a share" next "写成 fund=70,bank=30";
        /// The same party twice.
        "A-413" PartyTwice { party: String }
            zh "“{party}” 出现两次" en "'{party}' is named twice" next "每方只写一次";
    }
}

pub fn split(arguments: &SplitArguments, format: CalcFormat) -> Result<String, Refusal> {
    let pool = Amount::parse(&arguments.pool)?;
    let weights = weights(&arguments.weights)?;
    let floors = arguments.floor.iter().map(|floor| Amount::parse(floor)).collect::<Result<Vec<_>, _>>()?;
    let split = match floors.is_empty() {
        true => FlooredAllotment::without_floors(allot(pool, &weights)?),
        false => allot_with_floors(pool, &floors, &weights)?,
    };
    Ok(match format {
        CalcFormat::Json => {
            json!({"parts": split.parts, "floor_paid": split.floor_paid, "shortfall": split.shortfall}).to_string()
        }
        CalcFormat::Text if floors.is_empty() => split.parts.iter().map(Amount::to_string).collect::<Vec<_>>().join("\n"),
        CalcFormat::Text => floored_text(&split),
    })
}

fn floored_text(split: &FlooredAllotment) -> String {
    let row = |at: usize| [split.parts[at], split.floor_paid[at], split.shortfall[at]].iter().map(Amount::to_string).collect();
    table(&["应得", "其中保底", "保底缺口"], &(0..split.parts.len()).map(row).collect::<Vec<_>>())
}

/// Weights as whole numbers in the same proportion: decimals are scaled up together.
fn weights(texts: &[String]) -> Result<Vec<i128>, SplitRefusal> {
    let read = |text: &String| {
        let plain: String = text.trim().chars().map(half_width).collect();
        Decimal::from_str_exact(&plain)
            .map(|weight| weight.normalize())
            .map_err(|_| SplitRefusal::NotAWeight { text: text.clone() })
    };
    let mut weights = texts.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let scale = weights.iter().map(Decimal::scale).max().unwrap_or(0);
    for (weight, text) in weights.iter_mut().zip(texts) {
        weight.rescale(scale);
        if weight.scale() != scale {
            return Err(SplitRefusal::NotAWeight { text: text.clone() });
        }
    }
    Ok(weights.iter().map(Decimal::mantissa).collect())
}

pub fn loss(arguments: &LossArguments, format: CalcFormat) -> Result<String, Refusal> {
    let amount = Amount::parse(&arguments.amount)?;
    let shares = arguments.shares.iter().map(|share| share_of_loss(share)).collect::<Result<Vec<_>, _>>()?;
    if let Some((party, _)) =
        shares.iter().enumerate().find(|(at, (party, _))| shares[..*at].iter().any(|s| s.0 == *party)).map(|(_, s)| s)
    {
        return Err(SplitRefusal::PartyTwice { party: party.clone() }.into());
    }
    let parts = share_loss(amount, &shares.iter().map(|(_, rate)| *rate).collect::<Vec<_>>())?;
    let named = shares.iter().zip(&parts).map(|((party, _), part)| (party.clone(), part));
    Ok(match format {
        CalcFormat::Json => {
            json!({"parts": named.map(|(party, part)| (party, json!(part))).collect::<Map<String, Value>>()}).to_string()
        }
        CalcFormat::Text => named.map(|(party, part)| format!("{party} {part}")).collect::<Vec<_>>().join("\n"),
    })
}

/// `fund=70`.
fn share_of_loss(text: &str) -> Result<(String, Rate), Refusal> {
    let named = text.split_once('=').map(|(party, share)| (party.trim(), share)).filter(|(party, _)| !party.is_empty());
    let (party, share) = named.ok_or_else(|| SplitRefusal::NotAShareOfLoss { text: text.to_owned() })?;
    Ok((party.to_owned(), Rate::parse(share)?))
}
