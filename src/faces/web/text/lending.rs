//! Words of the loan register, both languages side by side.

use super::Texts;

words! { "Every word of the loan register in one language.",
    past_due = "其中逾期", "past due";
    all_loans = "全部贷款笔数(表尾为本页合计)", "All loans (the foot sums this page):";
    these_loans = "所筛选的贷款笔数(表尾为本页合计)", "Loans chosen (the foot sums this page):";
    village = "村", "Village";
    bank = "银行", "Bank";
    name_or_initials = "名称、拼音首字母", "Name or initials";
    no_such_loans = "没有符合条件的贷款。请放宽筛选条件,或换一个日期再看。", "No loan is like that. Ask for less, or for another day.";
}

impl Texts {
    /// The words of the loan register in this language.
    pub fn lending(&self) -> &'static Words {
        if self.is_chinese() { &ZH } else { &EN }
    }
}
