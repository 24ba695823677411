//! `cunzhang calc …`: the pure calculators, without any book.
//!
//! Touches no database, no clock and no file: today (for dates of birth) is handed in.
//!
//! 1. The JSON field names are a contract for scripts (amounts as text in yuan, dates ISO).
//! 2. A value that cannot be read or counted is a refusal (exit 3), not a usage error.

mod check;
mod loan;
mod sheet;
mod split;
mod table;

use clap::{Subcommand, ValueEnum};
use serde_json::json;

use super::format::Format;
use super::output::Reply;
use crate::calendar::BusinessDate;
use crate::money::Amount;
use crate::money::capitals::{CAPITAL_DIGITS, parse_capitals, to_capitals};
use crate::refusal::Refusal;

pub use check::CheckCommand;
pub use loan::{InterestArguments, PenaltyArguments, SubsidyArguments};
pub use sheet::{WORDS, label_zh};
pub use split::{LossArguments, SplitArguments};

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum CalcFormat {
    /// For people.
    #[default]
    Text,
    /// For scripts.
    Json,
}

/// The calculators.
#[derive(Debug, Clone, Subcommand)]
pub enum CalcCommand {
    /// 利息与还款计划 Interest and schedule of a loan
    Interest(InterestArguments),
    /// 逾期罚息 Penalty interest on an overdue principal
    Penalty(PenaltyArguments),
    /// 财政贴息 Interest subsidy, divided between fund and borrower
    Subsidy(SubsidyArguments),
    /// 按权重分配 Split a pool by weights, floors first
    Split(SplitArguments),
    /// 损失分担 Share a loss or a recovery
    Loss(LossArguments),
    /// 人民币大写 An amount in capital characters, and back
    Capitals {
        /// 金额(例如 1005.03,或壹仟零伍元零叁分)
        #[arg(allow_hyphen_values = true)]
        amount: String,
    },
    /// 校验证号 Check an id, a code or a card number
    #[command(subcommand)]
    Check(CheckCommand),
}

/// Runs a calculator and returns what to print. `today` bounds dates of birth.
pub fn run(command: CalcCommand, format: CalcFormat, today: BusinessDate) -> Result<String, Refusal> {
    match command {
        CalcCommand::Interest(arguments) => loan::interest(&arguments, format),
        CalcCommand::Penalty(arguments) => loan::penalty(&arguments, format),
        CalcCommand::Subsidy(arguments) => loan::subsidy(&arguments, format),
        CalcCommand::Split(arguments) => split::split(&arguments, format),
        CalcCommand::Loss(arguments) => split::loss(&arguments, format),
        CalcCommand::Capitals { amount } => capitals(&amount, format),
        CalcCommand::Check(command) => check::check(&command, format, today),
    }
}

/// The largest amount written in capitals here, beyond what a book holds: 玖万玖仟…亿, all that a fen fits into.
const IN_WORDS: Amount = Amount::from_fen(i64::MAX);

/// Runs a calculator and returns what to print in any format that tables have.
pub fn answer(command: CalcCommand, format: Format, today: BusinessDate) -> Result<Reply, Refusal> {
    let title = command.title_zh();
    match format {
        Format::Csv | Format::Xlsx | Format::Pdf => {
            let json = run(command, CalcFormat::Json, today)?;
            Ok(Reply::sheet(sheet::sheet(title, &serde_json::from_str(&json).unwrap_or_default())))
        }
        Format::Json => Ok(Reply::raw(run(command, CalcFormat::Json, today)?)),
        _ => Ok(Reply::raw(run(command, CalcFormat::Text, today)?)),
    }
}

impl CalcCommand {
    fn title_zh(&self) -> &'static str {
        match self {
            CalcCommand::Interest(_) => "还款计划",
            CalcCommand::Penalty(_) => "逾期罚息",
            CalcCommand::Subsidy(_) => "财政贴息",
            CalcCommand::Split(_) => "按权重分配",
            CalcCommand::Loss(_) => "损失分担",
            CalcCommand::Capitals { .. } => "人民币大写",
            CalcCommand::Check(_) => "校验",
        }
    }
}

/// Digits to capitals, or capitals to digits.
fn capitals(text: &str, format: CalcFormat) -> Result<String, Refusal> {
    let in_capitals = text.chars().any(|c| CAPITAL_DIGITS.contains(&c) || "拾佰仟角分整正圆圓".contains(c));
    let amount = if in_capitals { parse_capitals(text)? } else { Amount::parse_up_to(text, IN_WORDS)? };
    let written = to_capitals(amount);
    Ok(match format {
        CalcFormat::Json => json!({"amount": amount, "capitals": written}).to_string(),
        CalcFormat::Text if in_capitals => amount.to_string(),
        CalcFormat::Text => written,
    })
}

#[cfg(test)]
mod tests;
