//! Duty persons (岗位人员): who is reporting clerk, head of finance, head of the supervision committee, resident cadre, from when
//! to when.
//!
//! Pure, but for `store.rs` and `service.rs`.
//!
//! 1. A post for one person has one person at a time.
//! 2. Nobody keeps the money and looks after those who keep it: clashing posts are two people.

pub mod service;
pub mod store;

use serde::{Deserialize, Serialize};

use super::refusal::AffairsRefusal;
use crate::calendar::BusinessDate;
use crate::exchange::{Column, Dress, Sheet};

crate::words! {
    /// A post.
    pub enum Post {
        /// Claims and the imprest.
        Clerk = "clerk", "报账员";
        /// One pen.
        FinanceHead = "finance_head", "村财务负责人";
        /// Head of the village or collective.
        Head = "head", "村负责人";
        /// Head of the supervision committee.
        SupervisionHead = "supervision_head", "村监委会主任";
        /// Member of it.
        Supervisor = "supervisor", "村监委会成员";
        /// First secretary.
        FirstSecretary = "first_secretary", "第一书记";
        /// Member of the resident team.
        TeamMember = "team_member", "驻村工作队员";
        /// Keeps the seals.
        Seals = "seals", "印章保管人";
        /// Looks after assets.
        Keeper = "keeper", "资产管护员";
    }
}

impl Post {
    /// One person at a time.
    pub const fn is_single(self) -> bool {
        matches!(self, Post::Clerk | Post::FinanceHead | Post::Head | Post::SupervisionHead | Post::FirstSecretary)
    }

    /// Posts one person may not have at once: spending and looking after it, approving and claiming.
    pub fn clashes(self, other: Post) -> bool {
        let looks = |post: Post| matches!(post, Post::SupervisionHead | Post::Supervisor);
        let spends = |post: Post| matches!(post, Post::Clerk | Post::FinanceHead | Post::Head);
        let pair = |a: Post, b: Post| (looks(a) && spends(b)) || (a == Post::Clerk && b == Post::FinanceHead);
        pair(self, other) || pair(other, self)
    }
}

/// Somebody in a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    /// Number within the book.
    pub duty: i64,
    /// The post.
    pub post: Post,
    /// Who.
    pub name: String,
    /// From.
    pub from: BusinessDate,
    /// Through; still in it when absent.
    pub through: Option<BusinessDate>,
    /// The paper that appoints.
    pub document: String,
}

impl Duty {
    /// True if it lasts on a day between two, both included.
    pub fn lasts(&self, from: BusinessDate, through: BusinessDate) -> bool {
        self.from <= through && self.through.is_none_or(|last| last >= from)
    }

    fn meets(&self, other: &Duty) -> bool {
        self.lasts(other.from, other.through.unwrap_or(BusinessDate::MAX))
    }

    /// Refuses what lacks something (Z-101, Z-102) or clashes with others (Z-201, Z-202).
    pub fn check(&self, others: &[Duty]) -> Result<(), AffairsRefusal> {
        if self.name.trim().is_empty() || self.document.trim().is_empty() {
            return Err(AffairsRefusal::Incomplete { what: "姓名、任职文件".to_owned() });
        }
        if let Some(through) = self.through.filter(|through| *through < self.from) {
            return Err(AffairsRefusal::EndsBefore { from: self.from, through });
        }
        for other in others.iter().filter(|other| other.duty != self.duty && other.meets(self)) {
            if other.post == self.post && (self.post.is_single() || other.name == self.name) {
                let (post, name) = (self.post.label_zh().to_owned(), other.name.clone());
                return Err(AffairsRefusal::PostTaken { post, name, duty: other.duty });
            }
            if other.name == self.name && self.post.clashes(other.post) {
                let (post, other) = (self.post.label_zh().to_owned(), other.post.label_zh().to_owned());
                return Err(AffairsRefusal::PostsClash { name: self.name.clone(), post, other });
            }
        }
        Ok(())
    }
}

/// 岗位人员登记簿
pub fn register(unit: &str, duties: &[Duty]) -> Sheet {
    let columns = vec![
        Column::id("duty", "编号"),
        Column::text("post", "岗位"),
        Column::text("name", "姓名"),
        Column::date("from", "任职"),
        Column::date("through", "离任"),
        Column::text("document", "文件"),
    ];
    let mut sheet = Sheet::new("岗位人员登记簿", columns).dressed(Dress::list()).subtitle(format!("单位:{unit}"));
    for duty in duties {
        sheet.push(vec![
            duty.duty.to_string().into(),
            duty.post.label_zh().into(),
            duty.name.as_str().into(),
            duty.from.into(),
            duty.through.into(),
            duty.document.as_str().into(),
        ]);
    }
    sheet
}

#[cfg(test)]
mod tests {
    use super::*;

    fn duty(number: i64, post: Post, name: &str, from: &str, through: Option<&str>) -> Duty {
        let day = |text: &str| text.parse().unwrap();
        let (from, through) = (day(from), through.map(day));
        Duty { duty: number, post, name: name.into(), from, through, document: "村字1号".into() }
    }

    #[test]
    fn one_person_a_post_and_no_clashing_posts() {
        let others = [
            duty(1, Post::Clerk, "韦立春", "2025-01-01", Some("2025-12-31")),
            duty(2, Post::Supervisor, "覃惊蛰", "2025-01-01", None),
        ];
        let code = |duty: Duty| duty.check(&others).err().map_or("done".to_owned(), |why| why.refusal().code);
        assert_eq!(code(duty(3, Post::Clerk, "莫雨水", "2025-12-31", None)), "Z-201");
        assert_eq!(code(duty(3, Post::Clerk, "莫雨水", "2026-01-01", None)), "done");
        assert_eq!(code(duty(3, Post::Clerk, "覃惊蛰", "2026-01-01", None)), "Z-202");
        assert_eq!(code(duty(3, Post::FinanceHead, "韦立春", "2025-06-01", None)), "Z-202");
        assert_eq!(code(duty(3, Post::Supervisor, "莫雨水", "2025-06-01", None)), "done", "several may look");
        assert_eq!(code(duty(3, Post::Supervisor, "覃惊蛰", "2025-06-01", None)), "Z-201", "one person twice");
        assert_eq!(code(duty(3, Post::Head, "莫雨水", "2025-06-01", Some("2025-05-31"))), "Z-102");
        assert_eq!(code(duty(3, Post::Head, " ", "2025-06-01", None)), "Z-101");
    }
}
