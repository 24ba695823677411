//! The steps of a plan after its draft: 复核 by another person, 公示, 发放, 归档; and dropping what was not posted.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::reckoning::Reckoning;
use super::year_end::facts;
use super::{in_book, lock};
use crate::access::Permission;
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::ledger::books::service::regime_in;
use crate::ledger::refusal::ReasonRefusal;
use crate::ledger::service::{self as ledger, Numbered};
use crate::ledger::{BookCode, store as ledger_store};
use crate::money::Amount;
use crate::office::{Act, Scene, Target};
use crate::products::cooperative_shares::plan::{LEAST_NOTICE_DAYS, PlanState};
use crate::products::cooperative_shares::posting_rules::{self, Distribution};
use crate::products::cooperative_shares::refusal::DividendRefusal;
use crate::products::cooperative_shares::store::plans::{self, Plan};
use crate::products::cooperative_shares::store::register as kept;

/// A plan that stands at a step. Refuses unknown plans (D-201) and other steps (D-202).
async fn plan_at(tx: &mut Connection, scene: &Scene, book: &BookCode, plan: i64, needed: PlanState) -> Result<Plan, Stop> {
    ledger_store::lock_books(tx, scene.engine, &scene.county, &[book]).await?;
    let kept = plans::plan(tx, &scene.county, book, plan).await?;
    let kept = kept.ok_or_else(|| DividendRefusal::UnknownPlan { book: book.to_string(), plan })?;
    if kept.state == needed {
        return Ok(kept);
    }
    let (state, needed) = (kept.state.label_zh().to_owned(), needed.label_zh().to_owned());
    Err(DividendRefusal::WrongStep { plan, state, needed }.into())
}

/// 复核, by somebody else; refuses the plan where facts have changed (D-204).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReviewPlan {
    /// The book.
    pub book: BookCode,
    /// The plan.
    pub plan: i64,
}

impl Act for ReviewPlan {
    const KIND: &'static str = "dividend.review";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::Review, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        let plan = plan_at(tx, scene, &self.book, self.plan, PlanState::Drafted).await?;
        if plan.drafted_by == scene.actor {
            return Err(DividendRefusal::OwnPlan { plan: self.plan, user: scene.actor.clone() }.into());
        }
        check_unchanged(tx, scene, &self.book, &plan).await?;
        plans::set_reviewed(tx, &scene.county, &self.book, self.plan, (&scene.actor, &scene.at)).await?;
        Ok(plans::step(tx, &scene.county, &self.book, self.plan, PlanState::Reviewed).await?)
    }
}

/// Refuses a plan whose facts have changed (D-204). It is computed again only if something changed that it rests on.
async fn check_unchanged(tx: &mut Connection, scene: &Scene, book: &BookCode, plan: &Plan) -> Result<(), Stop> {
    if plan.facts.as_ref() == Some(&facts(tx, &scene.county, book, plan.terms.year).await?) {
        return Ok(());
    }
    let classes = kept::classes(tx, &scene.county, book).await?;
    let reckoned = Reckoning::of(tx, (&scene.county, book), &plan.terms, &classes).await?;
    if reckoned.digest(tx).await? == plan.rows_digest {
        Ok(())
    } else {
        Err(DividendRefusal::FactsChanged { plan: plan.plan }.into())
    }
}

/// 公示, at least seven days.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PublishPlan {
    /// The book.
    pub book: BookCode,
    /// The plan.
    pub plan: i64,
    /// First day shown.
    pub from: BusinessDate,
    /// Last day shown.
    pub through: BusinessDate,
    /// Where: notice number or photo.
    pub document: String,
}

impl Act for PublishPlan {
    const KIND: &'static str = "dividend.publish";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        plan_at(tx, scene, &self.book, self.plan, PlanState::Reviewed).await?;
        if self.through.signed_duration_since(self.from).num_days() + 1 < LEAST_NOTICE_DAYS {
            return Err(DividendRefusal::BadNotice { from: self.from, through: self.through }.into());
        }
        let notice = (self.from, self.through, self.document.as_str());
        plans::set_notice(tx, &scene.county, &self.book, self.plan, notice).await?;
        Ok(plans::step(tx, &scene.county, &self.book, self.plan, PlanState::Published).await?)
    }
}

/// 发放入账: one voucher on every book the plan touches, linked by one event; the cooperative's in parts where its members are
/// many, all in this act. Refuses while the notice runs (D-205).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PostPlan {
    /// The book.
    pub book: BookCode,
    /// The plan.
    pub plan: i64,
    /// Date of the vouchers.
    pub on: BusinessDate,
}

/// What a posted plan made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanPosted {
    /// The event.
    pub event: String,
    /// One per book, or its parts.
    pub vouchers: Vec<Numbered>,
    /// Σ of what is paid out.
    pub net: Amount,
}

