//! Why entrusted money is not taken, accrued, received, returned. E-1xx shape, E-2xx state, E-3xx references.

use crate::calendar::BusinessDate;
use crate::money::Amount;
use crate::refusals;

refusals! {
    /// Why a scheme says no.
    pub enum EntrustRefusal {
        /// What is agreed does not make a scheme.
        "E-101" BadScheme { scheme: String, why: String }
            zh "委托方案 {scheme} 不成立:{why}" en "the scheme {scheme} does not hold together: {why}" next "按合同补齐后再登记";
        /// Money comes in positive amounts.
        "E-102" NotPositive { household: String, amount: Amount }
            zh "{household} 的金额 {amount} 须大于零" en "the amount {amount} of {household} must be positive" next "核对金额";
        /// The policy of the place and date bans it.
        "E-201" Banned { place: String, on: BusinessDate, basis: String }
            zh "{place} 在 {on} 不得新增以贷款资金委托经营({basis})" en "loan money may not be newly entrusted at {place} on {on} ({basis})"
            next "原有合同可继续履行至到期;非贷款资金另立方案";
        /// The code is taken.
        "E-202" SchemeExists { scheme: String }
            zh "委托方案 {scheme} 已存在" en "the scheme {scheme} exists already" next "换一个编号";
        /// Not running.
        "E-203" NotRunning { scheme: String, state: String }
            zh "委托方案 {scheme} 现为“{state}”" en "the scheme {scheme} is '{state}'" next "核对方案状态";
        /// Equity is kept by the share register.
        "E-204" IsEquity { scheme: String }
            zh "方案 {scheme} 是入股,资金在股权登记簿办理" en "the scheme {scheme} is equity; its money is kept by the share register" next "用 share subscribe 登记入股,收益按分红方案发放";
        /// Outside the contract.
        "E-205" OutsideContract { scheme: String, on: BusinessDate }
            zh "{on} 不在方案 {scheme} 的合同期内" en "{on} is outside the contract of {scheme}" next "核对日期";
        /// Nothing is due.
        "E-206" NothingDue { scheme: String, on: BusinessDate }
            zh "方案 {scheme} 到 {on} 没有应计提的收益期" en "no period of {scheme} is due by {on}" next "到期后再计提";
        /// More than the operator owes.
        "E-207" MoreThanOwed { scheme: String, amount: Amount, owed: Amount }
            zh "方案 {scheme} 收到 {amount},超过应收 {owed}" en "{amount} received for {scheme} is more than the {owed} owed" next "核对收款,多收的另行登记";
        /// More than is entrusted.
        "E-208" MoreThanEntrusted { household: String, amount: Amount, there: Amount }
            zh "{household} 委托余额 {there},不足 {amount}" en "{household} has {there} entrusted, less than {amount}" next "核对金额";
        /// The operator has not paid.
        "E-209" NotReceived { scheme: String, period: i64, missing: Amount }
            zh "方案 {scheme} 第 {period} 期还有 {missing} 未收到,公司未承诺垫付,不能发放" en "{missing} of period {period} of {scheme} has not come in and the company does not guarantee it" next "催收后再发放,或由公司承诺垫付";
        /// Periods follow each other: a move inside an accrued one is too late.
        "E-210" AlreadyAccrued { scheme: String, on: BusinessDate }
            zh "方案 {scheme} 在 {on} 所在收益期已计提,不能再变动本金" en "the period of {on} of {scheme} is accrued already" next "改用下一期的日期";
        /// Nothing of the income becomes shares.
        "E-211" NothingToReinvest { scheme: String, period: i64 }
            zh "方案 {scheme} 第 {period} 期没有待转股的收益" en "period {period} of {scheme} has no income to reinvest" next "核对方案的转股比例";
        /// The part that becomes shares comes first.
        "E-212" ReinvestFirst { scheme: String, period: i64 }
            zh "方案 {scheme} 第 {period} 期的转股部分尚未办理" en "the reinvested part of period {period} of {scheme} is not done" next "先执行 entrust reinvest";
        /// No company between.
        "E-213" NoCompany { scheme: String }
            zh "方案 {scheme} 由经营主体直接对农户,没有公司收款" en "the scheme {scheme} has no company to receive money" next "由经营主体账套直接发放";
        /// A list that pays the period is under way.
        "E-214" BatchInTheWay { scheme: String, period: i64, batch: String }
            zh "方案 {scheme} 第 {period} 期的代发批次 {batch} 尚未报盘" en "batch {batch} of period {period} of {scheme} was not sent yet" next "先报盘,或作废批次后再归还本金";
        /// More than is owed back.
        "E-215" MoreThanOwedBack { household: String, amount: Amount, owed: Amount }
            zh "{household} 应退收益 {owed},不足 {amount}" en "{household} owes {owed} back, less than {amount}" next "核对金额";
        /// More loan money than the household still owes.
        "E-216" MoreThanLent { household: String, wanted: Amount, owed: Amount }
            zh "{household} 委托的贷款资金合计 {wanted},超过贷款余额 {owed}" en "{household} would have {wanted} of loan money entrusted and owes {owed}" next "核对借据和金额;非贷款资金另立方案";
        /// The loan is another's.
        "E-304" WrongLoan { household: String, loan: String }
            zh "借据 {loan} 不是 {household} 的" en "the loan {loan} is not of {household}" next "核对借据号";
        /// No such scheme.
        "E-301" UnknownScheme { scheme: String }
            zh "没有委托方案 {scheme}" en "there is no scheme {scheme}" next "用 entrust list 查看";
        /// No such period.
        "E-302" UnknownPeriod { scheme: String, period: i64 }
            zh "方案 {scheme} 第 {period} 期尚未计提" en "period {period} of {scheme} is not accrued" next "先执行 entrust accrue";
        /// Approval needed.
        "E-303" NoDocument { what: String }
            zh "{what}缺批准文件" en "{what} needs an approval" next "填写文件编号";
    }
}
