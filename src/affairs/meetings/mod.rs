//! Meetings and votes (四议两公开一监督): a matter and the steps it went through, which claims, projects and contracts point to.
//!
//! ```text
//!   提议 → 商议 → 审议 → 决议 → 决议公开 → 实施结果公开, with 监督 at any time after the decision
//! ```
//! Pure, but for `store.rs` and `service.rs`. Who must be there and what decides are dated rows (`rules.csv`).
//!
//! 1. Steps follow one another; none is held before the one before it.
//! 2. A step that votes is held when enough are there, and passes when enough of those present are for it.
//! 3. A matter is decided when its decision passed; only then may anything point to it.

pub mod service;
pub mod store;

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::refusal::AffairsRefusal;
use crate::calendar::BusinessDate;
use crate::exchange::{Cell, Column, Dress, Sheet};
use crate::money::Amount;

crate::words! {
    /// A step.
    pub enum Step {
        /// The Party branch proposes.
        Propose = "propose", "党支部提议";
        /// Both committees discuss.
        Discuss = "discuss", "两委会商议";
        /// Party members look at it.
        Review = "review", "党员大会审议";
        /// Villagers or their representatives decide.
        Decide = "decide", "村民代表会议决议";
        /// The decision is shown.
        ShowDecision = "show_decision", "决议公开";
        /// What came of it is shown.
        ShowResult = "show_result", "实施结果公开";
        /// The supervision committee looks at it.
        Supervise = "supervise", "村监委会监督";
    }
}

impl Step {
    /// The step that has to be there before.
    pub const fn after(self) -> Option<Step> {
        match self {
            Step::Propose => None,
            Step::Discuss => Some(Step::Propose),
            Step::Review => Some(Step::Discuss),
            Step::Decide => Some(Step::Review),
            Step::ShowDecision | Step::Supervise => Some(Step::Decide),
            Step::ShowResult => Some(Step::ShowDecision),
        }
    }

    /// True if people vote.
    pub const fn votes(self) -> bool {
        matches!(self, Step::Discuss | Step::Review | Step::Decide)
    }
}

/// A step as it was held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Which.
    pub step: Step,
    /// When.
    pub on: BusinessDate,
    /// Where.
    pub place: String,
    /// Who should be there.
    pub expected: i64,
    /// Who was.
    pub present: i64,
    /// For it.
    pub in_favour: i64,
    /// Against it.
    pub against: i64,
    /// Neither.
    pub abstained: i64,
    /// Its record.
    pub document: String,
}

/// A matter with its steps in their order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matter {
    /// Number within the book.
    pub meeting: i64,
    /// What about.
    pub subject: String,
    /// The sum it is about; zero for none.
    pub amount: Amount,
    /// Steps held.
    pub steps: Vec<Held>,
}

/// Who must be there and what decides: in hundredths of those expected and of those present.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeetingRule {
    /// The step.
    pub step: Step,
    /// At least so many of so many expected: `2/3`.
    pub present: String,
    /// `more` than, or `least`: of those present.
    pub passes: String,
    /// First day.
    pub from: BusinessDate,
    /// Where it stands written.
    pub source: String,
}

/// The rows the program brings.
pub fn rules() -> &'static [MeetingRule] {
    static ALL: LazyLock<Vec<MeetingRule>> = LazyLock::new(|| {
        let mut reader = csv::Reader::from_reader(include_str!("rules.csv").as_bytes());
        let rows = reader.deserialize::<MeetingRule>();
        rows.map(|row| row.expect("rules.csv is part of the program and read by its test")).collect()
    });
    &ALL
}

/// `2/3` as two numbers.
fn ratio(text: &str) -> Option<(i64, i64)> {
    let (part, whole) = text.split_once('/')?;
    Some((part.trim().parse().ok()?, whole.trim().parse().ok().filter(|whole: &i64| *whole > 0)?))
}

impl Held {
    fn rule(&self) -> Option<&'static MeetingRule> {
        rules().iter().filter(|rule| rule.step == self.step && rule.from <= self.on).max_by_key(|rule| rule.from)
    }

    /// True if more than the share of those present were for it.
    pub fn passes(&self) -> bool {
        let share = self.rule().and_then(|rule| ratio(&rule.passes));
        !self.step.votes() || share.is_some_and(|(part, whole)| self.in_favour * whole > self.present * part)
    }

    /// Refuses figures that do not fit together (Z-104) and too few people (Z-204).
    fn check(&self) -> Result<(), AffairsRefusal> {
        let step = self.step.label_zh().to_owned();
        let counts = [self.expected, self.present, self.in_favour, self.against, self.abstained];
        let votes = self.in_favour + self.against + self.abstained;
        let odd = counts.iter().any(|count| !(0..=100_000).contains(count)) || self.present > self.expected;
        if odd || (self.step.votes() && (votes != self.present || self.present == 0)) {
            return Err(AffairsRefusal::VotesDiffer { step, present: self.present, votes });
        }
        if self.document.trim().is_empty() {
            return Err(AffairsRefusal::Incomplete { what: format!("{step}的记录编号") });
        }
        let Some((part, whole)) = self.rule().filter(|_| self.step.votes()).and_then(|rule| ratio(&rule.present)) else {
            return Ok(());
        };
        if self.present * whole < self.expected * part {
            let (present, expected) = (self.present, self.expected);
            return Err(AffairsRefusal::TooFewPresent { step, present, expected, least: format!("{part}/{whole}") });
        }
        Ok(())
    }
}

