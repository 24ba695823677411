//! The rules: what is looked for, from which figure on, since when, and where that stands written.
//!
//! Pure. The shipped rows are data (`rules.csv`); a county's own row of the same name goes first.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::refusal::SupervisionRefusal;
use crate::calendar::BusinessDate;
use crate::money::Amount;

crate::words! {
    /// What is looked for.
    pub enum RuleKind {
        /// A payment from this amount on.
        LargePayment = "large_payment", "大额支出";
        /// Several claims to one payee that together pass a limit.
        SplitPayments = "split_payments", "疑似拆分";
        /// The same sum to the same payee again.
        SamePayee = "same_payee", "疑似重复";
        /// More cash than may be held.
        CashOverLimit = "cash_over_limit", "现金超限";
        /// Cash below zero.
        NegativeCash = "negative_cash", "现金为负";
        /// A month not closed in time.
        CloseLate = "close_late", "结账逾期";
        /// A month opened again.
        Reopened = "reopened", "反结账";
        /// A bank account not reconciled.
        BankUnreconciled = "bank_unreconciled", "银行未对账";
        /// Not published in time.
        DisclosureLate = "disclosure_late", "公开逾期";
        /// Rent past its day.
        RentLate = "rent_late", "合同到期未收";
        /// Rent whose day comes.
        RentDue = "rent_due", "租金即将到期";
        /// A contract about to end.
        ContractEnding = "contract_ending", "合同即将届满";
        /// Spent on a project nobody approved.
        ProjectUnapproved = "project_unapproved", "项目未批先支";
        /// A project has spent more than was approved.
        ProjectOverBudget = "project_over_budget", "项目超预算";
        /// Paid ahead of what is done.
        ProjectAhead = "project_ahead", "付款超进度";
        /// Done, and not accepted.
        ProjectUnaccepted = "project_unaccepted", "项目完工未验收";
        /// A guaranteed income its households did not get.
        GuaranteeUnpaid = "guarantee_unpaid", "保底未付";
        /// What an operator owes.
        IncomeArrears = "income_arrears", "经营主体欠缴收益";
        /// Loans of a village past due.
        LoansOverdue = "loans_overdue", "逾期贷款";
        /// A list of people paid although rows were in doubt.
        PayeeDoubt = "payee_doubt", "发放名单存疑";
        /// The same paper on two vouchers.
        SamePaper = "same_paper", "票据重复使用";
        /// Cash received and not banked.
        CashNotBanked = "cash_not_banked", "疑似坐支";
        /// Made and reviewed by one person.
        OwnReview = "own_review", "制单审核同一人";
        /// Entered on a Saturday or Sunday.
        WeekendEntry = "weekend_entry", "周末录入";
        /// A voucher without papers.
        NoPapers = "no_papers", "缺原始凭证";
        /// A large payment without a decision.
        NoDecision = "no_decision", "缺民主决策记录";
        /// Entered at night.
        NightEntry = "night_entry", "夜间录入";
        /// Entered long after its date.
        BackDated = "back_dated", "倒填日期";
        /// Many red vouchers in a month.
        ManyReversals = "many_reversals", "红冲过多";
        /// Many round sums in a month.
        RoundAmounts = "round_amounts", "整数支出过多";
        /// A number is missing.
        NumberGap = "number_gap", "凭证断号";
        /// A project has used more than it got.
        SpecialNegative = "special_negative", "专项资金透支";
        /// A claim nobody settled.
        OldClaim = "old_claim", "往来款长期未清";
        /// An imprest nobody accounted for.
        OldAdvance = "old_advance", "备用金长期未核销";
        /// Paid to a cadre or a relative.
        WatchedPayee = "watched_payee", "付款给干部或亲属";
        /// A dividend declared or paid otherwise than by an approved plan.
        DividendUnlikePlan = "dividend_unlike_plan", "分红与方案不符";
        /// A member owes much more than some days ago.
        DebtsGrowing = "debts_growing", "成员欠款增长";
        /// Money of one project used for another.
        SpecialDiverted = "special_diverted", "专项资金挪用";
        /// Published, taken off and not published again.
        DisclosureWithdrawn = "disclosure_withdrawn", "公开撤下";
        /// A household's interest borne twice for the same days.
        SubsidyTwice = "subsidy_twice", "重复贴息";
        /// Our class of a loan and the bank's.
        ClassDiffers = "class_differs", "贷款分类不一致";
        /// A borrower younger or older than the policy lets.
        BorrowerAge = "borrower_age", "借款人年龄不符";
        /// Money of one loan in two places, or more of it than was lent.
        LoanMoneyTwice = "loan_money_twice", "贷款资金重复使用";
        /// A fixed return paid without a contract.
        ReturnWithoutContract = "return_without_contract", "保底收益无合同";
    }
}

crate::words! {
    /// How serious.
    pub enum Severity {
        /// To be known.
        Note = "note", "提示";
        /// To be looked at.
        Warning = "warning", "预警";
        /// To be answered.
        Serious = "serious", "严重";
    }
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// What.
    pub rule: RuleKind,
    /// How serious.
    pub severity: Severity,
    /// From this amount on.
    pub amount: Option<Amount>,
    /// Within, or after, so many days.
    pub days: Option<i64>,
    /// So many, or more.
    pub count: Option<i64>,
    /// First day of the row.
    pub from: BusinessDate,
    /// Last day of the row.
    pub until: Option<BusinessDate>,
    /// Where it stands written.
    pub source: String,
}

impl Rule {
    /// The amount; nothing is as large as one that is missing.
    pub fn amount(&self) -> Amount {
        self.amount.unwrap_or(Amount::from_fen(i64::MAX))
    }

    /// The days.
    pub fn days(&self) -> i64 {
        self.days.unwrap_or(0)
    }

    /// The count.
    pub fn count(&self) -> i64 {
        self.count.unwrap_or(i64::MAX)
    }

    /// True on days the row holds.
    pub fn holds(&self, on: BusinessDate) -> bool {
        self.from <= on && self.until.is_none_or(|last| on <= last)
    }

    /// Refuses a row without a source, or that ends before it begins (T-101).
    pub fn check(&self) -> Result<(), SupervisionRefusal> {
        let wrong = |why: &str| Err(SupervisionRefusal::BadRule { rule: self.rule.label_zh().to_owned(), why: why.to_owned() });
        match self {
            _ if self.source.trim().is_empty() => wrong("缺依据"),
            _ if self.until.is_some_and(|last| last < self.from) => wrong("起止日期次序不对"),
            _ if self.days.is_some_and(i64::is_negative) || self.count.is_some_and(|count| count < 1) => wrong("天数、次数不对"),
            _ => Ok(()),
        }
    }
}

/// The rows the program brings.
pub fn shipped() -> &'static [Rule] {
    static ALL: LazyLock<Vec<Rule>> = LazyLock::new(|| {
        let mut reader = csv::Reader::from_reader(include_str!("rules.csv").as_bytes());
        reader.deserialize().map(|row| row.expect("rules.csv is part of the program and read by its test")).collect()
    });
    &ALL
}

/// The shipped rows with a county's own in their place.
pub fn table(own: Vec<Rule>) -> Vec<Rule> {
    let by_name = shipped().iter().cloned().chain(own).map(|rule| (rule.rule, rule));
    by_name.collect::<BTreeMap<_, _>>().into_values().collect()
}
