//! The demo's cooperative: members with shares, a grant that becomes a greenhouse, sales and costs.
//!
//! The business follows posting-rules.md §4 and the 2021 regime.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;

use super::entries::{Entry, credit, debit, entry};
use super::files::Opening;
use crate::money::Amount;

/// Book code.
pub const BOOK: &str = "C001";
/// Name shown on papers.
pub const NAME: &str = "青溪镇谷雨种植专业合作社";
/// Members who hold shares: (code, name, yuan of contribution).
pub const MEMBERS: [(&str, &str, i64); 6] = [
    ("M001", "韦惊蛰", 60_000),
    ("M002", "莫谷雨", 40_000),
    ("M003", "覃小满", 30_000),
    ("M004", "欧阳白露", 20_000),
    ("M005", "扎西·霜降", 20_000),
    ("M006", "青溪镇白石村集体", 50_000),
];

/// Opening balances, balanced by the surplus reserve.
pub fn opening() -> Vec<Opening> {
    let debits =
        [("101", "库存现金", 3_000), ("102", "银行存款", 128_000), ("121", "产品物资", 36_500), ("151", "固定资产", 150_000)];
    let mut rows: Vec<Opening> = debits.map(|(account, name, yuan)| Opening::new(account, name, true, yuan)).into();
    rows.push(Opening::new("152", "累计折旧", false, 30_000));
    rows.push(Opening::new("211", "应付款", false, 12_500));
    rows.push(Opening::new("33202", "未分配盈余", false, 9_000));
    rows.extend(MEMBERS.map(|(code, _, yuan)| Opening::new("301", "股金", false, yuan).with(code)));
    let net: Amount = rows.iter().map(Opening::net).sum();
    rows.push(Opening { amount: net, ..Opening::new("322", "盈余公积", false, 0) });
    rows
}

/// The vouchers of a month.
pub fn month(month: u32) -> Vec<Entry> {
    let mut chance = ChaCha12Rng::seed_from_u64(9_000 + u64::from(month));
    let mut yuan = |from: i64, to: i64| Amount::from_fen(chance.random_range(from * 100..=to * 100));
    let (sales, costs, wages, office) = (yuan(16_000, 24_000), yuan(7_000, 9_500), yuan(3_000, 4_200), yuan(300, 700));
    let deliveries = yuan(1_500, 2_600);
    let mut entries = vec![
        entry(
            month,
            4,
            "收购成员蔬菜",
            2,
            vec![debit("121", "产品物资", deliveries), credit("114", "成员往来", deliveries).with(MEMBERS[month as usize % 5].0)],
        ),
        entry(
            month,
            8,
            "支付成员蔬菜款",
            1,
            vec![debit("114", "成员往来", deliveries).with(MEMBERS[month as usize % 5].0), credit("102", "银行存款", deliveries)],
        ),
        entry(month, 12, "销售蔬菜", 3, vec![debit("102", "银行存款", sales), credit("501", "经营收入", sales)]),
        entry(month, 12, "结转销售成本", 0, vec![debit("521", "经营支出", deliveries), credit("121", "产品物资", deliveries)]),
        entry(month, 14, "购买种苗肥料", 2, vec![debit("521", "经营支出", costs), credit("102", "银行存款", costs)]),
        entry(month, 20, "计提工资", 1, vec![debit("523", "管理费用", wages), credit("212", "应付工资", wages)]),
        entry(month, 21, "发放工资", 1, vec![debit("212", "应付工资", wages), credit("102", "银行存款", wages)]),
        entry(month, 24, "支付办公费", 2, vec![debit("523", "管理费用", office), credit("102", "银行存款", office)]),
        entry(
            month,
            28,
            "计提折旧",
            0,
            vec![debit("521", "经营支出", Amount::from_fen(125_000)), credit("152", "累计折旧", Amount::from_fen(125_000))],
        ),
    ];
    entries.extend(grant(month));
    entries.sort_by_key(|entry| entry.on);
    entries
}

/// The fiscal grant: received in April, spent on a greenhouse in June and turned into the special fund.
fn grant(month: u32) -> Vec<Entry> {
    const GREENHOUSE: &str = "蔬菜大棚";
    let grant = Amount::from_yuan(80_000);
    match month {
        4 => vec![entry(
            4,
            16,
            "收到大棚建设财政补助",
            1,
            vec![debit("102", "银行存款", grant), credit("235", "专项应付款", grant).on(GREENHOUSE)],
        )],
        6 => vec![
            entry(
                6,
                18,
                "建成蔬菜大棚",
                4,
                vec![debit("151", "固定资产", grant).on(GREENHOUSE), credit("102", "银行存款", grant)],
            ),
            entry(
                6,
                18,
                "财政补助转专项基金",
                1,
                vec![debit("235", "专项应付款", grant).on(GREENHOUSE), credit("311", "专项基金", grant)],
            ),
        ],
        11 => vec![entry(
            11,
            19,
            "支付村集体入股分红",
            1,
            vec![debit("3320103", "剩余盈余分配", Amount::from_yuan(4_000)), credit("102", "银行存款", Amount::from_yuan(4_000))],
        )],
        _ => Vec::new(),
    }
}
