//! Steps before money is paid out: check, notice, grade, approvals in order by different people, contract.

use std::collections::{HashMap, HashSet};

use chrono::{Days, Months};
use serde::{Deserialize, Serialize};

use crate::access::Permission;
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::money::{Amount, Rate};
use crate::office::{Act, Scene, Target};
use crate::parties::household::Borrower;
use crate::products::microloan::contract::{AllotmentOrder, Contract};
use crate::products::microloan::policy::{self, Policy};
use crate::products::microloan::refusal::LoanRefusal;
use crate::products::microloan::risk_fund::breaker::{Headroom, tripped};
use crate::products::microloan::risk_fund::store as fund;
use crate::products::microloan::state::{Step, after};
use crate::products::microloan::store::{self, figures, heads, heads::LoanHead, own_books};
use crate::products::microloan::terms::{RepaymentMethod, Settlement};

/// Takes one step with loans. Refuses the list at the first loan the step does not follow for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StepLoans {
    /// The step.
    pub step: Step,
    /// The day.
    pub on: BusinessDate,
    /// The loans.
    pub loans: Vec<String>,
    /// Opinion, reason or place of the notice.
    #[serde(default)]
    pub note: String,
}

impl Act for StepLoans {
    const KIND: &'static str = "loan.step";
    /// What goes beyond the fund and is only flagged by the policy.
    type Answer = Vec<String>;

    fn needs(&self) -> (Permission, Target<'_>) {
        match self.step {
            Step::Approve => (Permission::Review, Target::County),
            _ => (Permission::KeepRegisters, Target::County),
        }
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Vec<String>, Stop> {
        let keys = store::keys(self.loans.iter().map(String::as_str));
        let known = known(tx, scene, &keys, &self.loans).await?;
        let policies = policy::store::policies(tx, &scene.county).await?;
        let mut flags = Vec::new();
        if self.step == Step::Approve {
            self.refuse_same_people(tx, scene, &keys).await?;
            let beyond = refuse_by_fund(tx, scene, &known, &policies).await?;
            let noted: Vec<(&str, i64)> = beyond.iter().map(|(loan, headroom, _)| (*loan, headroom.fen())).collect();
            fund::save_beyond(tx, &scene.county, &self.on.to_string(), &noted).await?;
            flags = beyond.into_iter().map(|(_, _, why)| why).collect();
        }
        let mut states = Vec::with_capacity(known.len());
        for head in &known {
            let wanted = policy_of(head, &policies)?.approvals;
            let next = after(&head.loan, head.state, self.step, wanted - head.approvals)?;
            let approvals = head.approvals + i64::from(self.step == Step::Approve);
            states.push((head.loan.as_str(), next.as_str(), approvals));
        }
        heads::save_states(tx, &scene.county, &states).await?;
        self.add_events(tx, scene, &known, &keys).await?;
        Ok(flags)
    }

    fn in_words(&self) -> serde_json::Value {
        serde_json::json!({ "step": self.step, "on": self.on, "loans": self.loans.len(), "first": self.loans.first(), "note": self.note })
    }
}

impl StepLoans {
    /// Nobody approves what they recorded or have approved before.
    async fn refuse_same_people(&self, tx: &mut Connection, scene: &Scene, keys: &str) -> Result<(), Stop> {
        let before = store::recorders(tx, &scene.county, keys).await?;
        match before.into_iter().find(|(_, by)| *by == scene.actor) {
            Some((loan, user)) => Err(LoanRefusal::SameApprover { loan, user }.into()),
            None => Ok(()),
        }
    }

