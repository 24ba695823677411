//! Five classes of loans by days past due, beside the class the bank gives (domain/loans.md §9).
//!
//! Pure. Day rules \[recalled, verify\]: overdue → 关注; > 90 → 次级; > 270 → 可疑; > 360 → 损失.

use serde::{Deserialize, Serialize};

/// A class of risk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RiskClass {
    /// 正常
    Normal,
    /// 关注
    SpecialMention,
    /// 次级
    Substandard,
    /// 可疑
    Doubtful,
    /// 损失
    Loss,
}

impl RiskClass {
    /// All of them, best first.
    pub const ALL: [RiskClass; 5] =
        [RiskClass::Normal, RiskClass::SpecialMention, RiskClass::Substandard, RiskClass::Doubtful, RiskClass::Loss];

    /// The class that follows from days past due; a written-off loan is a loss.
    pub const fn by_days(days_past_due: i64, is_written_off: bool) -> RiskClass {
        match days_past_due {
            _ if is_written_off => RiskClass::Loss,
            ..=0 => RiskClass::Normal,
            1..=90 => RiskClass::SpecialMention,
            91..=270 => RiskClass::Substandard,
            271..=360 => RiskClass::Doubtful,
            _ => RiskClass::Loss,
        }
    }

    /// As the tables write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            RiskClass::Normal => "normal",
            RiskClass::SpecialMention => "special-mention",
            RiskClass::Substandard => "substandard",
            RiskClass::Doubtful => "doubtful",
            RiskClass::Loss => "loss",
        }
    }

    /// As users read it.
    pub const fn label_zh(self) -> &'static str {
        match self {
            RiskClass::Normal => "正常",
            RiskClass::SpecialMention => "关注",
            RiskClass::Substandard => "次级",
            RiskClass::Doubtful => "可疑",
            RiskClass::Loss => "损失",
        }
    }

    /// Reads what `as_str` or `label_zh` writes.
    pub fn parse(text: &str) -> Option<RiskClass> {
        RiskClass::ALL.into_iter().find(|class| class.as_str() == text || class.label_zh() == text)
    }

    /// 不良: 次级, 可疑, 损失.
    pub const fn is_bad(self) -> bool {
        matches!(self, RiskClass::Substandard | RiskClass::Doubtful | RiskClass::Loss)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_borders_belong_to_the_better_class() {
        for (days, class) in
            [(0, "正常"), (1, "关注"), (90, "关注"), (91, "次级"), (270, "次级"), (271, "可疑"), (360, "可疑"), (361, "损失")]
        {
            assert_eq!(RiskClass::by_days(days, false).label_zh(), class, "{days}");
        }
        assert!(RiskClass::by_days(0, true).is_bad());
    }
}
