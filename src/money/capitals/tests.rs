//! Cases for amounts in capital characters: every row of `domain/validation.md` §5, refusals,
//! and the round trip.

use proptest::prelude::*;

use super::*;

/// Amount, canonical text, other legal texts.
const ROWS: [(&str, &str, &[&str]); 33] = [
    ("0.00", "零元整", &[]),
    ("0.05", "伍分", &[]),
    ("0.5", "伍角整", &["伍角"]),
    ("0.56", "伍角陆分", &[]),
    ("10", "壹拾元整", &["壹拾圆整", "壹拾元正", "人民币壹拾圆正", "人民币：壹拾元整", " 壹拾圓整 "]),
    ("10.01", "壹拾元零壹分", &[]),
    ("10.50", "壹拾元零伍角整", &["壹拾元伍角整", "壹拾元伍角", "壹拾元零伍角"]),
    ("15", "壹拾伍元整", &[]),
    ("325.04", "叁佰贰拾伍元零肆分", &[]),
    ("1005.03", "壹仟零伍元零叁分", &[]),
    ("1010", "壹仟零壹拾元整", &[]),
    ("1409.50", "壹仟肆佰零玖元伍角整", &["壹仟肆佰零玖元伍角"]),
    ("1680.32", "壹仟陆佰捌拾元零叁角贰分", &["壹仟陆佰捌拾元叁角贰分"]),
    ("4000", "肆仟元整", &[]),
    ("6007.14", "陆仟零柒元壹角肆分", &[]),
    ("16409.02", "壹万陆仟肆佰零玖元零贰分", &["壹萬陸仟肆佰零玖圓零貳分"]),
    ("20020.20", "贰万零贰拾元零贰角整", &[]),
    ("30010.05", "叁万零壹拾元零伍分", &[]),
    ("50000", "伍万元整", &[]),
    ("100000", "壹拾万元整", &[]),
    ("100010", "壹拾万零壹拾元整", &[]),
    ("107000.53", "壹拾万柒仟元零伍角叁分", &["壹拾万零柒仟元伍角叁分"]),
    ("10002000", "壹仟万贰仟元整", &["壹仟万零贰仟元整"]),
    ("10010000.10", "壹仟零壹万元零壹角整", &["壹仟零壹万元壹角整"]),
    ("10000000.01", "壹仟万元零壹分", &[]),
    ("99999999.99", "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分", &[]),
    ("100000000", "壹亿元整", &[]),
    ("100000001", "壹亿零壹元整", &[]),
    ("249000000", "贰亿肆仟玖佰万元整", &[]),
    ("1000010000", "壹拾亿零壹万元整", &[]),
    ("1000000010.10", "壹拾亿零壹拾元零壹角整", &["壹拾亿零壹拾元壹角整"]),
    ("100002000", "壹亿零贰仟元整", &["壹亿贰仟元整"]),
    ("-200", "负贰佰元整", &["人民币负贰佰圆整"]),
];

#[test]
fn every_row_is_written_and_read() {
    for (digits, canonical, others) in ROWS {
        let amount = Amount::parse(digits).unwrap();
        assert_eq!(to_capitals(amount), canonical, "{digits}");
        for text in others.iter().chain([&canonical]) {
            assert_eq!(parse_capitals(text), Ok(amount), "{text}");
        }
    }
}

#[test]
fn a_million_million_and_more() {
    for (yuan, text) in [
        (1_000_000_000_000, "壹万亿元整"),
        (1_000_000_000_005, "壹万亿零伍元整"),
        (1_000_100_000_000, "壹万零壹亿元整"),
        (1_500_000_000_000, "壹万伍仟亿元整"),
        (9_999_999_999_999, "玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元整"),
    ] {
        assert_eq!(to_capitals(Amount::from_yuan(yuan)), text);
        assert_eq!(parse_capitals(text), Ok(Amount::from_yuan(yuan)));
    }
    for fen in [i64::MAX, i64::MIN] {
        assert_eq!(parse_capitals(&to_capitals(Amount::from_fen(fen))), Ok(Amount::from_fen(fen)));
    }
}

#[test]
fn illegal_texts_are_refused_with_their_reason() {
    for (text, code) in [
        ("", "A-201"),
        ("人民币", "A-201"),
        ("一百元整", "A-202"),
        ("壹百元整", "A-202"),
        ("壹拾伍块整", "A-202"),
        ("1000元整", "A-202"),
        ("〇元整", "A-202"),
        ("拾元整", "A-203"),
        ("拾伍元整", "A-203"),
        ("仟元整", "A-203"),
        ("壹万佰元整", "A-203"),
        ("万元整", "A-203"),
        ("亿元整", "A-203"),
        ("壹元角", "A-203"),
        ("壹贰元整", "A-204"),
        ("壹仟", "A-204"),
        ("壹仟零伍", "A-204"),
        ("伍", "A-204"),
        ("壹元伍", "A-204"),
        ("壹佰壹仟元整", "A-205"),
        ("壹元贰分叁角", "A-205"),
        ("贰分叁角", "A-205"),
        ("壹万壹亿元整", "A-208"),
        ("壹角壹元整", "A-205"),
        ("壹元贰元整", "A-205"),
        ("壹仟零零伍元整", "A-206"),
        ("壹拾元零零壹分", "A-206"),
        ("伍分整", "A-207"),
        ("壹元贰角叁分整", "A-207"),
        ("伍万元", "A-207"),
        ("零元", "A-207"),
        ("壹仟伍元整", "A-208"),
        ("壹拾元壹分", "A-208"),
        ("壹万壹佰元整", "A-208"),
        ("壹万零陆仟元整", "A-208"),
        ("壹元零伍角整", "A-208"),
        ("壹拾零元整", "A-208"),
        ("零壹拾元整", "A-208"),
        ("零伍分", "A-208"),
        ("零元伍角整", "A-208"),
        ("负零元整", "A-208"),
        ("整", "A-204"),
        ("玖万亿亿亿元整", "A-209"),
    ] {
        assert_eq!(parse_capitals(text).map_err(|why| why.refusal().code), Err(code.to_owned()), "{text}");
    }
}

#[test]
fn a_text_without_end_is_refused() {
    let endless = "亿".repeat(1_000_000);
    assert!(matches!(
        parse_capitals(&endless),
        Err(CapitalsRefusal::MissingUnit { .. } | CapitalsRefusal::CapitalsTooLarge { .. })
    ));
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(fen in any::<i64>()) {
        let amount = Amount::from_fen(fen);
        prop_assert_eq!(parse_capitals(&to_capitals(amount)), Ok(amount));
    }

    #[test]
    fn round_trip_within_a_book(fen in -99_999_999_999_999_i64..=99_999_999_999_999) {
        let text = to_capitals(Amount::from_fen(fen));
        prop_assert!(!text.contains("零零"));
        prop_assert_eq!(parse_capitals(&text), Ok(Amount::from_fen(fen)));
    }

    #[test]
    fn amounts_full_of_zeros(parts in proptest::collection::vec((0_u32..15, 1_i64..10), 1..4)) {
        let fen = parts.iter().map(|(place, digit)| digit * 10_i64.pow(*place)).sum();
        prop_assert_eq!(parse_capitals(&to_capitals(Amount::from_fen(fen))), Ok(Amount::from_fen(fen)));
    }

    #[test]
    fn no_text_makes_the_reader_fail(text in "[零壹贰玖拾佰仟万亿元角分整负圆一1]{0,12}") {
        if let Ok(amount) = parse_capitals(&text) {
            prop_assert_eq!(parse_capitals(&to_capitals(amount)), Ok(amount));
        }
    }
}