impl Act for PostPlan {
    const KIND: &'static str = "dividend.post";
    type Answer = PlanPosted;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<PlanPosted, Stop> {
        let investors = kept::investors(tx, &scene.county, &self.book).await?;
        let locked: Vec<&BookCode> = investors.values().chain([&self.book]).collect();
        ledger_store::lock_books(tx, scene.engine, &scene.county, &locked).await?;
        let plan = plan_at(tx, scene, &self.book, self.plan, PlanState::Published).await?;
        if let Some(through) = plan.notice_through.filter(|through| self.on <= *through || scene.today <= *through) {
            return Err(DividendRefusal::NoticeRunning { plan: self.plan, through }.into());
        }
        check_unchanged(tx, scene, &self.book, &plan).await?;
        let event = scene.draw_id();
        let what = serde_json::json!({ "book": self.book, "plan": self.plan, "year": plan.terms.year, "pools": plan.pools });
        let on = self.on.to_string();
        ledger_store::save_event(tx, &scene.county, (&event, "surplus_distributed", &on), &what, &scene.at).await?;
        let mut posted = PlanPosted { event, vouchers: Vec::new(), net: Amount::ZERO };
        let owed = self.post_parts(tx, scene, &plan, &mut posted).await?;
        for (member, investor) in &investors {
            if let Some(amount) = owed.get(member) {
                self.declare(tx, scene, (investor, *amount), &mut posted).await?;
            }
        }
        plans::set_posted(tx, &scene.county, &self.book, self.plan, (self.on, &posted.event)).await?;
        plans::step(tx, &scene.county, &self.book, self.plan, PlanState::Posted).await?;
        Ok(posted)
    }
}

impl PostPlan {
    /// Posts the cooperative's voucher page by page; answers what members get who keep books of their own.
    async fn post_parts(
        &self,
        tx: &mut Connection,
        scene: &Scene,
        plan: &Plan,
        posted: &mut PlanPosted,
    ) -> Result<BTreeMap<String, Amount>, Stop> {
        let regime = lock(tx, scene, &self.book, self.on).await?;
        let investors = kept::investors(tx, &scene.county, &self.book).await?;
        let (members, net) = plans::counted(tx, &scene.county, &self.book, self.plan).await?;
        let (book, parts) = (in_book(&self.book, regime, self.on), members.div_ceil(plans::A_PAGE).max(1));
        let mut making = Distribution::of(book, &plan.terms, &plan.pools, parts);
        let mut pages = plans::Pages::paying(&self.book, self.plan);
        let mut owed = BTreeMap::new();
        for _ in 0..parts {
            let rows = pages.next(tx, &scene.county).await?.unwrap_or_default();
            let own = rows.iter().filter(|row| investors.contains_key(&row.member));
            owed.extend(own.map(|row| (row.member.clone(), row.net + row.tax)));
            posted.vouchers.extend(ledger::post(tx, scene, &[making.part(&rows)?], Some(&posted.event)).await?);
        }
        posted.net = net;
        Ok(owed)
    }

    /// What a member's own book may claim from now on.
    async fn declare(
        &self,
        tx: &mut Connection,
        scene: &Scene,
        (investor, amount): (&BookCode, Amount),
        posted: &mut PlanPosted,
    ) -> Result<(), Stop> {
        if amount.is_positive() {
            let regime = regime_in(tx, &scene.county, investor, chrono::Datelike::year(&self.on)).await?;
            let voucher = posting_rules::declared_to(in_book(investor, regime, self.on), &self.book.0, amount)?;
            posted.vouchers.extend(ledger::post(tx, scene, &[voucher], Some(&posted.event)).await?);
        }
        Ok(())
    }
}

/// 归档, once nothing of the plan waits for payment.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ArchivePlan {
    /// The book.
    pub book: BookCode,
    /// The plan.
    pub plan: i64,
}

impl Act for ArchivePlan {
    const KIND: &'static str = "dividend.archive";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        let plan = plan_at(tx, scene, &self.book, self.plan, PlanState::Posted).await?;
        let posted_on = plan.posted_on.unwrap_or(scene.today);
        let regime = lock(tx, scene, &self.book, posted_on).await?;
        let rules = in_book(&self.book, regime, posted_on);
        let mut left = Amount::ZERO;
        for usage in ["refund_payable", "surplus_payable"] {
            let Ok(account) = rules.account(usage) else { continue };
            left += plans::unpaid(tx, &scene.county, &self.book, self.plan, account.as_str()).await?;
        }
        if left.is_positive() {
            return Err(DividendRefusal::NotPaid { plan: self.plan, left }.into());
        }
        plans::set_archived(tx, &scene.county, &self.book, self.plan, &scene.at).await?;
        Ok(plans::step(tx, &scene.county, &self.book, self.plan, PlanState::Archived).await?)
    }
}

/// Drops a plan that was not posted, with a reason, so that another can be drafted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DropPlan {
    /// The book.
    pub book: BookCode,
    /// The plan.
    pub plan: i64,
    /// Why.
    pub reason: String,
}

impl Act for DropPlan {
    const KIND: &'static str = "dividend.drop";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        if self.reason.trim().is_empty() {
            return Err(ReasonRefusal::Missing { what: "作废分配方案".to_owned() }.into());
        }
        ledger_store::lock_books(tx, scene.engine, &scene.county, &[&self.book]).await?;
        let plan = plans::plan(tx, &scene.county, &self.book, self.plan).await?;
        let plan = plan.ok_or_else(|| DividendRefusal::UnknownPlan { book: self.book.to_string(), plan: self.plan })?;
        if matches!(plan.state, PlanState::Posted | PlanState::Archived | PlanState::Dropped) {
            let (state, needed) = (plan.state.label_zh().to_owned(), "未入账".to_owned());
            return Err(DividendRefusal::WrongStep { plan: self.plan, state, needed }.into());
        }
        Ok(plans::step(tx, &scene.county, &self.book, self.plan, PlanState::Dropped).await?)
    }
}
