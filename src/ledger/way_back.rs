//! Which vouchers have a register beside the books, and which act of that register puts a mistake right.
//!
//! Pure. A red voucher by hand would change the books and leave the register as it was: the loan still paid, the rent
//! still accrued. Events whose only trace is the books (money paid into a fund, a conversion) are not named here.

/// What happened, in the words of users, and what to do instead of a red voucher; `None` where the books are all there is.
pub fn way_back(kind: &str) -> Option<(&'static str, &'static str)> {
    let found = match kind {
        "loan.own_book" => (
            "本单位贷款",
            "更正贷款的事实:多记、错记的还款用 loan record 导入“还款退回”,由流水办理的用 reconcile loan-undo;本账的红字和更正凭证随即生成",
        ),
        "loan.collected" => ("代收还款", "用 reconcile loan-undo 撤销这笔还款,登记簿、凭证和流水一起恢复"),
        "loan.collected-back" => ("代收还款退回", "款项又到的,用 reconcile loan 把到账的流水重新办理为还款"),
        "subsidy.approved" => ("贴息入账", "用 loan record 更正贷款的事实,差额由下一批次补发或追回(subsidy run)"),
        "subsidy.paid" => ("支付贴息", "没有付出的用 subsidy return 登记退票,再用 subsidy pay 重付"),
        "subsidy.returned" => ("贴息退票", "重新支付用 subsidy pay"),
        "fund.compensated" => ("代偿", "收回的代偿款用 fund recover 登记;确实收不回的用 fund write-off"),
        "fund.recovered" => {
            ("代偿收回", "由流水办理的用 reconcile loan-undo;多收的退回用 fund give-back;收不回的用 fund write-off")
        }
        "fund.recovery-returned" => ("代偿收回款退回", "又收到的用 fund recover 登记"),
        "fund.move" | "fund.moved" | "subsidy.received" | "regime_converted" => return None,
        "money_entrusted" => ("交付委托资金", "用 entrust return 把本金归还到户"),
        "income_accrued" => {
            ("计提委托收益", "计提按合同条款得出;提前归还多计的用 entrust collect,资不抵债的用 entrust insolvent")
        }
        "income_received" => ("收到委托收益", "多记的,下一次 entrust receive 少记同样的数额"),
        "income_reinvested" => ("收益转股", "用 share withdraw 或 share transfer 办理"),
        "principal_returned" => ("归还委托本金", "没有到户的用 payout results 登记退回;重新交付用 entrust hand-over"),
        "income_paid_back" => ("退回委托收益", "下一期发放时补发(entrust pay)"),
        "operator_insolvent" => ("委托债权核销", "又收到的用 entrust receive 登记"),
        "shares_subscribed" => ("入股", "用 share withdraw 退股"),
        "shares_moved" => ("配股、转让", "用 share transfer 转回"),
        "shares_converted" => ("脱贫转股", "用 share transfer 转回"),
        "shares_quantified" | "shares_capitalised" => ("量化、转增", "用 share transfer 或 share withdraw 调整"),
        "shares_withdrawn" => ("退股", "用 share subscribe 重新入股"),
        "surplus_distributed" => ("盈余分配", "没有发到的用 payout results 登记退回;错分的在下一年度方案中调整(dividend plan)"),
        "rent_accrued" => ("计提租金", "租约有变的用 lease end 终止,多计部分随之冲回,再用 lease open 登记新租约"),
        "rent_received" => ("收到租金", "多收的用 lease end 终止时退还,或下一次 lease receive 少记同样的数额"),
        "lease_ended" => ("终止租约", "用 lease open 登记新租约"),
        "project_received" => ("收到项目资金", "多记的用 project return 退回"),
        "project_returned" => ("退回项目资金", "又拨来的用 project receive 登记"),
        "project_levied" | "project_collected" => {
            ("一事一议筹资", "多收的退还本户后,用凭证调整;应缴有误的由村民代表会议重新决定")
        }
        "project_finished" => ("完工转固定资产", "原值有误的用凭证调整,并在资产登记簿中更正"),
        "revolving_money_moved" => ("周转金", "用相反的业务冲回:拨入对退回,借给对归还,投出对收回(revolving)"),
        "aid_money_moved" => ("专项基金", "用相反的业务冲回:拨入对退回,利息对手续费(aid-fund)"),
        "aid_granted" => ("专项资助", "没有发到的用 payout results 登记退回"),
        "payout_funded" | "payout_arrived" => ("代发到账", "未报盘的批次用 payout drop 作废"),
        "payout_sent" => ("代发报盘", "没有发到的用 payout results 登记退回,更正后再发"),
        "payout_returned" => ("代发退回", "用 payout correct 更正后 payout send 再发"),
        _ => return None,
    };
    Some(found)
}
