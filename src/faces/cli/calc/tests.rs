//! The calculators as scripts call them: arguments in, contract JSON out.

use clap::Parser;
use serde_json::{Value, json};

use super::*;

#[derive(Parser)]
struct Line {
    #[command(subcommand)]
    command: CalcCommand,
}

fn run_line(line: &str, format: CalcFormat) -> Result<String, Refusal> {
    let line =
        Line::try_parse_from(["calc"].into_iter().chain(line.split_whitespace())).unwrap_or_else(|why| panic!("{line}: {why}"));
    run(line.command, format, "2026-10-31".parse().unwrap())
}

fn text(line: &str) -> String {
    run_line(line, CalcFormat::Text).unwrap()
}

fn answer(line: &str) -> Value {
    serde_json::from_str(&run_line(line, CalcFormat::Json).unwrap()).unwrap()
}

fn refused(line: &str) -> String {
    run_line(line, CalcFormat::Json).unwrap_err().code
}

#[test]
fn capitals_both_ways() {
    assert_eq!(text("capitals 1005.03"), "壹仟零伍元零叁分");
    assert_eq!(text("capitals 人民币壹仟零伍圆零叁分"), "1005.03");
    assert_eq!(text("capitals -200"), "负贰佰元整");
    assert_eq!(text("capitals 5万元"), "伍万元整");
    assert_eq!(text("capitals 1000000000000"), "壹万亿元整", "a row of the table, and beyond any book");
    assert_eq!(text("capitals 壹万亿元整"), "1000000000000.00");
    assert_eq!(refused("capitals 100000000000000000"), "A-104");
    assert_eq!(answer("capitals 1005.03"), json!({"amount": "1005.03", "capitals": "壹仟零伍元零叁分"}));
    assert_eq!(refused("capitals 拾元整"), "A-203");
    assert_eq!(refused("capitals 一百元整"), "A-202");
    assert_eq!(refused("capitals abc"), "A-102");
}

#[test]
fn numbers_are_checked() {
    let id = answer("check resident-id 45990019900307018９");
    assert_eq!((&id["ok"], &id["value"], &id["born_on"]), (&json!(true), &json!("459900199003070189"), &json!("1990-03-07")));
    assert_eq!(refused("check resident-id 451226190001010017"), "I-104");
    assert_eq!(answer("check credit-code N2451226MF0000013N")["kind"], "村级集体经济组织");
    assert_eq!(refused("check credit-code N2451226MF0000013M"), "I-203");
    assert!(text("check bank-card 6217000000000000004").starts_with("有效 6217000000000000004"));
    assert_eq!(refused("check bank-card 6.217E+18"), "I-501");
    assert_eq!(answer("check division-code 451226")["value"], "451226000000");
    assert_eq!(refused("check division-code 451226000201"), "I-402");
}

#[test]
fn pools_are_split() {
    let nothing = json!(["0.00", "0.00", "0.00"]);
    assert_eq!(
        answer("split --pool 10000.00 --weights 1,1,1"),
        json!({"parts": ["3333.34", "3333.33", "3333.33"], "floor_paid": nothing, "shortfall": nothing})
    );
    assert_eq!(answer("split --pool 10.00 --weights 0.5,1.50")["parts"], json!(["2.50", "7.50"]));
    let floored = answer("split --pool 26000 --weights 1,1,1,7 --floor 4000,4000,4000,0");
    assert_eq!(floored["parts"], json!(["5400.00", "5400.00", "5400.00", "9800.00"]));
    assert_eq!(floored["shortfall"], json!(["0.00", "0.00", "0.00", "0.00"]));
    let short = answer("split --pool 6000 --weights 1,1,1,7 --floor 4000.00,4000.00,0,0");
    assert_eq!(short["floor_paid"], json!(["3000.00", "3000.00", "0.00", "0.00"]));
    assert_eq!(short["shortfall"], json!(["1000.00", "1000.00", "0.00", "0.00"]));
    assert_eq!(text("split --pool 1 --weights 1,1"), "0.50\n0.50");
    assert_eq!(refused("split --pool 1 --weights 1,-1"), "A-402");
    assert_eq!(refused("split --pool 1 --weights 1,x"), "A-411");
    assert_eq!(refused("split --pool 1 --weights 0,0"), "A-401");
    assert_eq!(refused("split --pool 1 --weights 1,1 --floor 1"), "A-404");
}

