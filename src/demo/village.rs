//! A village of the demo: its households, its opening balances, its business month by month.
//!
//! The business follows posting-rules.md §5: running costs, leases, special funds spent on a road, household
//! subsidies passing through, depreciation, a share in the cooperative.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;

use super::entries::{Entry, Side, class, credit, debit, entry};
use super::files::Opening;
use crate::money::Amount;

/// A village.
#[derive(Debug, Clone)]
pub struct Village {
    /// 0, 1, 2 … in the county.
    pub index: usize,
    /// Book code, `V001` …
    pub book: String,
    /// 12-digit place code.
    pub place: String,
    /// Name with township.
    pub name: String,
}

const SURNAMES: [&str; 8] = ["韦", "莫", "覃", "蒙", "卢", "欧阳", "谭", "袁"];
/// Solar terms: obviously nobody's real name.
const GIVEN: [&str; 24] = [
    "立春", "雨水", "惊蛰", "春分", "清明", "谷雨", "立夏", "小满", "芒种", "夏至", "小暑", "大暑", "立秋", "处暑", "白露",
    "秋分", "寒露", "霜降", "立冬", "小雪", "大雪", "冬至", "小寒", "大寒",
];

/// Households of every village in the demo.
pub const HOUSEHOLDS: usize = 8;

impl Village {
    /// Household cards: (code, name). Two names carry a rare character and a middle dot.
    pub fn households(&self) -> Vec<(String, String)> {
        let household = |n: usize| {
            let name = match n {
                6 => format!("覃䶮{}", GIVEN[self.index % 24]),
                7 => format!("扎西·{}", GIVEN[(self.index + 5) % 24]),
                _ => format!("{}{}", SURNAMES[(self.index + n) % 8], GIVEN[(self.index * 7 + n * 5) % 24]),
            };
            (format!("{}H{:02}", self.book, n + 1), name)
        };
        (0..HOUSEHOLDS).map(household).collect()
    }

    fn household(&self, n: usize) -> String {
        format!("{}H{:02}", self.book, n % HOUSEHOLDS + 1)
    }

    /// A source of amounts of its own for every month, the same every time.
    fn chance(&self, month: u32) -> ChaCha12Rng {
        ChaCha12Rng::seed_from_u64((self.index as u64) << 8 | u64::from(month))
    }

    /// The first village holds shares in the cooperative.
    fn holds_shares(&self) -> bool {
        self.index == 0
    }

    /// Opening balances, balanced by the accumulation fund.
    pub fn opening(&self) -> Vec<Opening> {
        let more = self.index as i64;
        let debits = [
            ("101", "库存现金", 2_000),
            ("102", "银行存款", 186_000 + 3_700 * more),
            ("151", "固定资产", 520_000 + 11_000 * more),
        ];
        let credits =
            [("152", "累计折旧", 86_400), ("21102", "个人", 4_500), ("301", "资本", 300_000), ("32202", "未分配收益", 15_000)];
        let side = |is_debit: bool| {
            move |(account, name, yuan): (&'static str, &'static str, i64)| Opening::new(account, name, is_debit, yuan)
        };
        let mut rows: Vec<Opening> = debits.into_iter().map(side(true)).chain(credits.into_iter().map(side(false))).collect();
        if self.holds_shares() {
            rows.push(Opening::new("141", "长期投资", true, 50_000));
        }
        rows.push(Opening::new("113", "内部往来", true, 1_200).with(&self.household(0)));
        rows.push(Opening::new("113", "内部往来", false, 800).with(&self.household(1)));
        let net: Amount = rows.iter().map(Opening::net).sum();
        rows.push(Opening { amount: net, ..Opening::new("311", "公积公益金", false, 0) });
        rows
    }

    /// The vouchers of a month, in the order of their days.
    pub fn month(&self, month: u32) -> Vec<Entry> {
        let mut chance = self.chance(month);
        let mut yuan = |from: i64, to: i64| Amount::from_fen(chance.random_range(from * 100..=to * 100));
        let office = yuan(180, 420);
        let travel = yuan(60, 240);
        let rent = yuan(2_400, 4_800);
        let help = yuan(300, 900);
        let mut entries = vec![
            entry(
                month,
                3,
                "提取备用现金",
                1,
                vec![
                    debit("101", "库存现金", Amount::from_yuan(1_100)).of(class::OFFICE),
                    credit("102", "银行存款", Amount::from_yuan(1_100)).of(class::OFFICE),
                ],
            ),
            entry(month, 6, "支付办公用品款", 2, paid_cash("51301", "运转支出—办公", office, class::OFFICE)),
            entry(month, 9, "村干部参加培训差旅费", 3, paid_cash("51303", "差旅费", travel, class::OFFICE)),
            entry(month, 12, "拨付村干部报酬", 1, paid("51302", "运转支出—村干部报酬", Amount::from_yuan(3_600), class::OFFICE)),
            entry(
                month,
                15,
                "收到村级组织运转补助",
                1,
                vec![
                    debit("102", "银行存款", Amount::from_yuan(4_500)).of(class::SERVICE),
                    credit("50301", "村级组织运转补助", Amount::from_yuan(4_500)),
                ],
            ),
            entry(
                month,
                18,
                "收门面租金",
                1,
                vec![debit("102", "银行存款", rent).of(class::COLLECTIVE), credit("50102", "租赁收入", rent)],
            ),
            entry(month, 22, "慰问困难户", 4, paid_cash("51402", "福利支出", help, class::COLLECTIVE)),
            entry(
                month,
                28,
                "计提办公设施折旧",
                i64::from(self.index != 3), // one village keeps no sheet of how it was reckoned, and is asked for it
                vec![debit("51305", "折旧费", Amount::from_fen(108_333)), credit("152", "累计折旧", Amount::from_fen(108_333))],
            ),
        ];
        entries.extend(self.quarter(month, help));
        entries.extend(self.project(month));
        entries.extend(self.with_households(month));
        entries.sort_by_key(|entry| entry.on);
        entries
    }