    async fn add_events(&self, tx: &mut Connection, scene: &Scene, known: &[LoanHead], keys: &str) -> Result<(), Stop> {
        let counts = store::event_counts(tx, &scene.county, keys).await?;
        let content = serde_json::json!({ "note": self.note }).to_string();
        let row = |head: &LoanHead| {
            let number = counts.get(&head.loan).copied().unwrap_or(0) + 1;
            (head.loan.clone(), number, self.on.to_string(), self.step.kind(), content.clone(), String::new())
        };
        let rows: Vec<_> = known.iter().map(row).collect();
        Ok(store::add_events(tx, &scene.county, &rows, (&scene.actor, &scene.at)).await?)
    }
}

async fn known(tx: &mut Connection, scene: &Scene, keys: &str, asked: &[String]) -> Result<Vec<LoanHead>, Stop> {
    let known = heads::heads(tx, &scene.county, keys).await?;
    let found: HashSet<&str> = known.iter().map(|head| head.loan.as_str()).collect();
    match asked.iter().find(|loan| !found.contains(loan.as_str())) {
        Some(missing) => Err(LoanRefusal::UnknownLoan { loan: missing.clone() }.into()),
        None => Ok(known),
    }
}

fn policy_of<'p>(head: &LoanHead, policies: &'p [Policy]) -> Result<&'p Policy, LoanRefusal> {
    let found = policy::choose(policies, &head.place, &head.product, head.applied_on);
    found.ok_or_else(|| LoanRefusal::NoPolicy { place: head.place.clone(), on: head.applied_on })
}

/// Refuses approvals where defaults have tripped the breaker or the fund carries no more. Where the policy only flags,
/// answers the loans beyond the fund, the headroom left and the words.
async fn refuse_by_fund<'h>(
    tx: &mut Connection,
    scene: &Scene,
    known: &'h [LoanHead],
    policies: &[Policy],
) -> Result<Vec<(&'h str, Amount, String)>, Stop> {
    let bad_from = scene.today - Days::new(91);
    let exposures = figures::exposures(tx, &scene.county, &scene.today.to_string(), &bad_from.to_string()).await?;
    let balances = fund::balances(tx, &scene.county).await?;
    let pledged: HashMap<String, i64> = figures::pledged(tx, &scene.county).await?.into_iter().collect();
    let mut rooms: HashMap<String, Headroom> = HashMap::new();
    let mut flags = Vec::new();
    for head in known {
        let row = policy_of(head, policies)?;
        if let Some(trip) = tripped(row, &exposures, &head.place, &head.bank) {
            let (place, ratio, limit) = (trip.place, trip.ratio, trip.limit);
            return Err(LoanRefusal::BreakerOpen { loan: head.loan.clone(), place, ratio, limit }.into());
        }
        if balances.is_empty() || head.renews.is_some() || head.approvals > 0 {
            continue;
        }
        if !rooms.contains_key(&head.bank) {
            let room = fund::room(&head.bank, &balances, &exposures, &pledged, row.leverage_cap)
                .ok_or_else(|| LoanRefusal::TooLargeToCount { loan: head.loan.clone() })?;
            rooms.insert(head.bank.clone(), room);
        }
        let room = rooms.get_mut(&head.bank).expect("put in above");
        if head.asked > room.headroom {
            let why = LoanRefusal::NoHeadroom { loan: head.loan.clone(), bank: head.bank.clone(), headroom: room.headroom };
            if row.over_leverage == "refuse" {
                return Err(why.into());
            }
            flags.push((head.loan.as_str(), room.headroom, why.refusal().message_zh));
        }
        room.headroom -= head.asked;
    }
    Ok(flags)
}

/// A contract to be signed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Signing {
    /// Loan.
    pub loan: String,
    /// Contract number.
    pub number: String,
    /// Amount.
    pub amount: Amount,
    /// Rate a year.
    pub rate: Rate,
    /// Day of signing.
    pub on: BusinessDate,
    /// Maturity; counted from the signing day by the term asked when absent.
    #[serde(default)]
    pub matures_on: Option<BusinessDate>,
    /// When interest is settled.
    #[serde(default)]
    pub settlement: Settlement,
    /// How the principal comes back.
    #[serde(default)]
    pub method: RepaymentMethod,
    /// Unpaid interest earns interest.
    #[serde(default)]
    pub compound: bool,
    /// Order in which money is applied.
    #[serde(default)]
    pub order: AllotmentOrder,
}

/// Signs contracts under the policy of their signing day. Refuses amounts above the household's limit and rates above the policy's.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SignLoans {
    /// The contracts.
    pub signings: Vec<Signing>,
}

