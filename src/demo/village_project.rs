//! The demo's project: the second village lines a water channel with money from above, from the card to the asset and after.
//!
//! January: the card, the meetings, an approval refused for want of the village's decision, the approval, the money. March: the contract and its
//! advance. April: a payment ahead of the progress is refused. June: accepted and settled. July: the channel is an asset of the
//! village. October: what was kept back is paid, what was not needed goes back, the first benefit is written down.
//!
//! 1. The same month gives the same commands.

use super::village::Village;
use super::village_claims::CLERK;
use super::{Step, YEAR};

const PROJECT: &str = "水渠衬砌";

struct Script<'a> {
    village: &'a Village,
    month: u32,
    steps: Vec<Step>,
}

/// What is done on the project in a month; nothing outside the second village.
pub fn steps(month: u32, village: &Village) -> Vec<Step> {
    if village.index != 1 {
        return Vec::new();
    }
    let mut script = Script { village, month, steps: Vec::new() };
    match month {
        1 => script.decided(),
        3 => script.begun(),
        4 => script.under_way(),
        6 => script.accepted(),
        7 => script.finished(),
        8 => script.worn(),
        10 => script.afterwards(),
        _ => {}
    }
    script.steps
}

impl Script<'_> {
    fn types(&mut self, user: &'static str, line: &str) {
        self.command(user, line, None);
    }

    fn command(&mut self, user: &'static str, line: &str, refused: Option<&'static str>) {
        let line = line.replace("PROJECT", &format!("--book {} --project {PROJECT}", self.village.book));
        let words = line.split_whitespace().map(str::to_owned).collect();
        self.steps.push(Step::Command { user, words, refused });
    }

    fn day(&self, day: u32) -> String {
        format!("{YEAR}-{:02}-{day:02}", self.month)
    }

    fn pays(&mut self, day: u32, amount: &str, refused: Option<&'static str>) {
        let line = format!("project pay PROJECT --on {} --item 土建 --contract 渠01 --payee 清溪建筑队", self.day(day));
        self.command("kuaiji", &format!("{line} --amount {amount} --sheets 3"), refused);
    }

    fn decided(&mut self) {
        let card =
            "--name 水渠衬砌工程 --kind grant --document 青农发〔2025〕3号 --funder 青禾县财政局 --fund-class 上级专项资金";
        let line = format!("project add PROJECT {card} --budget 土建=49000.00 --budget 监理=1000.00 --poverty-village");
        self.types(CLERK, &line);
        let approve = format!("project approve PROJECT --on {} --document 青发改〔2025〕12号", self.day(16));
        self.command("shenhe", &approve, Some("U-408"));
        self.meets();
        self.types(CLERK, "project change PROJECT --decision 会议1");
        self.types("shenhe", &approve);
        let on = self.day(22);
        self.types("kuaiji", &format!("project receive PROJECT --on {on} --amount 50000.00 --document 青财农〔2025〕8号"));
    }

    /// 四议两公开: the branch proposes, both committees discuss, the members look at it, the representatives decide; it is shown.
    fn meets(&mut self) {
        let book = self.village.book.clone();
        self.types(CLERK, &format!("meeting add --book {book} --subject 水渠衬砌工程 --amount 50000.00"));
        let steps = [
            ("propose", 5, 5, 5, 0, 6),
            ("discuss", 9, 8, 8, 0, 7),
            ("review", 24, 19, 18, 1, 9),
            ("decide", 36, 29, 27, 2, 12),
            ("show_decision", 0, 0, 0, 0, 13),
        ];
        for (n, (step, expected, present, in_favour, against, day)) in steps.into_iter().enumerate() {
            let votes = format!("--expected {expected} --present {present} --in-favour {in_favour} --against {against}");
            let line = format!("meeting hold --book {book} --meeting 1 --step {step} --on {} {votes}", self.day(day));
            self.types(CLERK, &format!("{line} --place 村部 --document 记录2025-{}", n + 1));
        }
    }

    fn begun(&mut self) {
        let contract = "--contract 渠01 --contractor 清溪建筑队 --item 土建 --amount 48000.00 --advance 20";
        let on = self.day(5);
        self.types(CLERK, &format!("project contract PROJECT --on {on} {contract}"));
        self.pays(7, "9600.00", None);
    }

    fn under_way(&mut self) {
        self.pays(10, "19200.00", Some("U-403"));
        let on = self.day(18);
        self.types(CLERK, &format!("project progress PROJECT --on {on} --percent 60 --note 完成渠道开挖和一半衬砌"));
        self.pays(22, "19200.00", None);
    }

    fn accepted(&mut self) {
        let (done, looked, fixed) = (self.day(12), self.day(18), self.day(20));
        self.types(CLERK, &format!("project progress PROJECT --on {done} --percent 100 --note 衬砌和闸门完工"));
        self.types("shenhe", &format!("project accept PROJECT --on {looked} --document 验收单2025-2"));
        self.types("shenhe", &format!("project settle PROJECT --on {fixed} --amount 47500.00 --document 青审〔2025〕6号"));
        self.pays(25, "16325.00", None);
    }

    fn finished(&mut self) {
        let card =
            "--asset 渠-01 --used-for welfare --quantity 1.8公里 --place 新塘村河东 --keeper 莫雨水 --document 验收单2025-2";
        let on = self.day(3);
        let line = format!("project finish PROJECT --on {on} {card} --poverty-asset --life-months 240");
        self.types("kuaiji", &line);
    }

    /// The first month in which the channel loses value.
    fn worn(&mut self) {
        let line = format!("asset depreciate --book {} --period {YEAR}-08", self.village.book);
        self.types("kuaiji", &line);
    }

    fn afterwards(&mut self) {
        self.pays(9, "2375.00", None);
        let (back, seen) = (self.day(12), self.day(28));
        self.types("kuaiji", &format!("project return PROJECT --on {back} --amount 2500.00 --document 青财农〔2025〕40号"));
        let benefit = "--year 2025 --amount 1800.00 --households 8 --document 水费收缴表";
        self.types(CLERK, &format!("project benefit PROJECT --on {seen} {benefit}"));
        self.types("shenji", &format!("project show PROJECT --out out/{}-项目进度卡.xlsx", self.village.book));
        self.types("shenji", &format!("project list --book {} --out out/{}-项目台账.xlsx", self.village.book, self.village.book));
        let book = self.village.book.clone();
        self.types("shenji", &format!("asset list --book {book} --out out/{book}-资产资源登记簿.xlsx"));
        self.types("shenji", &format!("meeting show --book {book} --meeting 1 --out out/{book}-四议两公开记录.xlsx"));
        self.types("shenji", &format!("project share --year {YEAR} --out out/项目资金投向.xlsx"));
    }
}
