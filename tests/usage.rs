//! Commands typed wrongly: what is missing, in Chinese first, with an example, and in English after it; exit code 2.

mod support;

use support::process::run;

/// What is wrong with a command is said in Chinese first, with the argument's name and an example, and in English after it.
#[test]
fn a_command_that_lacks_something_says_what_and_gives_an_example() {
    for (typed, zh, en) in [
        (
            "notice list",
            "用法不对:缺少 --book <BOOK>(账套编号)\n例:cunzhang notice list --book V001\n说明:cunzhang notice list --help\n",
            "error: the following required arguments were not provided:\n  --book <BOOK>",
        ),
        (
            "--as county report ledger --book V001",
            "缺少 --period <YYYY-MM>(会计期间)\n例:cunzhang report ledger --book V001 --period 2026-10\n",
            "Usage: cunzhang report ledger",
        ),
        ("household import", "例:cunzhang household import 文件.xlsx\n", "error: the following required"),
        ("book lst", "没有“lst”这个命令\n可用的:add、list、", "tip: a similar subcommand exists: 'list'"),
        ("voucher list --bogus 1", "没有“--bogus”这一项\n可用的:--book、", "error: unexpected argument"),
        ("voucher list --book V1 --period abc", "(会计期间) 填的“abc”不对:[P-101]", "error: invalid value 'abc'"),
        ("--format doc book list", "--format <FORMAT> 填的“doc”不对\n可用的:text、json、", "[possible values: text"),
        (
            "report trial-balance --book V1 --period 2026-01 --level 1 --dimension party",
            "(科目级次) 不能与 --dimension <DIMENSION>(按辅助核算列出) 一起写",
            "cannot be used with",
        ),
        (
            "book list --format hledger",
            "用法不对:命令不能这样写\n",
            "error: hledger、ledger、beancount 格式只用于 export journal",
        ),
    ] {
        let said = run(typed.split(' ')).ended_with(2).stderr;
        let (first, second) = (said.find(zh), said.find(en));
        assert!(first.is_some() && second.is_some() && first < second, "{typed}: {said}");
        assert!(!said.contains("For more information"), "{said}");
    }
    assert!(run(["notice", "list", "--help"]).done().contains("Usage: cunzhang notice list"));
}
