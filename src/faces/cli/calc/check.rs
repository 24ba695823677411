//! `calc check …`: is a number one of its kind, and what does it say?

use clap::Subcommand;
use serde_json::{Value, json};

use super::CalcFormat;
use crate::calendar::BusinessDate;
use crate::parties::{AccountKind, BankAccount, CreditCode, DivisionCode, ResidentId};
use crate::refusal::Refusal;

/// What kind of number to check.
#[derive(Debug, Clone, Subcommand)]
pub enum CheckCommand {
    /// 居民身份证号
    ResidentId {
        /// 身份证号(18 位,旧名单为 15 位)
        value: String,
    },
    /// 统一社会信用代码
    CreditCode {
        /// 信用代码(18 位)
        value: String,
    },
    /// 银行卡号
    BankCard {
        /// 卡号(13–19 位)
        value: String,
    },
    /// 行政区划代码
    DivisionCode {
        /// 区划代码(12 位,县为 6 位)
        value: String,
    },
}

/// What a number says, if it passes.
struct Finding {
    value: String,
    facts: Vec<(&'static str, &'static str, String)>,
    warnings: Vec<&'static str>,
}

pub fn check(command: &CheckCommand, format: CalcFormat, today: BusinessDate) -> Result<String, Refusal> {
    let finding = match command {
        CheckCommand::ResidentId { value } => resident_id(value, today)?,
        CheckCommand::CreditCode { value } => credit_code(value)?,
        CheckCommand::BankCard { value } => bank_card(value)?,
        CheckCommand::DivisionCode { value } => division_code(value)?,
    };
    Ok(match format {
        CalcFormat::Json => finding.json().to_string(),
        CalcFormat::Text => finding.text(),
    })
}

fn resident_id(value: &str, today: BusinessDate) -> Result<Finding, Refusal> {
    let checked = ResidentId::parse(value, today)?;
    let facts = vec![
        ("born_on", "出生日期", checked.born_on.to_string()),
        ("sex", "性别", checked.sex.label_zh().to_owned()),
        ("region", "地区码", checked.id.region().to_owned()),
    ];
    let warnings = checked.warnings.iter().map(|warning| warning.label_zh()).collect();
    Ok(Finding { value: checked.id.as_str().to_owned(), facts, warnings })
}

fn credit_code(value: &str) -> Result<Finding, Refusal> {
    let checked = CreditCode::parse(value)?;
    let kind = checked.code.kind_zh().unwrap_or("其他").to_owned();
    let facts = vec![("kind", "类别", kind), ("region", "地区码", checked.code.region().to_owned())];
    let inner = "第 9–17 位组织机构代码的校验码不符,请核对";
    let warnings = if checked.organisation_check_holds { vec![] } else { vec![inner] };
    Ok(Finding { value: checked.code.as_str().to_owned(), facts, warnings })
}

fn bank_card(value: &str) -> Result<Finding, Refusal> {
    let card = BankAccount::parse(value, AccountKind::Card)?;
    Ok(Finding {
        value: card.as_str().to_owned(), facts: vec![], warnings: vec!["仅校验卡号本身,户名须由银行核对"]
    })
}

fn division_code(value: &str) -> Result<Finding, Refusal> {
    let place = DivisionCode::parse(value)?;
    let mut facts = vec![("level", "级别", place.level().label_zh().to_owned()), ("kind", "类别", place.kind_zh().to_owned())];
    facts.extend(place.parent().map(|parent| ("parent", "上级", parent.as_str().to_owned())));
    Ok(Finding {
        value: place.as_str().to_owned(), facts, warnings: vec!["区划代码无校验位,是否存在以区划表为准"]
    })
}

impl Finding {
    fn json(&self) -> Value {
        let mut object = json!({"ok": true, "value": self.value, "warnings": self.warnings});
        for (key, _, fact) in &self.facts {
            object[*key] = json!(fact);
        }
        object
    }

    fn text(&self) -> String {
        let facts = self.facts.iter().map(|(_, label, fact)| format!("{label} {fact}"));
        let warnings = self.warnings.iter().map(|warning| format!("提示:{warning}"));
        [format!("有效 {}", self.value)].into_iter().chain(facts).chain(warnings).collect::<Vec<_>>().join("\n")
    }
}
