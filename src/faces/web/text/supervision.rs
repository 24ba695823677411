//! Words of the supervision pages, both languages side by side.

use super::Texts;

words! { "Every word of supervision in one language.",
    board = "监督台", "Supervision board";
    matrix = "进度矩阵", "Progress";
    flags = "预警", "Red flags";
    findings = "督办单", "Findings";
    trail = "操作轨迹", "Audit trail";
    year = "年度", "Year";
    village = "村", "Village";
    find_village = "村名或编号", "Village or code";
    only = "只看", "Only";
    all_villages = "全部", "All";
    only_wrong = "有预警或逾期", "Flags or late";
    only_waiting = "未办完", "Not done";
    months_of_money = "数字为当月现金和银行存款支出(元,含内部划转)。", "Figures: cash and bank out in the month (yuan, transfers included).";
    closed = "已结账", "Closed";
    published = "已公开", "Published";
    money_out = "支出合计", "Money out";
    no_villages = "没有符合的村", "No village fits";
    rules_ran = "规则最近运行", "Rules ran last";
    rules_never_ran = "规则还没有运行过", "Rules have not run yet";
    no_flags = "没有预警", "No flags";
    rules = "条规则", "rules";
    run_rules = "运行预警规则", "Run the rules";
    all_flags = "本账套全部预警", "All flags of this book";
    this_month = "只看本月", "This month only";
    ask = "发督办单", "Send a finding";
    title = "事项", "Title";
    asked = "要求", "What is asked";
    owner = "承办人", "Owner";
    due = "答复期限", "Answer by";
    about = "针对预警", "About the flag";
    answer = "答复", "Answer";
    document = "佐证材料(凭证号、报账单号或材料名)", "Document that shows it";
    send_back = "退回答复", "Send back";
    close = "销号", "Close";
    confirm_close = "销号后不能再改,确认?", "Closing cannot be undone. Close?";
    no_findings = "没有督办单", "No findings";
    by = "操作人(姓名或登录名)", "Person";
    contains = "内容包含", "Contains";
    rule_or_words = "规则或情况", "Rule or words";
    from_day = "起日", "From";
    through_day = "止日", "Through";
    steps = "本月进度", "This month";
    commands = "更多操作", "More";
    print = "打印督办单", "Print";
    bills = "附件", "Bills";
    signals = "农户监测预警", "Household signals";
    package = "审计数据包(压缩文件)", "Package for auditors (zip)";
}

impl Texts {
    /// The words of supervision in this language.
    pub fn watch(&self) -> &'static Words {
        if self.is_chinese() { &ZH } else { &EN }
    }
}
