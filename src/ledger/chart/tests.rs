//! What the charts must say: counts, the same-code traps, sub-accounts.

use super::*;
use crate::ledger::regime::regimes;

fn chart(regime: &str) -> Chart {
    Chart::of(regime).unwrap()
}

fn code_of(refusal: ChartRefusal) -> String {
    refusal.refusal().code
}

#[test]
fn first_level_accounts_are_as_many_as_the_regimes_have() {
    for (regime, count) in [
        ("village-2023", 42),
        ("cooperative-2021", 48),
        ("village-2004", 35),
        ("cooperative-2007", 37),
        ("small-enterprise-2013", 35),
        ("risk-fund", 8),
        ("interest-subsidy", 4),
    ] {
        assert_eq!(chart(regime).first_level().count(), count, "{regime}");
    }
}

/// domain/accounts.md §3: village 2004, village 2023, co-op 2007, co-op 2021.
const TRAPS: &str = "
111 短期投资 短期投资 - -
112 应收款 应收款 - -
113 内部往来 内部往来 应收款 应收款
114 - - 成员往来 成员往来
131 牲畜(禽)资产 消耗性生物资产 对外投资 对外投资
132 林木资产 生产性生物资产 - -
141 长期投资 长期投资 牲畜(禽)资产 消耗性生物资产
142 - - 林木资产 生产性生物资产
153 固定资产清理 在建工程 在建工程 在建工程
154 在建工程 固定资产清理 固定资产清理 固定资产清理
202 应付款 - - -
211 应付工资 应付款 应付款 应付款
212 应付福利费 应付工资 应付工资 应付工资
221 长期借款及应付款 长期借款及应付款 应付盈余返还 应付盈余返还
231 一事一议资金 一事一议资金 长期借款 长期借款
301 资本 资本 股金 股金
311 公积公益金 公积公益金 专项基金 专项基金
321 本年收益 本年收益 资本公积 资本公积
322 收益分配 收益分配 盈余公积 盈余公积
502 经营支出 投资收益 其他收入 其他收入
511 发包及上交收入 经营支出 投资收益 投资收益
521 农业税附加返还收入 所得税费用 经营支出 经营支出
522 补助收入 - 管理费用 税金及附加
531 其他收入 - - 所得税费用";

#[test]
fn one_code_means_different_things_in_different_regimes() {
    let charts = ["village-2004", "village-2023", "cooperative-2007", "cooperative-2021"].map(chart);
    for row in TRAPS.lines().skip(1) {
        let cells: Vec<&str> = row.split_whitespace().collect();
        for (chart, name) in charts.iter().zip(&cells[1..]) {
            let found = chart.get(&cells[0].into()).map_or("-", |account| account.name_zh.as_str());
            assert_eq!(found, *name, "{row}");
        }
    }
    assert_eq!(charts[0].get(&"502".into()).unwrap().class, AccountClass::Expense);
    assert_eq!(charts[1].get(&"502".into()).unwrap().class, AccountClass::Income);
}

#[test]
fn every_chart_is_well_formed() {
    for regime in regimes() {
        let chart = chart(&regime.id);
        for account in chart.accounts() {
            assert!(!account.name_zh.is_empty() && !account.source.is_empty(), "{} {}", regime.id, account.code);
            if let Some(parent) = chart.parent_of(&account.code) {
                assert_eq!(parent.code.as_str().len() + 2, account.code.as_str().len(), "{}", account.code);
                assert_eq!(parent.class, account.class, "{}", account.code);
            }
        }
    }
}

#[test]
fn parents_children_and_leaves() {
    let chart = chart("village-2023");
    let distribution = AccountCode::from("322");
    let children: Vec<_> = chart.children(&distribution).map(|a| a.code.as_str()).collect();
    assert_eq!(children, ["32201", "32202"]);
    assert_eq!(chart.parent_of(&"3220101".into()).unwrap().code.as_str(), "32201");
    assert_eq!(chart.first_level_of(&"3220101".into()).unwrap().code.as_str(), "322");
    assert_eq!(chart.level(&"2110303".into()), 3);
    assert_eq!(chart.full_name_zh(&"2110303".into()), "应付款—代收代付—保险");
    assert!(chart.is_leaf(&"32202".into()) && !chart.is_leaf(&"322".into()) && !chart.is_leaf(&"999".into()));
    assert_eq!(chart.leaf(&"322".into()).map_err(code_of), Err("C-102".to_owned()));
    assert_eq!(chart.leaf(&"999".into()).map_err(code_of), Err("C-101".to_owned()));
    assert_eq!(chart.get(&"241".into()).unwrap().requires, [Dimension::Project]);
    assert!(chart.get(&"102".into()).unwrap().requires.is_empty());
}

#[test]
fn own_sub_accounts_inherit_and_bad_ones_are_refused() {
    let mut chart = chart("village-2023");
    let own = chart.add_own("11301", "一组", "Group 1").unwrap();
    assert!(own.two_sided && own.class == AccountClass::Asset && own.requires == [Dimension::Party]);
    assert!(!chart.is_leaf(&"113".into()));
    for (code, name, expected) in [
        ("11301", "一组", "C-103"),
        ("99901", "无", "C-104"),
        ("1130101", "", "C-106"),
        ("1130", "短", "C-105"),
        ("113A1", "字母", "C-105"),
        ("11３01", "全角", "C-105"),
        ("1130x01", "x", "C-104"),
    ] {
        assert_eq!(chart.add_own(code, name, "").map(|_| ()).map_err(code_of), Err(expected.to_owned()), "{code}");
    }
}

#[test]
fn optional_first_level_accounts_are_added_only_where_the_regime_allows() {
    let mut chart = chart("cooperative-2021");
    assert_eq!(chart.add_optional("cooperative-2021", "122").unwrap().name_zh, "包装物");
    for (regime, code, expected) in
        [("cooperative-2021", "122", "C-103"), ("cooperative-2021", "123", "C-118"), ("village-2004", "109", "C-118")]
    {
        assert_eq!(chart.add_optional(regime, code).map(|_| ()).map_err(code_of), Err(expected.to_owned()));
    }
}

#[test]
fn required_dimensions_are_asked_for() {
    let chart = chart("village-2023");
    let grants = chart.find(&"241".into()).unwrap();
    let party_only = Dimensions { party: Some("H001".into()), project: Some(" ".into()), ..Dimensions::default() };
    assert_eq!(grants.check_dimensions(&party_only).map_err(code_of), Err("C-109".to_owned()));
    let project = Dimensions { project: Some("P1".into()), ..Dimensions::default() };
    assert_eq!(grants.check_dimensions(&project), Ok(()));
    assert_eq!(chart.find(&"113".into()).unwrap().check_dimensions(&party_only), Ok(()));
}