impl Matter {
    /// A step that was held.
    pub fn held(&self, step: Step) -> Option<&Held> {
        self.steps.iter().find(|held| held.step == step)
    }

    /// True if it was decided.
    pub fn is_decided(&self) -> bool {
        self.held(Step::Decide).is_some_and(Held::passes)
    }

    /// As users read where it stands.
    pub fn standing(&self) -> String {
        match self.steps.last() {
            None => "未开始".to_owned(),
            Some(last) if !last.passes() => format!("{}未通过", last.step.label_zh()),
            Some(last) => last.step.label_zh().to_owned(),
        }
    }

    /// Refuses a step out of turn, held before the one before it, or that cannot be held (Z-104, Z-204, Z-205).
    pub fn check(&self, next: &Held) -> Result<(), AffairsRefusal> {
        next.check()?;
        let step = next.step.label_zh().to_owned();
        let before = next.step.after().map(|step| (step, self.held(step)));
        match before {
            _ if self.held(next.step).is_some() => {
                Err(AffairsRefusal::OutOfTurn { step, needed: "每一步只记一次".to_owned() })
            }
            Some((needed, None)) => Err(AffairsRefusal::OutOfTurn { step, needed: needed.label_zh().to_owned() }),
            Some((needed, Some(held))) if !held.passes() => {
                Err(AffairsRefusal::OutOfTurn { step, needed: format!("{}通过", needed.label_zh()) })
            }
            Some((_, Some(held))) if next.on < held.on => Err(AffairsRefusal::EndsBefore { from: held.on, through: next.on }),
            _ => Ok(()),
        }
    }
}

/// 会议登记簿
pub fn register(unit: &str, matters: &[Matter]) -> Sheet {
    let columns = vec![
        Column::id("meeting", "编号"),
        Column::text("subject", "事项"),
        Column::amount("amount", "金额"),
        Column::text("standing", "进展"),
        Column::date("decided_on", "决议日期"),
        Column::text("votes", "赞成/到会/应到"),
    ];
    let mut sheet = Sheet::new("四议两公开登记簿", columns).dressed(Dress::list()).subtitle(format!("单位:{unit}"));
    for matter in matters {
        let decision = matter.held(Step::Decide);
        let votes = decision.map(|held| format!("{}/{}/{}", held.in_favour, held.present, held.expected));
        sheet.push(vec![
            matter.meeting.to_string().into(),
            matter.subject.as_str().into(),
            Cell::amount_or_blank(matter.amount),
            matter.standing().into(),
            decision.map(|held| held.on).into(),
            votes.into(),
        ]);
    }
    sheet
}

/// 会议记录: the steps of a matter.
pub fn record(unit: &str, matter: &Matter) -> Sheet {
    let columns = vec![
        Column::text("step", "步骤"),
        Column::date("on", "日期"),
        Column::text("place", "地点"),
        Column::count("expected", "应到"),
        Column::count("present", "到会"),
        Column::count("in_favour", "赞成"),
        Column::count("against", "反对"),
        Column::count("abstained", "弃权"),
        Column::text("passes", "结果"),
        Column::text("document", "记录"),
    ];
    let mut sheet = Sheet::new(format!("四议两公开记录 第{}号 {}", matter.meeting, matter.subject), columns)
        .dressed(Dress::signed(&["主持人", "记录人", "村务监督委员会"]))
        .subtitle(format!("单位:{unit}"));
    for held in &matter.steps {
        let word = match (held.step.votes(), held.passes()) {
            (false, _) => "",
            (true, true) => "通过",
            (true, false) => "未通过",
        };
        let counts = [held.expected, held.present, held.in_favour, held.against, held.abstained].map(Cell::from);
        let head = [Cell::from(held.step.label_zh()), held.on.into(), held.place.as_str().into()];
        sheet.push(head.into_iter().chain(counts).chain([word.into(), held.document.as_str().into()]).collect());
    }
    sheet
}

#[cfg(test)]
mod tests;
