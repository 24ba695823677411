//! The three bookkeeping programs on a journal written by hand: balances known, mistakes noticed.

mod support;

use support::oracles::{Balances, Oracle, fen};

/// One small month in the words of each program; `{TOTAL}` is what the last line of the first entry says.
fn journal(oracle: Oracle, capital: &str) -> String {
    let text = match oracle {
        Oracle::Hledger | Oracle::Ledger => {
            "commodity CNY\n\naccount 资产:101-现金\naccount 资产:101-现金:10101-村部 小金库\naccount 权益:301-资本\naccount 收入:501-经营收入\n\n\
             2026-01-01 * 期初\n    资产:101-现金    12345678.90 CNY\n    资产:101-现金:10101-村部 小金库    234.56 CNY\n    权益:301-资本   {CAPITAL} CNY\n\n\
             2026-01-31 * 红冲\n    资产:101-现金   -12345678.91 CNY\n    权益:301-资本   12345678.91 CNY\n\n\
             2026-02-01 * 一进一出\n    收入:501-经营收入   -5.00 CNY\n    收入:501-经营收入   5.00 CNY\n"
        }
        Oracle::Beancount => {
            "2026-01-01 open Assets:101-现金 CNY\n2026-01-01 open Assets:101-现金:10101-村部 CNY\n2026-01-01 open Equity:301-资本 CNY\n\
             2026-01-01 open Income:501-经营收入 CNY\n\n\
             2026-01-01 * \"期初\"\n  Assets:101-现金    12345678.90 CNY\n  Assets:101-现金:10101-村部    234.56 CNY\n  Equity:301-资本   {CAPITAL} CNY\n\n\
             2026-01-31 * \"红冲\"\n  Assets:101-现金   -12345678.91 CNY\n  Equity:301-资本   12345678.91 CNY\n\n\
             2026-02-01 * \"一进一出\"\n  Income:501-经营收入   -5.00 CNY\n  Income:501-经营收入   5.00 CNY\n"
        }
    };
    text.replace("{CAPITAL}", capital)
}

fn written(oracle: Oracle, text: &str) -> tempfile::TempPath {
    let file = tempfile::Builder::new().suffix(if oracle == Oracle::Beancount { ".beancount" } else { ".journal" }).tempfile();
    let path = file.expect("a temporary file can be made").into_temp_path();
    std::fs::write(&path, text).expect("a temporary file can be written");
    path
}

fn expected(oracle: Oracle) -> Balances {
    let names = match oracle {
        Oracle::Hledger | Oracle::Ledger => ["资产:101-现金", "资产:101-现金:10101-村部 小金库", "权益:301-资本"],
        Oracle::Beancount => ["Assets:101-现金", "Assets:101-现金:10101-村部", "Equity:301-资本"],
    };
    names.into_iter().map(str::to_owned).zip([-1, 23456, -23455]).collect()
}

#[test]
fn each_gives_the_balances_of_a_hand_written_journal() {
    for oracle in Oracle::ALL {
        let file = written(oracle, &journal(oracle, "-12345913.46"));
        oracle.check(&file).unwrap_or_else(|why| panic!("{}: {why}", oracle.name()));
        let balances = oracle.balances(&file).unwrap_or_else(|why| panic!("{}: {why}", oracle.name()));
        assert_eq!(balances, expected(oracle), "{}", oracle.name());
    }
}

#[test]
fn each_notices_an_entry_that_is_one_fen_out() {
    for oracle in Oracle::ALL {
        let file = written(oracle, &journal(oracle, "-12345913.45"));
        assert!(oracle.check(&file).is_err(), "{} took an unbalanced entry", oracle.name());
    }
}

#[test]
fn each_notices_an_account_nobody_declared() {
    for oracle in Oracle::ALL {
        let good = journal(oracle, "-12345913.46");
        let undeclared: String = good
            .lines()
            .filter(|line| !line.contains("account 权益") && !line.contains("open Equity"))
            .map(|line| format!("{line}\n"))
            .collect();
        let file = written(oracle, &undeclared);
        assert!(oracle.check(&file).is_err(), "{} took an undeclared account", oracle.name());
    }
}

#[test]
fn amounts_are_read_to_the_fen() {
    assert_eq!(fen("-1,234.5 CNY"), Ok(-123450));
    assert_eq!(fen("CNY 0.01"), Ok(1));
    assert_eq!(fen("¥-3"), Ok(-300));
    assert_eq!(fen("1.2300"), Ok(123));
    assert!(fen("1.234").is_err() && fen("CNY").is_err() && fen("1.00 CNY, 2.00 USD").is_err());
}