#[test]
fn answers_are_tables_where_a_table_is_asked_for() {
    let table = |line: &str| {
        let line = Line::try_parse_from(["calc"].into_iter().chain(line.split_whitespace())).unwrap();
        let reply = super::answer(line.command, Format::Csv, "2026-10-31".parse().unwrap()).unwrap();
        let mut bytes = Vec::new();
        crate::exchange::write_csv(&reply.sheets[0], &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap().trim_start_matches('\u{feff}').replace("\r\n", "\n")
    };
    let schedule = table("interest --principal 50000 --rate 4.35 --from 2017-03-15 --to 2017-06-25");
    assert!(
        schedule.starts_with("期次,起息日,计息至,应还日,天数,期初本金,提前还本,应还本金,利息,期末本金\n1,2017-03-15,"),
        "{schedule}"
    );
    assert!(schedule.lines().last().unwrap().starts_with("合计,,,,,,,,616."), "{schedule}");
    let subsidy = table("subsidy --principal 50000 --rate 4.75 --from 2018-05-08 --to 2021-05-08 --cap 4.35");
    assert!(subsidy.ends_with("合计,,,,,7230.55,6621.64,608.91\n"), "{subsidy}");
    let penalty = table("penalty --principal 50000 --rate 4.35 --from 2020-05-10 --to 2020-08-05");
    assert!(penalty.ends_with("合计,,,,,788.44\n"), "{penalty}");
    assert_eq!(table("split --pool 1 --weights 1,1"), "序号,各份,已付保底,保底不足\n1,0.50,0.00,0.00\n2,0.50,0.00,0.00\n");
    assert_eq!(table("loss --amount 10 --shares fund=70,bank=30"), "项目,内容\nbank,3.00\nfund,7.00\n");
    assert_eq!(table("capitals 15"), "项目,内容\n金额,15.00\n大写,壹拾伍元整\n");
}

#[test]
fn losses_are_shared() {
    let shared = answer("loss --amount 50812.35 --shares fund=70,bank=30");
    assert_eq!(shared, json!({"parts": {"fund": "35568.65", "bank": "15243.70"}}));
    assert_eq!(text("loss --amount 10000.01 --shares fund=80,bank=20"), "fund 8000.01\nbank 2000.00");
    assert_eq!(refused("loss --amount 1 --shares fund=70,bank=20"), "A-407");
    assert_eq!(refused("loss --amount 1 --shares 70,30"), "A-412");
    assert_eq!(refused("loss --amount 1 --shares a=50,a=50"), "A-413");
}

#[test]
fn interest_penalty_and_subsidy() {
    let loan = "--principal 50000.00 --rate 4.35 --from 2017-03-15 --to 2020-03-15";
    let schedule = answer(&format!("interest {loan}"));
    assert_eq!(schedule["total_interest"], "6621.64");
    assert_eq!(
        schedule["rows"][0],
        json!({"n": 1, "start": "2017-03-15", "interest_through": "2017-03-20", "due": "2017-03-21", "days": 6,
               "opening": "50000.00", "principal_repaid_early": "0.00", "principal_due": "0.00", "interest": "36.25", "closing": "50000.00"})
    );
    assert!(text(&format!("interest {loan}")).ends_with("利息合计 6,621.64"));
    let steps =
        "--principal 50000 --rate 3.85 --from 2021-07-01 --to 2024-07-01 --rate-from 2022-07-01=3.70 --rate-from 2023-07-01=3.55";
    assert_eq!(answer(&format!("interest {steps}"))["total_interest"], "5632.01");
    let early =
        "--principal 50000 --rate 3.85 --from 2021-09-01 --to 2022-09-01 --repay 2022-02-10=20000 --repay 2022-05-20=5000";
    assert_eq!(answer(&format!("interest {early}"))["total_interest"], "1461.93");
    let in_full = answer("interest --principal 50000 --rate 4.35 --from 2017-03-15 --to 2018-03-15 --repay 2017-06-21=50000");
    let rows = in_full["rows"].as_array().unwrap();
    assert_eq!((rows.len(), &rows[1]["principal_repaid_early"], &rows[1]["closing"]), (2, &json!("50000.00"), &json!("0.00")));
    let month = "interest --principal 50000 --rate 4.35 --from 2017-01-15 --to 2017-02-15 --day-count 30/360";
    assert_eq!(answer(month)["total_interest"], "181.25");
    assert_eq!(answer(&format!("{month} --rate-from 2017-01-31=4.35"))["total_interest"], "181.25");
    let penalty = answer("penalty --principal 50000 --rate 4.35 --multiple 1.5 --from 2020-05-10 --to 2020-08-05");
    assert_eq!((&penalty["total"], &penalty["rows"][0]["penalty_interest"]), (&json!("788.44"), &json!("380.63")));
    let subsidy = answer("subsidy --principal 50000 --rate 4.75 --from 2018-05-08 --to 2021-05-08 --cap 4.35");
    assert_eq!(subsidy["totals"], json!({"interest": "7230.55", "fiscal_subsidy": "6621.64", "borrower": "608.91"}));
    for (loan, share, borne) in
        [("12000 --rate 3.85", "0.3", "35.04"), ("10000 --rate 4.35", "0.6", "65.98"), ("30000 --rate 3.1", "0.3", "70.53")]
    {
        let shared = format!("subsidy --principal {loan} --from 2023-09-21 --to 2023-12-21 --share {share}");
        assert_eq!(answer(&shared)["totals"]["fiscal_subsidy"], borne, "{shared}");
    }
    assert_eq!(refused("interest --principal 50000 --rate 4.35 --from 2020-03-15 --to 2017-03-15"), "M-202");
    assert_eq!(refused("interest --principal 50000 --rate 4.35 --from 2020-02-30 --to 2021-03-15"), "P-211");
    assert_eq!(refused(&format!("interest {loan} --day-count actual/364")), "P-201");
    assert_eq!(refused(&format!("penalty {loan} --multiple x")), "P-213");
    assert_eq!(refused(&format!("subsidy {loan} --share 2")), "M-208");
}
