//! Cases of lists, layouts and bank answers.

use std::collections::HashMap;

use super::RowState;
use super::files_in::{read_list, read_payees, read_results};
use super::layout::Layout;
use super::list::*;
use crate::calendar::BusinessDate;
use crate::exchange::vouchers_in::ImportOptions;
use crate::exchange::write_csv;
use crate::money::Amount;

fn day(text: &str) -> BusinessDate {
    text.parse().unwrap()
}

fn list(text: &str) -> Vec<PayRow> {
    read_list(text.as_bytes(), &ImportOptions::default()).unwrap().whole().unwrap()
}

const LIST: &str = "户编号,户主姓名,身份证号,户名,一卡通账号,补贴标准,人口,金额,备注\n\
    H001,韦一,459900199003070189,韦一,6217000000000000004,60.00,3,180.00,低保\n\
    H002,覃二,,覃二,6217000000000000012,60.00,1.5,90.00,低保\n";

#[test]
fn a_good_list_has_no_findings_and_its_file_keeps_every_digit() {
    let rows = list(LIST);
    assert_eq!(check(&rows, Some("270.00".parse().unwrap()), &Known::default(), day("2026-03-01")), []);
    assert_eq!((rows[1].quantity_milli, rows[1].row), (Some(1500), 2));
    let layout = Layout::parse("序号=row,收款账号=account,收款户名=account_name,实发=amount").unwrap();
    assert_eq!(Layout::parse(&layout.text()), Ok(layout.clone()));
    let mut out = Vec::new();
    write_csv(&layout.sheet("代发", &rows), &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(text.contains("1,6217000000000000004,韦一,180.00\r\n"), "{text}");
    assert!(text.ends_with("合计,,,270.00\r\n"), "{text}");
    assert_eq!(Layout::parse("序号=row").unwrap_err().refusal().code, "Y-105");
    assert_eq!(Layout::parse("账号=acount,金额=amount").unwrap_err().refusal().code, "Y-105");
}

#[test]
fn each_fault_is_found() {
    let found = |change: &dyn Fn(&mut Vec<PayRow>), payees: &HashMap<String, Payee>| -> Vec<(i64, bool)> {
        let mut rows = list(LIST);
        change(&mut rows);
        let known = Known { payees: payees.clone(), ..Known::default() };
        check(&rows, Some("270.00".parse().unwrap()), &known, day("2026-03-01")).iter().map(|f| (f.row, f.blocks)).collect()
    };
    let none = HashMap::new();
    assert_eq!(found(&|rows| rows[0].amount = Amount::from_fen(18_001), &none), [(0, true), (1, true)]);
    assert_eq!(found(&|rows| rows[1].party = "H001".into(), &none), [(2, true)]);
    assert_eq!(found(&|rows| rows[1].account = rows[0].account.clone(), &none), [(2, false)]);
    assert_eq!(found(&|rows| rows[1].account.clear(), &none), [(2, true)]);
    assert_eq!(found(&|rows| rows[1].account_name = "覃三".into(), &none), [(2, false)]);
    assert_eq!(found(&|rows| rows[0].id_number = "459900199003070180".into(), &none), [(1, true)]);
    let payee = |change: &dyn Fn(&mut Payee)| {
        let mut payee = Payee { party: "H001".into(), ..Payee::default() };
        change(&mut payee);
        HashMap::from([("H001".to_owned(), payee)])
    };
    let keep = |_: &mut Vec<PayRow>| ();
    assert_eq!(found(&keep, &payee(&|p| p.died_on = Some(day("2026-02-01")))), [(1, false)]);
    assert_eq!(found(&keep, &payee(&|p| p.died_on = Some(day("2026-04-01")))), []);
    assert_eq!(found(&keep, &payee(&|p| p.moved_out_on = Some(day("2026-02-01")))), [(1, false)]);
    assert_eq!(found(&keep, &payee(&|p| p.last_paid = Some(("6217000000000000999".into(), "韦一".into())))), [(1, false)]);
}

#[test]
fn answers_of_banks_are_read_or_refused() {
    let read = |text: &str| read_results(text.as_bytes(), &ImportOptions::default()).unwrap();
    let rows =
        read("序号,账号,金额,状态,失败原因\n1,6217000000000000004,180.00,成功,\n2,6217000000000000012,90.00,失败,户名不符\n")
            .whole()
            .unwrap();
    assert_eq!((rows[0].paid, rows[1].paid, rows[1].reason.as_str()), (true, false, "户名不符"));
    let unknown = read("序号,状态\n1,处理中\n").whole().unwrap_err();
    assert_eq!(unknown.refusal().code, "Y-307");
    let payees = read_payees("编号,姓名,账号,迁出日期\nH1,韦一,0012,2026-01-01\n".as_bytes(), &ImportOptions::default()).unwrap();
    let payees = payees.whole().unwrap();
    assert_eq!(
        (payees[0].account.as_str(), payees[0].account_name.as_str(), payees[0].moved_out_on),
        ("0012", "韦一", Some(day("2026-01-01")))
    );
}

#[test]
fn what_a_row_settles_is_read_or_named() {
    let rows = list("编号,金额,冲销科目\nH1,100.00,221=60.00;222=40.00\nH2,5.00,\n");
    let parts: Vec<String> = rows[0].against.iter().map(|(account, amount)| format!("{account} {amount}")).collect();
    assert_eq!((parts, rows[1].against.len()), (vec!["221 60.00".to_owned(), "222 40.00".to_owned()], 0));
    for text in ["盈余", "221", "221=", "221=-1.00", "=1.00"] {
        let read = read_list(format!("编号,金额,冲销科目\nH1,1.00,{text}\n").as_bytes(), &ImportOptions::default()).unwrap();
        assert_eq!(read.problems.iter().map(|problem| problem.code.as_str()).collect::<Vec<_>>(), ["Y-106"], "{text}");
    }
}

#[test]
fn quantities_and_words() {
    for text in ["1", "1.5", "0.001", "12"] {
        assert_eq!(milli(read_milli(text).unwrap()), text);
    }
    assert_eq!((read_milli("1.0001"), read_milli("-1"), read_milli("")), (None, None, None));
    assert_eq!(RowState::parse("已退回"), Some(RowState::Returned));
}

#[test]
fn the_household_register_has_its_say() {
    let found = |change: &dyn Fn(&mut Registered)| -> Vec<String> {
        let mut registered = Registered {
            name: "韦一".into(),
            id_number: "459900199003070189".into(),
            account: Some("6217000000000000004".into()),
            ..Registered::default()
        };
        change(&mut registered);
        let registered = HashMap::from([("H001".to_owned(), registered)]);
        let known = Known { registered, ..Known::default() };
        check(&list(LIST), None, &known, day("2026-03-01")).into_iter().map(|f| f.what).collect()
    };
    assert_eq!(found(&|_| {}), [""; 0]);
    assert_eq!(found(&|r| r.account = None), [""; 0], "no account is registered");
    assert!(found(&|r| r.name = "韦二".into())[0].contains("户主"));
    assert!(found(&|r| r.account = Some("6217000000000000046".into()))[0].contains("一卡通"));
    assert!(found(&|r| r.died_on = Some(day("2026-02-28")))[0].contains("死亡"));
    assert_eq!(found(&|r| r.died_on = Some(day("2026-03-02"))), [""; 0]);
    assert!(found(&|r| r.moved_out_on = Some(day("2026-03-01")))[0].contains("迁出"));
    assert!(found(&|r| r.gone_on = Some(day("2026-01-01")))[0].contains("迁出"));
}
