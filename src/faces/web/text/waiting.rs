//! Words of what waits and of the order of work, both languages side by side.

use super::Texts;

words! { "Every word of what waits in one language.",
    home = "我的工作台", "My work";
    waiting_count = "待办", "To do";
    nothing_waits = "没有等您办理的事项。", "Nothing waits for you.";
    begins_with = "办理从这里开始:", "The work begins with";
    order_of_work = "办理顺序", "The work in its order";
    other_acts = "其他办理与查询", "Other acts and lists";
    none_fits = "现在没有可以办这一步的", "Nothing stands at this step now";
    claims_sent = "报账单待受理", "claims to take in";
    claims_accepted = "报账单待入账", "claims to book";
    claims_returned = "报账单被退回,待补正", "claims returned";
    dividends_drafted = "分红方案待复核", "dividend plans to review";
    dividends_reviewed = "分红方案待公示", "dividend plans to publish";
    dividends_published = "分红方案待入账发放", "dividend plans to post and pay";
    payouts_drawn_up = "代发批次待复核", "payouts to review";
    payouts_reviewed = "代发批次待送银行", "payouts to send";
    payouts_sent = "代发批次待登记结果", "payouts whose results are missing";
    sheets_drafted = "公开表待审核", "sheets to approve";
    sheets_returned = "公开表被退回,待重编", "sheets returned";
    sheets_approved = "公开表待发布", "sheets to publish";
    findings_open = "督办单待答复", "findings to answer";
    findings_answered = "督办单已答复,待销号", "findings answered";
    subsidy_calculated = "贴息批次待复核", "subsidy batches to review";
    subsidy_reviewed = "贴息批次待公示、审批", "subsidy batches to approve";
    subsidy_approved = "贴息批次待支付", "subsidy batches to pay";
    fund_claims_filed = "代偿申请待审批", "fund claims to approve";
    fund_claims_approved = "代偿申请待支付", "fund claims to pay";
    loans_applied = "贷款申请待村级核查", "loan applications to check";
    loans_checked = "贷款申请待公示", "loan applications to announce";
    loans_announced = "贷款申请待评级", "loan applications to grade";
    loans_graded = "贷款申请待审批", "loan applications to approve";
    loans_approved = "贷款待签合同", "loans to sign";
    loans_contracted = "贷款待放款", "loans to pay out";
    loans_due = "笔 90 天内到期", "loans mature within 90 days";
    loans_overdue = "元本金逾期", "yuan of principal past due";
    loans_unsettled = "笔有到期的本息待结息入账", "loans to settle";
    running = "笔贷款,本金余额", "loans, principal owed";
    books_of = "个账套", "books";
}

impl Texts {
    /// The words of what waits in this language.
    pub fn waiting(&self) -> &'static Words {
        if self.is_chinese() { &ZH } else { &EN }
    }
}