    /// Every third month: bank interest, and subsidies that pass through to households.
    fn quarter(&self, month: u32, help: Amount) -> Vec<Entry> {
        if !month.is_multiple_of(3) {
            return Vec::new();
        }
        let interest = Amount::from_fen(help.fen() / 7);
        let passing = Amount::from_yuan(1_600);
        let bank = |side: Side| side.of(class::HOUSEHOLD);
        vec![
            entry(
                month,
                21,
                "银行存款利息",
                1,
                vec![debit("102", "银行存款", interest).of(class::COLLECTIVE), credit("50401", "利息收入", interest)],
            ),
            entry(
                month,
                24,
                "收到一卡通补助待发",
                1,
                vec![bank(debit("102", "银行存款", passing)), credit("2110301", "一卡通补助", passing)],
            ),
            entry(
                month,
                25,
                "代发一卡通补助",
                8,
                vec![debit("2110301", "一卡通补助", passing), bank(credit("102", "银行存款", passing))],
            ),
        ]
    }

    /// The road project: granted in March, built from May to August, finished in September.
    fn project(&self, month: u32) -> Vec<Entry> {
        const ROAD: &str = "道路维修";
        let part = Amount::from_yuan(20_000 + 500 * self.index as i64);
        let whole: Amount = std::iter::repeat_n(part, 4).sum();
        let bank = |side: Side| side.of(class::SPECIAL);
        match month {
            3 => vec![entry(
                3,
                20,
                "收到道路维修专项资金",
                1,
                vec![bank(debit("102", "银行存款", whole)).on(ROAD), credit("241", "专项应付款", whole).on(ROAD)],
            )],
            5..=8 => vec![entry(
                month,
                26,
                "支付道路维修工程款",
                3,
                vec![debit("153", "在建工程", part).on(ROAD), bank(credit("102", "银行存款", part)).on(ROAD)],
            )],
            9 => vec![
                entry(
                    9,
                    27,
                    "道路维修完工转固定资产",
                    2,
                    vec![debit("151", "固定资产", whole).on(ROAD), credit("153", "在建工程", whole).on(ROAD)],
                ),
                entry(
                    9,
                    27,
                    "道路维修专项资金转公积公益金",
                    1,
                    vec![debit("241", "专项应付款", whole).on(ROAD), credit("311", "公积公益金", whole).on(ROAD)],
                ),
            ],
            _ => Vec::new(),
        }
    }

    /// Land contracted to households, and the cooperative's dividend in November.
    fn with_households(&self, month: u32) -> Vec<Entry> {
        let fee = Amount::from_yuan(360 + 20 * i64::from(month));
        let household = self.household(month as usize);
        let mut entries = Vec::new();
        if month.is_multiple_of(2) {
            entries.push(entry(
                month,
                10,
                "应收机动地承包费",
                1,
                vec![debit("113", "内部往来", fee).with(&household), credit("50101", "发包收入", fee)],
            ));
            entries.push(entry(
                month,
                19,
                "收机动地承包费",
                1,
                vec![debit("101", "库存现金", fee).of(class::COLLECTIVE), credit("113", "内部往来", fee).with(&household)],
            ));
        }
        if month == 11 && self.holds_shares() {
            let dividend = Amount::from_yuan(4_000);
            entries.push(entry(
                11,
                20,
                "收到合作社分红",
                1,
                vec![debit("102", "银行存款", dividend).of(class::COLLECTIVE), credit("502", "投资收益", dividend)],
            ));
        }
        entries
    }
}

fn paid(account: &'static str, name: &'static str, amount: Amount, fund_class: &'static str) -> Vec<Side> {
    vec![debit(account, name, amount), credit("102", "银行存款", amount).of(fund_class)]
}

fn paid_cash(account: &'static str, name: &'static str, amount: Amount, fund_class: &'static str) -> Vec<Side> {
    vec![debit(account, name, amount), credit("101", "库存现金", amount).of(fund_class)]
}