impl Act for SignLoans {
    const KIND: &'static str = "loan.sign";
    type Answer = usize;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepLoans, Target::Loans(self.signings.iter().map(|signing| signing.loan.as_str()).collect()))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<usize, Stop> {
        let loans: Vec<String> = self.signings.iter().map(|signing| signing.loan.clone()).collect();
        let keys = store::keys(loans.iter().map(String::as_str));
        let known = known(tx, scene, &keys, &loans).await?;
        let households: Vec<[&str; 1]> = known.iter().map(|head| [head.household.as_str()]).collect();
        let borrowers: HashMap<String, Borrower> =
            own_books::borrowers(tx, &scene.county, &households).await?.into_iter().map(|b| (b.household.clone(), b)).collect();
        let policies = policy::store::policies(tx, &scene.county).await?;
        let rates = policy::store::rates(tx, &scene.county).await?;
        let counts = store::event_counts(tx, &scene.county, &keys).await?;
        let (mut rows, mut events) = (Vec::with_capacity(loans.len()), Vec::with_capacity(loans.len()));
        for signing in &self.signings {
            let head = known.iter().find(|head| head.loan == signing.loan).expect("known refuses what is missing");
            after(&head.loan, head.state, Step::Sign, 0)?;
            let row = policy::choose(&policies, &head.place, &head.product, signing.on)
                .ok_or_else(|| LoanRefusal::NoPolicy { place: head.place.clone(), on: signing.on })?;
            let contract = signing.contract(head, row);
            let borrower = borrowers.get(&head.household);
            signing.refuse_limits(head, row, borrower.and_then(|known| known.limit))?;
            let months = u32::try_from(head.asked_months).unwrap_or(u32::MAX);
            if let Some(cap) = row.rate_cap(&rates, signing.on, months)?.filter(|cap| signing.rate > *cap) {
                return Err(LoanRefusal::RateTooHigh { loan: head.loan.clone(), rate: signing.rate, cap }.into());
            }
            let text = serde_json::to_string(&contract).expect("contracts are plain data");
            rows.push((head.loan.clone(), row.policy.clone(), text, signing.number.clone(), signing.on.to_string()));
            let number = counts.get(&head.loan).copied().unwrap_or(0) + 1;
            events.push((
                head.loan.clone(),
                number,
                signing.on.to_string(),
                Step::Sign.kind(),
                signing.content(row, borrower),
                signing.number.clone(),
            ));
        }
        for rows in rows.chunks(1_000) {
            heads::save_contracts(tx, &scene.county, rows).await?;
        }
        store::add_events(tx, &scene.county, &events, (&scene.actor, &scene.at)).await?;
        Ok(rows.len())
    }

    fn in_words(&self) -> serde_json::Value {
        serde_json::json!({ "contracts": self.signings.len(), "first": self.signings.first() })
    }
}

impl Signing {
    /// What the event says: the borrower's age that day where the policy does not let it, for supervision, which reads no ids.
    fn content(&self, policy: &Policy, borrower: Option<&Borrower>) -> String {
        let age = borrower.and_then(|known| known.age_on(self.on)).filter(|age| !policy.lets_age(*age));
        age.map_or("{}".to_owned(), |age| serde_json::json!({ "age": age }).to_string())
    }

    fn contract(&self, head: &LoanHead, policy: &Policy) -> Contract {
        let months = Months::new(u32::try_from(head.asked_months).unwrap_or(0));
        let matures_on = self.matures_on.unwrap_or(self.on + months);
        Contract {
            settlement: self.settlement,
            method: self.method,
            compound: self.compound,
            order: self.order,
            penalty_multiple: policy.penalty_multiple,
            ..Contract::usual(self.amount, self.rate, self.on, matures_on)
        }
    }

    fn refuse_limits(&self, head: &LoanHead, policy: &Policy, limit: Option<Amount>) -> Result<(), LoanRefusal> {
        let loan = || self.loan.clone();
        if !self.amount.is_positive() {
            return Err(LoanRefusal::NotPositive { loan: loan(), amount: self.amount });
        }
        let limit = limit.unwrap_or(policy.max_amount).min(policy.max_amount).min(head.asked);
        if self.amount > limit {
            return Err(LoanRefusal::AboveLimit { loan: loan(), amount: self.amount, limit });
        }
        let longest = self.on + Months::new(policy.max_term_months);
        match self.matures_on.filter(|day| *day > longest) {
            Some(day) => Err(LoanRefusal::AgainstPolicy {
                loan: loan(),
                policy: policy.policy.clone(),
                why: format!("到期日 {day} 晚于 {longest}"),
            }),
            None => Ok(()),
        }
    }
}
